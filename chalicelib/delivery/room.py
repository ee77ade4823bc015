"""How much one post can carry: API Gateway refuses a message of more than 128 KB."""

from collections.abc import Iterable
from typing import TypeVar

from chalicelib.kit.values import Value

V = TypeVar("V", bound=Value)

POST_ROOM = 112 * 1024
"""Bytes for what a post lists; the rest is for what stands around it."""


class Room:
    """What is left of one post while it is being filled."""

    def __init__(self, size: int = POST_ROOM) -> None:
        self._left = size

    def some(self, values: Iterable[V]) -> list[V]:
        """Those of them that still fit: one that is too large hides none of the others."""
        return [value for value in values if self.fitting([value])]

    def fitting(self, values: Iterable[V]) -> list[V]:
        """The first of them that still fit, up to the first that doesn't."""
        fit = []
        for value in values:
            size = len(value.model_dump_json().encode()) + 1
            if size > self._left:
                break
            self._left -= size
            fit.append(value)
        return fit
