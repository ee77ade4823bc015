"""A session, its states and its rules. Pure: every decision gives the session as it would be, or raises what is wrong.

queued ──claimed──> active ──ended──> wrap_up ──filed──> closed
└── left, ended ───────────────────────────────────────^
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from chalicelib.kit.clock import to_ms
from chalicelib.kit.errors import Conflict, NotFound
from chalicelib.kit.values import AgentId, CategoryId, CustomerId, QueueId, SessionId, SourceId
from chalicelib.protocol.values import AgentBrief, Filing, Marks, Role, Segment, State, SystemLine
from chalicelib.sessions.entries import Entry

PRIORITY_STEP = timedelta(minutes=5)
"""One step of priority is worth so much waiting: ranks move by it, so that nothing starves."""


class NoSuchSession(NotFound):
    """No session of that id, or not for this caller."""

    code = "not_found"


class SessionEnded(Conflict):
    """Nothing more is said in a session that is over."""


class NotQueued(Conflict):
    """Somebody has it, or it is over."""


class NotInWrapUp(Conflict):
    """A disposition is filed while talking or in wrap-up."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """The session item. `version` counts its transitions; marks and `turn_seq` move outside of it.

    `waits_for`: whose turn it is to speak, moved by the first message of a turn, which stands at `turn_seq`. `replied_at`:
    when the agent of the present segment first spoke, moved with it.
    `queued_at` is null until the customer has said something: a tap that says nothing takes no place.
    """

    id: SessionId
    number: str
    state: State = "queued"
    version: int = 1
    customer_id: CustomerId
    customer_name: str
    customer_verified: bool = False
    source_id: SourceId
    queue_id: QueueId
    category_id: CategoryId | None = None
    chosen_category_id: CategoryId | None = None
    priority: int = 0
    agent: AgentBrief | None = None
    created_at: datetime
    queued_at: datetime | None = None
    assigned_at: datetime | None = None
    first_reply_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    waits_for: Literal["us", "customer"] | None = None
    waits_since: datetime | None = None
    turn_seq: int = 0
    replied_at: datetime | None = None
    marks: Marks = field(default_factory=Marks)
    segments: tuple[Segment, ...] = ()
    disposition: Filing | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    page: str | None = None

    @property
    def over(self) -> bool:
        return self.state in ("wrap_up", "closed")

    @property
    def waits_in_queue(self) -> bool:
        return self.state == "queued" and self.queued_at is not None

    @property
    def owner_id(self) -> AgentId | None:
        return self.agent.id if self.agent else None

    @property
    def rank(self) -> str:
        """Where it stands in its queue, as a key that sorts: queued_at − 300 s × priority, then the id."""
        queued_at = self.queued_at or self.created_at
        moved = queued_at - PRIORITY_STEP * self.priority
        return f"{to_ms(moved):015d}:{self.id}"

    def hears(self) -> None:
        """Raises if nothing can be said any more."""
        if self.over:
            raise SessionEnded("This conversation has ended. Start a new one to go on.")

    def queued(self, now: datetime, seq: int) -> Self:
        """In the queue, from the customer's first message on, which stands at `seq`."""
        return self._moved(
            queued_at=now,
            segments=(Segment(queue_id=self.queue_id, started_at=now),),
            **_turn("us", now, seq),
        )

    def claimed(self, agent: AgentBrief, now: datetime) -> Self:
        if not self.waits_in_queue:
            raise NotQueued("This conversation does not wait any more: somebody took it, or it has ended.")
        segments = (
            *self._segments_until(now, "assigned"),
            Segment(queue_id=self.queue_id, agent=agent, started_at=now),
        )
        return self._moved(state="active", agent=agent, assigned_at=now, replied_at=None, segments=segments)

    def ended(self, by: Role, now: datetime, *, reason: str) -> Self:
        """Over for the customer. Whoever has an agent goes to wrap-up, unless filed while talking.

        Ending twice is not an error: both sides may press the button.
        """
        if self.over:
            return self
        files_later = self.agent is not None and self.disposition is None
        return self._moved(
            state="wrap_up" if files_later else "closed",
            ended_at=now,
            closed_at=None if files_later else now,
            close_reason=reason,
            waits_for=None,
            waits_since=None,
            segments=self._segments_until(now, f"ended_by_{by}"),
        )

    def filed(self, filing: Filing, now: datetime) -> Self:
        """Filed while talking, or in wrap-up: then that closes it. A correction of a closed one replaces what is shown.

        Filing the same once more is not an error: the first answer may have been lost.
        """
        if self.agent is None:
            raise NotInWrapUp("Nobody has served this conversation, so there is nothing to file.")
        if self.state == "wrap_up":
            return self._moved(disposition=filing, state="closed", closed_at=now)
        if self.disposition and self.disposition.says_the_same_as(filing):
            return self
        return self._moved(disposition=filing)

    def heard(self, entries: Iterable[Entry]) -> Self:
        """Whose turn it is once these have been said, whether or not each one's own note of it was stored."""
        heard = self
        for entry in entries:
            heard = heard._heard(entry)
        return heard

    def _heard(self, entry: Entry) -> Self:
        """The agent's first message is the first reply, of the session and of the segment."""
        if self.over or entry.staff_seq or entry.kind == "system" or entry.seq <= self.turn_seq:
            return self
        by_agent = entry.by.role == "agent"
        turn = "customer" if by_agent else "us"
        if self.waits_for == turn and not (by_agent and self.replied_at is None):
            return self
        facts = _turn(turn, entry.sent_at, entry.seq)
        if by_agent:
            facts["first_reply_at"] = self.first_reply_at or entry.sent_at
            facts["replied_at"] = self.replied_at or entry.sent_at
        return replace(self, **facts)

    @property
    def periods(self) -> tuple[Segment, ...]:
        """The segments so far, the present one with its agent's first reply."""
        if not self.segments or self.segments[-1].ended_at or not self.replied_at:
            return self.segments
        return (*self.segments[:-1], self.segments[-1].model_copy(update={"first_reply_at": self.replied_at}))

    def _segments_until(self, now: datetime, how: str) -> tuple[Segment, ...]:
        if not self.segments:
            return ()
        last = self.periods[-1].model_copy(update={"ended_at": now, "ended_how": how})
        return (*self.segments[:-1], last)

    def _moved(self, **facts: Any) -> Self:
        return replace(self, version=self.version + 1, **facts)


def _turn(whose: str, at: datetime, seq: int) -> dict[str, Any]:
    return {"waits_for": whose, "waits_since": at, "turn_seq": seq}


def assigned_line(agent: AgentBrief) -> SystemLine:
    return SystemLine(code="assigned", about={"agent": agent.name})


def ended_line(by: Role, by_name: str | None, *, waited: bool) -> SystemLine:
    if waited:
        return SystemLine(code="abandoned")
    if by == "agent":
        return SystemLine(code="ended_by_agent", about={"agent": by_name or ""})
    return SystemLine(code="ended_by_customer")


ENGLISH = {
    "assigned": "{agent} joined the conversation.",
    "ended_by_agent": "{agent} ended the conversation.",
    "ended_by_customer": "The customer ended the conversation.",
    "abandoned": "The customer left the queue.",
    "filed": "Filed as {label}.",
    "requeued": "The conversation went back to the queue.",
}
