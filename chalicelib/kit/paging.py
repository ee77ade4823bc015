"""Cursors: where a list goes on, opaque to whoever holds one, and worthless anywhere else."""

import base64
import binascii
import json
import re
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


SOME_ID = r"[\w:.-]{1,120}"


def from_cursor(cursor: str, **patterns: str) -> dict[str, str]:
    """The position a cursor holds: just these names, each with a text that its pattern matches whole."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise bad_cursor() from error
    if not isinstance(position, dict) or set(position) != set(patterns):
        raise bad_cursor()
    if not all(
        isinstance(v, str) and re.fullmatch(patterns[name], v, re.ASCII) for name, v in position.items()
    ):
        raise bad_cursor()
    return position


def bad_cursor() -> BadCursor:
    return BadCursor(
        "This cursor is not one of this list's. Start again without a cursor.",
        errors=(("cursor", "is not one of this list's"),),
    )
