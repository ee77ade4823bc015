"""A picture as it may be kept."""

from dataclasses import dataclass

LONGEST_SIDE = 16_384
MOST_PIXELS = 100_000_000
"""What a browser still draws without falling over; a few kilobytes can claim a thousand times as much."""


MOST_PARTS = 50_000
"""Segments, chunks or blocks: a picture of 20 MB has some thousands; millions of tiny ones only cost whoever reads them."""


class Damaged(Exception):
    """The bytes begin like a picture and do not go on like one."""


def few_enough(parts: int) -> None:
    """Raises Damaged for what is made of more parts than any picture."""
    if parts > MOST_PARTS:
        raise Damaged("too many parts")


@dataclass(frozen=True)
class Picture:
    """The bytes, and the size in pixels as a browser shows it: turned where its orientation says so."""

    content: bytes
    width: int
    height: int

    def __post_init__(self) -> None:
        """Raises Damaged for a size that nothing could draw."""
        if not (0 < self.width <= LONGEST_SIDE and 0 < self.height <= LONGEST_SIDE):
            raise Damaged(f"{self.width} × {self.height} pixels")
        if self.width * self.height > MOST_PIXELS:
            raise Damaged(f"{self.width} × {self.height} pixels")
