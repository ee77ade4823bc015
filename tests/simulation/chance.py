"""Picking one thing out of several, some more often than others."""

from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")


def one_of(random: Random, weighed: Mapping[T, int]) -> T:
    return random.choices(list(weighed), list(weighed.values()))[0]
