"""Pictures that tell nothing of their makers, and still look the same."""

import struct

import pytest

from chalicelib.attachments.pictures import gif, jpeg, png, webp
from chalicelib.attachments.pictures.orientation import orientation_in, tiff_of
from chalicelib.attachments.pictures.picture import Damaged
from tests import media
from tests.media import ANIMATED, CANARY, JPEG, LOSSLESS, LOSSY, PROGRESSIVE

CLEANED = {
    "jpeg": (jpeg.cleaned, media.phones_jpeg()),
    "jpeg, progressive": (jpeg.cleaned, media.phones_jpeg(drawn=PROGRESSIVE)),
    "png": (png.cleaned, media.phones_png(6)),
    "webp": (webp.cleaned, media.phones_webp()),
    "webp, lossy": (webp.cleaned, LOSSY),
    "webp, lossless": (webp.cleaned, LOSSLESS),
    "gif": (gif.cleaned, ANIMATED),
}


@pytest.mark.parametrize(("clean", "content"), CLEANED.values(), ids=CLEANED)
def test_nothing_is_left_of_where_it_was_taken_and_by_whom(clean, content) -> None:
    cleaned = clean(content).content

    assert CANARY not in cleaned
    assert b"SECRET" not in cleaned
    assert b"ns.adobe.com" not in cleaned


@pytest.mark.parametrize(("clean", "content"), CLEANED.values(), ids=CLEANED)
def test_what_is_clean_stays_as_it_is(clean, content) -> None:
    once = clean(content)

    assert clean(once.content) == once


@pytest.mark.parametrize(("clean", "content"), CLEANED.values(), ids=CLEANED)
def test_a_picture_that_is_cut_short_anywhere_is_damaged_or_whole_but_never_a_crash(clean, content) -> None:
    whole = clean(content)
    for length in range(len(content)):
        try:
            part = clean(content[:length])
        except Damaged:
            continue
        assert (part.width, part.height) == (whole.width, whole.height)
        assert CANARY not in part.content


@pytest.mark.parametrize(("clean", "content"), CLEANED.values(), ids=CLEANED)
def test_a_picture_with_any_byte_changed_is_no_crash(clean, content) -> None:
    for at in range(len(content)):
        for byte in (0, 0x7F, 0xFF):
            try:
                clean(content[:at] + bytes((byte,)) + content[at + 1 :])
            except Damaged:
                continue


# what draws is kept, to the byte


@pytest.mark.parametrize("drawn", [JPEG, PROGRESSIVE])
def test_a_jpeg_keeps_all_that_draws_it(drawn: bytes) -> None:
    cleaned = jpeg.cleaned(media.phones_jpeg(orientation=1, drawn=drawn)).content

    assert cleaned == drawn[:2] + media.segment(0xE2, b"ICC_PROFILE\0\1\1colours") + drawn[2:]


def test_a_jpegs_own_small_picture_goes_since_it_shows_what_was_cut_off() -> None:
    small = media.segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1" + CANARY)

    cleaned = jpeg.cleaned(JPEG[:2] + small + JPEG[20:]).content

    assert cleaned == JPEG


def test_a_jpeg_may_have_bytes_of_padding_before_its_markers() -> None:
    padded = JPEG[:2] + b"\xff\xff\xff" + JPEG[2:]

    assert jpeg.cleaned(padded).content == JPEG


def test_a_png_keeps_its_pixels_and_colours() -> None:
    cleaned = png.cleaned(media.phones_png()).content

    assert cleaned == media.png(8, 6, (b"gAMA", b"\0\0\xb1\x8f"))


def test_a_webp_keeps_its_pixels_and_colours() -> None:
    cleaned = webp.cleaned(media.phones_webp(orientation=1)).content

    size = struct.pack("<I", 7)[:3] + struct.pack("<I", 5)[:3]
    assert cleaned == media.riff(
        (b"VP8X", bytes((0x20, 0, 0, 0)) + size), (b"ICCP", b"colours"), (b"VP8 ", LOSSY[20:])
    )


def test_a_gif_goes_on_playing() -> None:
    cleaned = gif.cleaned(ANIMATED).content

    assert cleaned == ANIMATED.replace(b"\x21\xfe\x06SECRET\0", b"")


def test_a_gif_may_lack_its_last_byte() -> None:
    assert gif.cleaned(ANIMATED[:-1]) == gif.cleaned(ANIMATED)


