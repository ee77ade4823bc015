"""An expression's text as a run of tokens, and what every kind of expression shares: paths and placeholders."""

import re
from typing import TypeAlias

from infra.local.dynamo.expressions.paths import Path
from infra.local.dynamo.expressions.reserved_words import RESERVED
from infra.local.dynamo.refusals import Refused, invalid

Names: TypeAlias = tuple[tuple[str, str], ...]
"""The request's ExpressionAttributeNames, hashable, so that a parsed expression can be kept by text and names."""

LONGEST = 4096

_TOKEN = re.compile(
    r"\s*(?:(<>|<=|>=|[=<>(),.\[\]+\-]|[#:][A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_]*|[0-9]+)|(\S))"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Reader:
    """A cursor over one expression. It notes the placeholders it meets: an unused one is refused by the request."""

    def __init__(self, text: str, names: Names, kind: str) -> None:
        self.kind = kind
        if not text.strip():
            raise self.refused("The expression can not be empty;")
        if len(text.encode()) > LONGEST:
            raise self.refused("Expression size has exceeded the maximum allowed size;")
        self._tokens = self._split(text)
        self._at = 0
        self._names = dict(names)
        self.names_used: set[str] = set()
        self.values_used: set[str] = set()
        self.attributes: set[str] = set()
        """The top-level attributes that the expression speaks of."""
        self.brackets = 0, 0
        """Where the pair of parentheses that was closed last begins, and where it ends."""
        self.operators = 0
        """How many operators and functions of an update were met."""

    def refused(self, why: str) -> Refused:
        return invalid(f"Invalid {self.kind}: {why}")

    @property
    def ended(self) -> bool:
        return self._at >= len(self._tokens)

    def peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise self.refused('Syntax error; token: "<EOF>"')
        self._at += 1
        return token

    def at(self, word: str) -> bool:
        """Whether the next token is this symbol or keyword; keywords are known in any case."""
        return self.peek().upper() == word

    def skip(self, word: str) -> bool:
        found = self.at(word)
        self._at += found
        return found

    def expect(self, word: str) -> None:
        if not self.skip(word):
            raise self.surprised()

    @property
    def place(self) -> int:
        """Of the next token, counted from 0."""
        return self._at

    def end(self) -> None:
        if not self.ended:
            raise self.surprised()

    def surprised(self) -> Refused:
        near = " ".join(self._tokens[max(0, self._at - 1) : self._at + 2])
        return self.refused(f'Syntax error; token: "{self.peek() or "<EOF>"}", near: "{near}"')

    def path(self) -> Path:
        top = self._step()
        self.attributes.add(top)
        steps: list[str | int] = [top]
        while True:
            if self.skip("."):
                steps.append(self._step())
            elif self.skip("["):
                if not self.peek().isdigit():
                    raise self.surprised()
                steps.append(int(self.take()))
                self.expect("]")
            else:
                return tuple(steps)

    def value(self) -> str:
        """A value placeholder, such as `:limit`."""
        if not self.peek().startswith(":"):
            raise self.surprised()
        name = self.take()
        self.values_used.add(name)
        return name

    def _step(self) -> str:
        token = self.peek()
        if token.startswith("#"):
            self.take()
            if token not in self._names:
                raise self.refused(
                    "An expression attribute name used in the document path is not defined; "
                    f"attribute name: {token}"
                )
            self.names_used.add(token)
            return self._names[token]
        if not _NAME.fullmatch(token):
            raise self.surprised()
        if token.upper() in RESERVED:
            raise self.refused(f"Attribute name is a reserved keyword; reserved keyword: {token}")
        return self.take()

    def _split(self, text: str) -> list[str]:
        tokens = []
        for found in _TOKEN.finditer(text):
            token, stranger = found.groups()
            if stranger:
                raise self.refused(f'Syntax error; token: "{stranger}"')
            tokens.append(token)
        return tokens
