"""A reminder and its rules. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

from chalicelib.kit.errors import Conflict, Invalid, NotFound
from chalicelib.kit.values import AgentId, CustomerId, SessionId
from chalicelib.protocol.reminders import Reminder as ReminderRead

FARTHEST = timedelta(days=366)
MOST_OPEN: Final = 100
"""Of one agent at a time: a longer list reminds nobody of anything."""


class NoSuchReminder(NotFound):
    """No reminder of that id, or not this caller's."""

    code = "not_found"


class TooManyReminders(Conflict):
    """As many as one agent may have open."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """`about`: the partition of what it is on. `told_at`: when its agent heard that it is due."""

    id: str
    version: int = 1
    agent_id: AgentId
    session_id: SessionId | None
    customer_id: CustomerId
    at: datetime
    note: str
    created_at: datetime
    told_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def about(self) -> str:
        return self.session_id or f"customer:{self.customer_id}"

    def done(self, now: datetime) -> Self:
        """Done already: the first answer may have been lost."""
        return self if self.done_at else replace(self, version=self.version + 1, done_at=now)

    def told(self, now: datetime) -> Self:
        return replace(self, version=self.version + 1, told_at=now)

    def read(self, now: datetime) -> ReminderRead:
        return ReminderRead(
            id=self.id,
            version=self.version,
            agent_id=self.agent_id,
            session_id=self.session_id,
            customer_id=self.customer_id,
            at=self.at,
            note=self.note,
            due=self.done_at is None and self.at <= now,
            created_at=self.created_at,
            done_at=self.done_at,
        )


def in_time(at: datetime, now: datetime) -> None:
    """Raises for what is past, or so far off that nobody knows what it was."""
    if not now < at <= now + FARTHEST:
        raise Invalid(
            "A reminder's time is later than now, and within a year.",
            errors=(("at", "is past or too far off"),),
        )
