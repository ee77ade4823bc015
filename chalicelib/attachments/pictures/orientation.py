"""The one thing of a picture's Exif data that is kept: which way up it is. Without it phones' pictures would lie on their side.

Exif 2.3 is TIFF 6.0 inside: a byte order, then entries of twelve bytes.
"""

import struct

UPRIGHT = 1
_TAG = 0x0112
_SHORT = 3
_SIDEWAYS = frozenset({5, 6, 7, 8})


def orientation_in(tiff: bytes) -> int:
    """1 to 8, as Exif counts; 1 where none is told, or nonsense."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:  # noqa: PLR2004  # a header and a count
        return UPRIGHT
    (first,) = struct.unpack_from(order + "I", tiff, 4)
    if first + 2 > len(tiff):
        return UPRIGHT
    (count,) = struct.unpack_from(order + "H", tiff, first)
    for entry in range(first + 2, min(first + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, entry)
        if (tag, kind) == (_TAG, _SHORT):
            return value if UPRIGHT <= value <= max(_SIDEWAYS) else UPRIGHT
    return UPRIGHT


def tiff_of(orientation: int) -> bytes:
    """Exif data that tell an orientation and nothing else."""
    return struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _TAG, _SHORT, 1, orientation, 0, 0)


def as_shown(width: int, height: int, orientation: int) -> tuple[int, int]:
    return (height, width) if orientation in _SIDEWAYS else (width, height)
