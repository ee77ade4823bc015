"""A canned answer, where it is kept, how it is found and what it says. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from unicodedata import normalize

from chalicelib.kit.errors import Conflict, Invalid, NotFound
from chalicelib.kit.values import Value
from chalicelib.protocol.canned_answers import VARIABLE, AnswerRules, AnswerScope
from chalicelib.protocol.labels import Language
from chalicelib.sources.model import worded

_WORD = re.compile(r"\w+")
_NOT_FOUND: Final = 4


class NoSuchAnswer(NotFound):
    """No canned answer of that id, or not for this caller."""

    code = "not_found"


class CodeTaken(Conflict):
    """Another answer of the same scope has that code."""


class WhichQueue(Invalid):
    """A queue's answer names its queue, and no other does."""


class Shelf(Value):
    """Where answers are kept together: everybody's, a queue's or an agent's own."""

    scope: AnswerScope
    of: str = ""

    @property
    def key(self) -> str:
        return f"{self.scope[0]}.{self.of}" if self.of else self.scope[0]

    @classmethod
    def at(cls, key: str) -> "Shelf | None":
        """The shelf of a key, or None."""
        letter, _, of = key.partition(".")
        for scope in ("personal", "queue", "global"):
            if scope[0] == letter and bool(of) == (scope != "global"):
                return cls(scope=scope, of=of)
        return None


EVERYBODYS: Final = Shelf(scope="global")


class Answer(AnswerRules):
    """`id` says which shelf it is on. `found_by`: the words and initials of its title, group and code, in small letters."""

    id: str
    version: int = 1
    initials: str = ""
    spelt: str = ""

    @property
    def shelf(self) -> Shelf:
        shelf = Shelf.at(self.id.rpartition(".")[0])
        if shelf is None:
            raise ValueError(f"{self.id} is on no shelf")
        return shelf

    def says_the_same_as(self, other: "Answer") -> bool:
        names = set(AnswerRules.model_fields)
        return self.model_dump(include=names) == other.model_dump(include=names)


class Counted(Value):
    """An answer and how often it was used."""

    answer: Answer
    uses: int = 0


def rendered(text: str, facts: Mapping[str, str]) -> str:
    """The text with each variable that is known replaced, once: what is put in is not looked at again."""
    return VARIABLE.sub(lambda match: facts.get(match[1], match[0]), text)


def text_in(answer: Answer, language: Language) -> str:
    return worded(answer.text, language)


def matching(answers: Iterable[Counted], asked: str, limit: int) -> list[Counted]:
    """Those that every word asked for leads to: first by code, then by title or initials, then by group or text; the often used first."""
    words = folded(asked).removeprefix("/").split()
    if not words:
        return []
    ranked = [(max(_rank(c.answer, word) for word in words), c) for c in answers]
    found = [(rank, c) for rank, c in ranked if rank < _NOT_FOUND]
    found.sort(key=lambda pair: (pair[0], -pair[1].uses, pair[1].answer.code))
    return [c for _, c in found[:limit]]


def folded(text: str) -> str:
    return normalize("NFKC", text).casefold()


def _rank(answer: Answer, word: str) -> int:
    code = folded(answer.code)
    if code == word:
        return 0
    if code.startswith(word):
        return 1
    if word in answer.initials or word in answer.spelt or _begins(word, _texts(answer.title)):
        return 2
    return 3 if _begins(word, [answer.group, *_texts(answer.text)]) else _NOT_FOUND


def _begins(word: str, texts: Sequence[str]) -> bool:
    """Whether a word of the texts begins so; of one written without spaces, whether it stands anywhere in it."""
    for text in map(folded, texts):
        if not word.isascii() and word in text:
            return True
        if any(found.startswith(word) for found in _WORD.findall(text)):
            return True
    return False


def _texts(words: str | Mapping[Language, str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())
