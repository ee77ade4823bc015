"""Cursors: where a list goes on, opaque to whoever holds one, and worthless anywhere else."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from chalicelib.kit.errors import Invalid

T = TypeVar("T")


class BadCursor(Invalid):
    """The cursor was not made by this list."""


@dataclass(frozen=True)
class Slice(Generic[T]):
    """A page and, when there is more, the cursor of the next."""

    items: list[T]
    next_cursor: str | None = None


def to_cursor(position: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *names: str) -> dict[str, str]:
    """The position a cursor holds; it must have just the names asked for."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadCursor("This cursor is not one of this list's. Start again without a cursor.") from error
    if (
        not isinstance(position, dict)
        or set(position) != set(names)
        or not all(isinstance(v, str) for v in position.values())
    ):
        raise BadCursor("This cursor is not one of this list's. Start again without a cursor.")
    return position
