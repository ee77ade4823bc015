"""WebP (RFC 9649): RIFF chunks. Kept are those that draw, the colour profile, animation, and the orientation."""

import struct

from chalicelib.attachments.pictures.orientation import UPRIGHT, as_shown, orientation_in, tiff_of
from chalicelib.attachments.pictures.picture import Damaged, Picture, few_enough

_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_DRAWS = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
_HEAD = 10
"""Bytes in which each of the three headers has its size."""


def cleaned(content: bytes) -> Picture:
    """Raises Damaged."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise Damaged("no WebP")
    chunks = _chunks(content)
    kept = [(name, body) for name, body in chunks if name in _KEPT]
    if not kept or not any(name in _DRAWS for name, _ in kept):
        raise Damaged("a WebP without a picture")
    exif = next((body for name, body in chunks if name == b"EXIF"), b"")
    orientation = orientation_in(exif.removeprefix(b"Exif\0\0"))
    size = _size(*kept[0])
    if kept[0][0] == b"VP8X":
        turned = orientation != UPRIGHT
        flags = kept[0][1][0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if turned else 0)
        kept[0] = (b"VP8X", bytes((flags,)) + kept[0][1][1:])
        kept += [(b"EXIF", tiff_of(orientation))] if turned else []
    else:
        orientation = UPRIGHT
    body = b"WEBP" + b"".join(_written(name, body) for name, body in kept)
    width, height = as_shown(*size, orientation)
    return Picture(b"RIFF" + struct.pack("<I", len(body)) + body, width, height)


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Those that the file counts as its own; what follows them is not read."""
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content) + 1:
        raise Damaged("a WebP that is cut short")
    found, at = [], 12
    while at + 8 <= end:
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + length]
        if len(body) < length:
            raise Damaged("a chunk that is cut short")
        found.append((content[at : at + 4], body))
        few_enough(len(found))
        at += 8 + length + length % 2
    return found


def _size(name: bytes, body: bytes) -> tuple[int, int]:
    if len(body) < _HEAD:
        raise Damaged("a header that is cut short")
    if name == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if name == b"VP8L" and body[0] == 0x2F:  # noqa: PLR2004  # its signature
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    raise Damaged("a header that says no size")


def _written(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
