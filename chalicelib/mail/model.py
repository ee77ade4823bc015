"""A letter, and when it is tried again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.kit.errors import Unavailable
from chalicelib.kit.values import SessionId

WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))
"""How long after each try the next one comes; after the last it is given up."""


class MailNotSetUp(Unavailable):
    """The house has no address to send from."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`id` names it for ever: sent again, it is the same letter. `tries`: how many were begun."""

    id: str
    session_id: SessionId
    to: str
    subject: str
    text: str
    written_at: datetime
    tries: int = 0

    @property
    def on_its_last_try(self) -> bool:
        return self.tries >= len(WAITS)

    def next_try_at(self, now: datetime) -> datetime:
        return now + WAITS[min(self.tries, len(WAITS) - 1)]
