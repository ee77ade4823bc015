"""What the clients did and were told: half of what the checkers look at."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass
class Letter:
    """Something written and not known to be stored. Kept over a restart; the same on every resend."""

    client_id: str
    text: str
    session_id: str | None
    """None while it opens a session."""
    after: int
    staff: bool = False
    sent: int = 0

    @property
    def opens(self) -> bool:
        return self.session_id is None


class Stored(NamedTuple):
    """What an answer said of a letter."""

    session_id: str
    seq: int
    staff_seq: int | None
    message_id: str


@dataclass
class History:
    counts: Counter[str]
    composed: dict[tuple[str, str], list[Letter]] = field(default_factory=dict)
    """By browser and session; client_ids rise in the order in which somebody wrote them."""
    accepted: dict[str, tuple[Letter, list[Stored]]] = field(default_factory=dict)
    """By client_id: every answer that said so."""
    refused: set[str] = field(default_factory=set)
    """By client_id. A frame that is carried out twice may be refused first and stored then, when the session goes on."""
    reused: dict[str, str] = field(default_factory=dict)
    """By client_id: another body that was accepted under it."""
    redeemed: Counter[str] = field(default_factory=Counter)
    """How many sockets a ticket opened."""
    refreshed: Counter[str] = field(default_factory=Counter)
    """How many times a refresh token was turned."""
    unread: list[str] = field(default_factory=list)
    """Sessions told with unread messages that the reader wrote."""

    def wrote(self, browser: str, letter: Letter, session_id: str) -> None:
        self.composed.setdefault((browser, session_id), []).append(letter)

    def stored(self, letter: Letter, answer: dict[str, Any]) -> None:
        where = Stored(answer["session_id"], answer["seq"], answer.get("staff_seq"), answer["message_id"])
        self.accepted.setdefault(letter.client_id, (letter, []))[1].append(where)
        self.counts["note accepted" if letter.staff else "message accepted"] += 1
