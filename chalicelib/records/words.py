"""Words of a record, for finding it by them. Pure.

A Latin or other spaced word is itself; Chinese, Japanese and Korean runs, which have no spaces, are their pairs of letters.
Both ways the same, so that what is searched for is cut as what was written was.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

MOST = 400
"""Different words kept of one record: each costs one write unit when it closes."""
_LONGEST = 40
_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+|[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")


def words_of(text: str) -> list[str]:
    """The words of a text, in its order."""
    found: list[str] = []
    for run in _RUN.findall(_split_scripts(normalize("NFKC", text).casefold())):
        if _UNSPACED.match(run):
            found += [run[n : n + 2] for n in range(len(run) - 1)] or [run]
        else:
            found.append(run[:_LONGEST])
    return found


def distinct(texts: Iterable[str]) -> list[str]:
    """The first so many different words of a record."""
    found: dict[str, None] = {}
    for text in texts:
        for word in words_of(text):
            found.setdefault(word)
            if len(found) == MOST:
                return list(found)
    return list(found)


def _split_scripts(text: str) -> str:
    """A space wherever a Chinese run meets a Latin one: `订单A12` is two words."""
    return re.sub(rf"(?<={_UNSPACED.pattern})(?=[^\W_])|(?<=[^\W_])(?={_UNSPACED.pattern})", _between, text)


def _between(match: "re.Match[str]") -> str:
    at, text = match.start(), match.string
    both = _UNSPACED.match(text[at - 1]) and _UNSPACED.match(text[at])
    return "" if both else " "
