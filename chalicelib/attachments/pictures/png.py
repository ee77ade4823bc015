"""PNG (ISO/IEC 15948): a row of chunks. Kept are those that draw, colours, animation, and the orientation."""

import struct
import zlib

from chalicelib.attachments.pictures.orientation import UPRIGHT, as_shown, orientation_in, tiff_of
from chalicelib.attachments.pictures.picture import Damaged, Picture, few_enough

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DRAWS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_KEPT = _DRAWS | {
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_HEADER = 13


def cleaned(content: bytes) -> Picture:
    """Raises Damaged."""
    if not content.startswith(SIGNATURE):
        raise Damaged("no PNG")
    kept: list[bytes] = []
    names: list[bytes] = []
    orientation, size, at = UPRIGHT, (0, 0), len(SIGNATURE)
    while not names or names[-1] != b"IEND":
        name, body, end = _chunk(content, at)
        if name == b"IHDR" and len(body) == _HEADER and not names:
            size = struct.unpack_from(">II", body)
        elif name[:1].isupper() and name not in _DRAWS:
            raise Damaged("a part that nobody knows how to draw")
        if name == b"eXIf":
            orientation = orientation_in(body)
        if name in _KEPT:
            kept.append(content[at:end])
        names.append(name)
        few_enough(len(names))
        at = end
    if names[0] != b"IHDR" or b"IDAT" not in names:
        raise Damaged("a PNG without a picture")
    if orientation != UPRIGHT:
        kept.insert(1, _written(b"eXIf", tiff_of(orientation)))
    width, height = as_shown(*size, orientation)
    return Picture(b"".join([SIGNATURE, *kept]), width, height)


def _chunk(content: bytes, at: int) -> tuple[bytes, bytes, int]:
    """Its name, its body, and where it ends."""
    length = int.from_bytes(content[at : at + 4], "big")
    end = at + 12 + length
    if end > len(content):
        raise Damaged("a chunk that is cut short")
    return content[at + 4 : at + 8], content[at + 8 : at + 8 + length], end


def _written(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