# size, and which way up


@pytest.mark.parametrize(("clean", "content"), CLEANED.values(), ids=CLEANED)
def test_the_size_is_that_of_the_picture_as_it_is_shown(clean, content) -> None:
    picture = clean(content)

    turned = "Exif" in str(content) or b"eXIf" in content or b"EXIF" in content
    assert (picture.width, picture.height) == ((6, 8) if turned else (8, 6))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_lies_as_its_maker_held_it(orientation: int, order: str) -> None:
    cleaned = jpeg.cleaned(media.phones_jpeg(orientation, order))

    kept = cleaned.content.partition(b"Exif\0\0")[2]
    assert orientation_in(kept) == orientation
    assert (b"Exif" in cleaned.content) == (orientation != 1)
    assert (cleaned.width, cleaned.height) == ((6, 8) if orientation > 4 else (8, 6))


def test_a_turned_png_and_webp_say_so_in_their_own_ways() -> None:
    assert media.chunk(b"eXIf", tiff_of(8)) in png.cleaned(media.phones_png(8)).content
    turned = webp.cleaned(media.phones_webp(3)).content
    assert b"EXIF" + struct.pack("<I", len(tiff_of(3))) + tiff_of(3) in turned
    assert turned[20] & 0x08


@pytest.mark.parametrize("said", [0, 9, 65_535])
def test_an_orientation_that_is_none_counts_as_upright(said: int) -> None:
    assert orientation_in(media.exif(said)) == 1


@pytest.mark.parametrize("tiff", [b"", b"MM\0*", b"XX\0*" + bytes(30), b"MM\0*\xff\xff\xff\xff" + bytes(20)])
def test_exif_that_makes_no_sense_counts_as_upright(tiff: bytes) -> None:
    assert orientation_in(tiff) == 1


# what is none


@pytest.mark.parametrize(
    "size", [(0, 6), (8, 0), (16_385, 1), (1, 16_385), (16_000, 16_000), (2**31 - 1, 2**31 - 1)]
)
def test_a_picture_that_nothing_could_draw_is_damaged(size: tuple[int, int]) -> None:
    with pytest.raises(Damaged):
        png.cleaned(media.png(*size))


@pytest.mark.parametrize("clean", [jpeg.cleaned, png.cleaned, webp.cleaned, gif.cleaned])
@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", JPEG[:4], media.png()[:8], LOSSY[:12], media.SVG, media.HTML, media.PDF]
)
def test_what_is_no_picture_is_damaged(clean, content: bytes) -> None:
    with pytest.raises(Damaged):
        clean(content)


def test_a_picture_without_anything_to_draw_is_damaged() -> None:
    with pytest.raises(Damaged):
        png.cleaned(media.png().replace(b"IDAT", b"teXt"))
    with pytest.raises(Damaged):
        jpeg.cleaned(JPEG[: JPEG.index(b"\xff\xda")] + b"\xff\xd9")
    with pytest.raises(Damaged):
        webp.cleaned(media.riff((b"VP8X", bytes(10)), (b"EXIF", media.exif())))
    with pytest.raises(Damaged):
        gif.cleaned(ANIMATED[:25] + b";")


def test_a_part_that_must_be_understood_and_is_not_known_is_refused() -> None:
    with pytest.raises(Damaged):
        png.cleaned(media.png(8, 6, (b"EVIL", b"x")))


@pytest.mark.parametrize("kind", ["jpeg", "png", "gif", "webp"])
def test_a_picture_of_millions_of_tiny_parts_is_none(kind: str) -> None:
    """It would only cost whoever reads it."""
    parts = {
        "jpeg": b"\xff\xd8" + b"\xff\xfe\x00\x02" * 60_000,
        "png": png.SIGNATURE + (struct.pack(">I", 0) + b"tEXt" + bytes(4)) * 60_000,
        "gif": b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + b"\x21\xfe" + b"\x01x" * 60_000 + b"\x00",
        "webp": b"RIFF" + struct.pack("<I", 8 * 60_000 + 4) + b"WEBP" + b"XXXX\x00\x00\x00\x00" * 60_000,
    }

    with pytest.raises(Damaged, match="too many parts"):
        {"jpeg": jpeg, "png": png, "gif": gif, "webp": webp}[kind].cleaned(parts[kind])
