"""How a Chinese title is typed without Chinese: its initials and its spelling in Latin letters."""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.protocol.labels import Language


class Spelling(NamedTuple):
    initials: str
    spelt: str


def spelling_of(title: str | Mapping[Language, str]) -> Spelling:
    """Of the Chinese title, or of one for every language; empty where nothing of it is Chinese. The dictionaries are read here alone."""
    text = title if isinstance(title, str) else title.get("zh-CN", "")
    if text.isascii():
        return Spelling("", "")
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # a second of CPU: only where something is saved

    initials = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return Spelling(_joined(initials), _joined(lazy_pinyin(text)))


def _joined(parts: list[str]) -> str:
    return "".join("".join(parts).casefold().split())[:200]
