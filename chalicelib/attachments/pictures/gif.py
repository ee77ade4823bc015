"""GIF 89a: a header, then blocks. Kept are pictures, their timing and how often they play; comments and XMP go."""

import struct

from chalicelib.attachments.pictures.picture import Damaged, Picture, few_enough

_TIMING, _APPLICATION = 0xF9, 0xFF
_PLAYS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_USUAL_BLOCK = 64
"""Bytes; programs write blocks of 255. Only smaller ones are counted against a picture."""
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def cleaned(content: bytes) -> Picture:
    """Raises Damaged."""
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        raise Damaged("no GIF")
    width, height, packed = struct.unpack_from("<HHB", _at_least(content, 0, 13), 6)
    at = 13 + _colours(packed)
    kept, drawn = [content[:at]], False
    while at < len(content) and (block := content[at]) != _TRAILER:  # old programs left the trailer out
        start = at
        if block == _IMAGE:
            drawn = True
            at = _after_blocks(content, at + 10 + _colours(_byte(content, at + 9)) + 1)
            kept.append(content[start:at])
        elif block == _EXTENSION:
            label = _byte(content, at + 1)
            plays = label == _APPLICATION and content[at + 3 : at + 14] in _PLAYS
            at = _after_blocks(content, at + 2)
            kept += [content[start:at]] if plays or label == _TIMING else []
        else:
            raise Damaged("a block that nobody knows")
    if not drawn:
        raise Damaged("a GIF without a picture")
    return Picture(b"".join([*kept, b"\x3b"]), width, height)


def _colours(packed: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    start, blocks = at, 0
    while length := _byte(content, at):
        at += 1 + length
        blocks += 1
        few_enough(blocks - (at - start) // _USUAL_BLOCK)
    return at + 1


def _byte(content: bytes, at: int) -> int:
    return _at_least(content, at, 1)[at]


def _at_least(content: bytes, at: int, count: int) -> bytes:
    if at + count > len(content):
        raise Damaged("a GIF that is cut short")
    return content
