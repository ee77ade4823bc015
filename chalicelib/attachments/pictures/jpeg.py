"""JPEG (ITU-T T.81): a row of segments, each with a marker. Kept are those that draw, the colour profile, and the orientation.

What follows the end goes too: phones append films and second pictures there.
"""

import re
import struct

from chalicelib.attachments.pictures.orientation import UPRIGHT, as_shown, orientation_in, tiff_of
from chalicelib.attachments.pictures.picture import Damaged, Picture, few_enough

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
_EXIF, _ICC = b"Exif\0\0", b"ICC_PROFILE\0"
_JFIF = re.compile(rb"JFIF\0.{7}", re.DOTALL)
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Within a scan FF is followed by 00 (a byte of its own), a restart, or another FF; anything else ends it."""


def cleaned(content: bytes) -> Picture:
    """Raises Damaged."""
    if content[:2] != b"\xff\xd8":
        raise Damaged("no JPEG")
    kept: list[bytes] = []
    size, drawn, orientation, at = None, False, UPRIGHT, 2
    while at < len(content):
        marker, at = _marker(content, at)
        if marker == EOI:
            break
        segment = _segment(content, at)
        at += len(segment)
        if marker == _APP1 and segment[2:8] == _EXIF:
            orientation = orientation_in(segment[8:])
        if marker in _FRAMES:
            size = size or _size(segment)
        kept.append(_kept(marker, segment))
        few_enough(len(kept))
        if marker == SOS:
            end = _END_OF_SCAN.search(content, at)
            kept.append(content[at : end.start() if end else len(content)])
            drawn, at = True, end.start() if end else len(content)
    if size is None or not drawn:
        raise Damaged("a JPEG without a picture")
    turned = _written(_APP1, _EXIF + tiff_of(orientation)) if orientation != UPRIGHT else b""
    width, height = as_shown(*size, orientation)
    return Picture(b"".join([b"\xff\xd8", turned, *kept, b"\xff\xd9"]), width, height)


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """The marker here, and where what belongs to it begins; it may be padded with FF."""
    start = at
    while content[at : at + 1] == b"\xff":
        at += 1
    if at == start or at >= len(content) or content[at] in (0, SOI):
        raise Damaged("no marker where one should be")
    return content[at], at + 1


def _segment(content: bytes, at: int) -> bytes:
    """With its two bytes of length."""
    length = int.from_bytes(content[at : at + 2], "big")
    segment = content[at : at + length]
    if length < 2 or len(segment) < length:  # noqa: PLR2004  # the length counts itself
        raise Damaged("a segment that is cut short")
    return segment


def _kept(marker: int, segment: bytes) -> bytes:
    if marker == _APP0:
        jfif = _JFIF.match(segment, 2)
        return (
            _written(_APP0, jfif[0] + b"\0\0") if jfif else b""
        )  # its own small picture shows what was cut off
    if marker == _APP2 and not segment.startswith(_ICC, 2):
        return b""
    if marker in _FRAMES | _TABLES | {SOS, _APP2, _ADOBE}:
        return bytes((0xFF, marker)) + segment
    return b""


def _size(frame: bytes) -> tuple[int, int]:
    if len(frame) < 7:  # noqa: PLR2004  # length, precision, height, width
        raise Damaged("a frame without a size")
    height, width = struct.unpack_from(">HH", frame, 3)
    return width, height


def _written(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
