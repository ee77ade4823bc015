"""How a Chinese title is typed without Chinese: its initials and its spelling in Latin letters."""

import os
from collections.abc import Iterable, Mapping
from itertools import islice, product
from typing import NamedTuple

from chalicelib.protocol.labels import Language

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
"""Its dictionary of phrases is larger than all our code, and is not in the package: letters that are read in several ways are found
by each of them instead.
"""
MOST_READINGS = 8
LONGEST = 200


class Spelling(NamedTuple):
    """Each in all the ways it may be read, the usual one first, a space between."""

    initials: str
    spelt: str


def spelling_of(title: str | Mapping[Language, str]) -> Spelling:
    """Of the Chinese title, or of one for every language; empty where nothing of it is Chinese. The dictionaries are read here alone."""
    text = title if isinstance(title, str) else title.get("zh-CN", "")
    if text.isascii():
        return Spelling("", "")
    from pypinyin import Style, pinyin  # noqa: PLC0415  # half a second of CPU: only where something is saved

    styles = (Style.FIRST_LETTER, Style.NORMAL)
    return Spelling(*(_readings(pinyin(text, style=style, heteronym=True)) for style in styles))


def _readings(letters: Iterable[Iterable[str]]) -> str:
    """`letters`: each with all its readings."""
    ways = islice(product(*(dict.fromkeys(ways) for ways in letters)), MOST_READINGS)
    return " ".join(dict.fromkeys("".join("".join(way).casefold().split()) for way in ways))[:LONGEST]
