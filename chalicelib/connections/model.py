"""A socket of a person, and the lists it watches."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from chalicelib.kit.values import ConnectionId

Kind = Literal["agent", "customer"]

LEASE = {"agent": timedelta(seconds=75), "customer": timedelta(minutes=10)}
HEARTBEAT = {"agent": timedelta(seconds=25), "customer": timedelta(minutes=4)}
RENEW_AFTER = timedelta(minutes=80)
"""Clients renew a socket between this and half an hour later; API Gateway ends it at two hours."""
POLL_LEASE = timedelta(seconds=60)
"""How long one without a socket counts as here after asking."""
WATCH_LEASE = timedelta(hours=2, minutes=10)
"""Longer than any socket lives: a watcher whose socket is gone is forgotten when it is next told something."""
RECONNECT_WINDOW = timedelta(seconds=5)
MALFORMED_LIMIT = 5
MOST_SOCKETS = 12
"""Of one person at a time: tabs and devices; each more costs every message a post."""


@dataclass(frozen=True)
class Person:
    """Whom connections belong to."""

    kind: Kind
    id: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Connection:
    """`family`: the sign-in its ticket came from, where that is known."""

    id: ConnectionId
    person: Person
    family: str | None = field(default=None, compare=False)
