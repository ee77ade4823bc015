"""A session, its states and its rules. Pure: every decision gives the session as it would be, or raises what is wrong.

            ┌── requeued ──┐  ┌─ held ─> on_hold
            v              │  │ <─ resumed ─┘ │
queued ──claimed──────────> active ───────────┴─ ended ──> wrap_up ── filed, passed ──> closed
 │  ^                         ^ ^                            └───────── reopened ───────┘ │
 │  └─ declined ─ offered ────┘ └── by the same agent, else through the queue, at its front │
 └── left, gone, too long ─────────────────────────────────────────────────────────────────>┘

Offers stand beside the state (`offers`): `offered` is the state only of what nobody owns. Transfers are in `transfers`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from chalicelib.agents.model import OFFERED, ON_DESK, Weights
from chalicelib.kit.clock import to_ms
from chalicelib.kit.errors import Conflict, NotFound
from chalicelib.kit.values import AgentId, CategoryId, CustomerId, QueueId, SessionId, SourceId, Value
from chalicelib.protocol.left_messages import Contact
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import (
    AgentBrief,
    Filing,
    Hold,
    HowGot,
    Marks,
    Offer,
    Rating,
    Role,
    Segment,
    State,
    SystemLine,
)
from chalicelib.sessions.entries import SAYS_NOTHING, Entry

USUAL_WEIGHTS: Final = Weights()
LIVE: Final = frozenset({"queued", "offered", "active", "on_hold", "wrap_up"})
"""States that time alone may end."""
LOOK_AFTER = timedelta(minutes=1)
"""How soon the first look at a session comes after a transition; each look says when the next one is due."""
RATING_WINDOW = timedelta(hours=24)
NOT_RATED: Final = frozenset({"abandoned_in_queue", "queue_timeout", "queue_full", "spam", "test", "blocked"})
SILENT_TAP = timedelta(hours=1)
"""How long a session in which nobody ever said anything stays open."""
MOST_REQUEUES = 5
KEPT_FOR = timedelta(seconds=30)
"""How long one who comes again waits for whoever served them last, if only a full desk keeps that one from it."""
THANKS_WINDOW = timedelta(minutes=30)
"""How long after the end mere thanks are recorded."""
CAME_BY_ITSELF: Final = frozenset({"auto"})
"""Ways of getting a session that nobody chose: one who does not answer it is not there."""
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


class AlreadyRated(Conflict):
    """A session is rated once."""


class NotRatable(Conflict):
    """Nobody replied in it, it goes on, or it is too long ago."""


class NotActive(Conflict):
    """Nobody is serving it right now."""


class HandedOver(Value):
    """Who gave a session to a queue, and from which: they may have it back until somebody takes it."""

    by: AgentBrief
    from_queue_id: QueueId
    required_skills: tuple[SkillLevel, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Session:
    """The session item. `version` counts its transitions; marks and `turn_seq` move outside of it.

    `waits_for`: whose turn it is to speak, moved by the first message of a turn, which stands at `turn_seq`. `replied_at`:
    when the agent of the present segment first spoke, moved with it.
    `queued_at` is null until the customer has said something: a tap that says nothing takes no place. `check_at`: when time
    alone may change it. `left_at`: since when a waiting customer has no socket. `tried`: who let it go while it waits now; `prefers`: who
    served its customer before, and until `kept_until` a full desk of theirs is waited for. A left message has a `contact`, and is to be
    answered by `due_at`. `watched_until`: somebody looks on until then, which moves outside of `version`, as `prompted` does, which
    `prompting` explains.
    `offer` is the one pending; `declined`: who would not have it from its present owner. `transfers` counts them, `boost` moves it
    forward once for having been handed on, and `handed_over` says by whom, until somebody has it.
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
    weights: Weights = USUAL_WEIGHTS
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
    prompted: int = 0
    check_at: datetime | None = None
    idle_ends_at: datetime | None = None
    still_at: datetime | None = None
    left_at: datetime | None = None
    watched_until: datetime | None = None
    hold: Hold | None = None
    wrap_up_until: datetime | None = None
    wrap_up_extended: bool = False
    to_file: bool = False
    tried: frozenset[AgentId] = frozenset()
    prefers: AgentId | None = None
    kept_until: datetime | None = None
    required_skills: tuple[SkillLevel, ...] = ()
    offer: Offer | None = None
    declined: frozenset[AgentId] = frozenset()
    transfers: int = 0
    boost: int = 0
    handed_over: HandedOver | None = None
    marks: Marks = field(default_factory=Marks)
    segments: tuple[Segment, ...] = ()
    disposition: Filing | None = None
    rating: Rating | None = None
    rating_asked: bool = False
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    legal_hold: bool = False
    answers: Mapping[str, str | bool | float] = field(default_factory=dict)
    page: str | None = None
    contact: Contact | None = None
    due_at: datetime | None = None

    @property
    def over(self) -> bool:
        return self.state in ("wrap_up", "answered", "closed")

    @property
    def waits_for_answer(self) -> bool:
        """A left message that nobody takes care of yet."""
        return self.state == "left_message" and self.agent is None

    @property
    def waits_in_queue(self) -> bool:
        return self.state == "queued" and self.queued_at is not None

    @property
    def unserved(self) -> bool:
        """In its queue, or offered to somebody out of it."""
        return self.waits_in_queue or self.state == "offered"

    @property
    def offered_to(self) -> AgentId | None:
        return self.offer.agent.id if self.offer else None

    @property
    def desks(self) -> Mapping[AgentId, str]:
        """On whose desk it lies, and as what: its owner's, and that of whom it is offered to."""
        on: dict[AgentId, str] = {}
        if self.offer and not self.over:
            on[self.offer.agent.id] = OFFERED
        if self.agent and self.state in ON_DESK:
            on[self.agent.id] = self.state
        return on

    @property
    def owner_id(self) -> AgentId | None:
        return self.agent.id if self.agent else None

    @property
    def rank(self) -> str:
        """Where it stands in its queue, as a key that sorts: queued_at − 300 s × priority, then the id."""
        queued_at = self.queued_at or self.created_at
        moved = queued_at - PRIORITY_STEP * (self.priority + self.boost)
        return f"{to_ms(moved):015d}:{self.id}"

    def hears(self) -> None:
        """Raises if nothing can be said any more."""
        if self.over:
            raise SessionEnded("This conversation has ended. Start a new one to go on.")

    def hears_thanks(self, now: datetime) -> bool:
        """Whether mere thanks after the end still reach the record."""
        return self.ended_at is not None and self.agent is not None and now < self.ended_at + THANKS_WINDOW

    def queued(self, now: datetime, seq: int) -> Self:
        """In the queue, from the customer's first message on, which stands at `seq`."""
        return self.moved(
            now,
            queued_at=now,
            kept_until=now + KEPT_FOR if self.prefers else None,
            segments=(Segment(queue_id=self.queue_id, started_at=now),),
            **_turn("us", now, seq),
        )

    def claimed(
        self,
        agent: AgentBrief,
        now: datetime,
        how: HowGot,
        offer_id: str,
        weights: Weights = USUAL_WEIGHTS,
    ) -> Self:
        """`offer_id`: under which the assignment is explained."""
        if not self.waits_in_queue:
            raise NotQueued("This conversation does not wait any more: somebody took it, or it has ended.")
        period = Segment(queue_id=self.queue_id, agent=agent, started_at=now, how=how, offer_id=offer_id)
        return self.given(agent, now, period, weights)

    def given(
        self,
        agent: AgentBrief,
        now: datetime,
        period: Segment,
        weights: Weights,
        how: str = "assigned",
        comment: str = "",
    ) -> Self:
        """On an agent's desk, in a period of theirs; `how` the one before ended."""
        return self.moved(
            now,
            state="active",
            agent=agent,
            weights=weights,
            queue_id=period.queue_id,
            assigned_at=now,
            replied_at=None,
            left_at=None,
            hold=None,
            idle_ends_at=None,
            tried=frozenset(),
            prefers=None,
            kept_until=None,
            offer=None,
            declined=frozenset(),
            boost=0,
            handed_over=None,
            segments=(*self.segments_until(now, how, to_agent=agent, comment=comment), period),
        )

    def back_in_queue(self, now: datetime, how: str, *, tried: frozenset[AgentId], **facts: Any) -> Self:
        """Nobody's, with the time it had. `tried` don't get it again while it waits now."""
        queue_id = facts.get("queue_id", self.queue_id)
        ended = {"to_queue_id": queue_id, "comment": facts.pop("comment", "")}
        return self.moved(
            now,
            state="queued",
            agent=None,
            hold=None,
            offer=None,
            declined=frozenset(),
            replied_at=None,
            idle_ends_at=None,
            waits_for="us",
            waits_since=now,
            tried=tried,
            segments=(
                *self.segments_until(now, how, **ended),
                Segment(queue_id=queue_id, started_at=now),
            ),
            **facts,
        )

    def requeued(self, by: AgentId, now: datetime) -> Self:
        """Back to the queue with the time it had, and not to the same agent again while it waits.

        Waiting again by their own hand already: the first answer may have been lost.
        """
        if self.state == "queued" and by in self.tried:
            return self
        if self.state not in ("active", "on_hold") or self.agent is None:
            raise NotActive("Only a conversation that somebody serves can go back to the queue.")
        if len(self.tried) >= MOST_REQUEUES:
            raise NotActive(
                "This conversation went back to the queue too often. Ask a supervisor to assign it."
            )
        return self.back_in_queue(now, "requeued", tried=self.tried | {self.agent.id})

    def left_by(self, agent_id: AgentId, now: datetime) -> Self:
        """Its agent is gone: back to the queue with the time it had, for a colleague. On their desk no more: nothing changes.

        They may get it again once they are back, which is no going round in circles.
        """
        if self.owner_id != agent_id or self.state not in ("active", "on_hold"):
            return self
        return replace(replace(self, tried=frozenset()).requeued(agent_id, now), tried=self.tried)

    def held(self, hold: Hold, now: datetime) -> Self:
        """Held already, for the same reason: the first answer may have been lost."""
        if self.state == "on_hold" and self.hold and self.hold.reason == hold.reason:
            return self
        if self.state != "active":
            raise NotActive("Only a conversation that is going on can be put on hold.")
        return self.moved(now, state="on_hold", hold=hold, idle_ends_at=None, check_at=hold.until)

    def resumed(self, now: datetime) -> Self:
        """Going on after a hold; going on already is no error."""
        return self.moved(now, state="active", hold=None, still_at=now) if self.state == "on_hold" else self

    def warned(self, ends_at: datetime, now: datetime) -> Self:
        """The customer was asked whether they are still there."""
        return self.moved(now, idle_ends_at=ends_at, check_at=ends_at)

    def still_here(self, now: datetime) -> Self:
        """As good as a word: silence is counted from here. Where nobody asked, nothing changes."""
        if self.over:
            raise SessionEnded("This conversation has ended. Start a new one to go on.")
        return self.moved(now, idle_ends_at=None, still_at=now) if self.idle_ends_at else self

    def passed(self, now: datetime, *, owed: bool = False) -> Self:
        """The time for filing is over: nothing is recorded yet, and still can be. `owed`: it stays on the agent's list."""
        if self.state not in ("wrap_up", "answered"):
            return self
        return self.moved(now, state="closed", closed_at=now, to_file=owed)

    def extended(self, until: datetime, now: datetime) -> Self:
        if self.state != "wrap_up" or self.wrap_up_extended:
            raise NotInWrapUp("Wrap-up can be extended once, while it lasts.")
        return self.moved(now, wrap_up_until=until, wrap_up_extended=True, check_at=until)

    def ended(
        self, by: Role, now: datetime, *, reason: str, files_until: datetime, filing: Filing | None = None
    ) -> Self:
        """Over for the customer. Whoever has an agent goes to wrap-up, unless filed while talking, or by itself with `filing`.

        Ending twice is not an error: both sides may press the button.
        """
        if self.state == "answered":
            return self.moved(now, state="closed", closed_at=now)
        if self.over:
            return self
        left = self.state == "left_message"
        disposition = self.disposition or filing
        files_later = self.agent is not None and disposition is None and not left
        return self.moved(
            now,
            state="wrap_up" if files_later else "closed",
            disposition=disposition,
            ended_at=now,
            closed_at=None if files_later else now,
            wrap_up_until=files_until if files_later else None,
            check_at=files_until if files_later else now,
            close_reason=reason,
            waits_for=None,
            waits_since=None,
            hold=None,
            offer=None,
            idle_ends_at=None,
            left_at=None,
            segments=self.segments_until(now, reason if by == "system" else f"ended_by_{by}"),
        )

    def filed(self, filing: Filing, now: datetime, tags: Iterable[str] = ()) -> Self:
        """Filed while talking, or in wrap-up: then that closes it. A correction of a closed one replaces what is shown.

        Filing the same once more is not an error: the first answer may have been lost.
        """
        if self.agent is None:
            raise NotInWrapUp("Nobody has served this conversation, so there is nothing to file.")
        facts: dict[str, Any] = {
            "disposition": filing,
            "tags": tuple(dict.fromkeys((*self.tags, *tags))),
            "to_file": False,
        }
        if self.state in ("wrap_up", "answered"):
            return self.moved(now, state="closed", closed_at=now, **facts)
        if self.disposition and self.disposition.says_the_same_as(filing):
            return self
        return self.moved(now, **facts)

    @property
    def rating_open_until(self) -> datetime | None:
        """A day after the end; of what somebody replied in, and once. One who left the queue or was put out rates nothing."""
        if self.rating or not self.over or not self.first_reply_at or self.close_reason in NOT_RATED:
            return None
        return self.ended_at + RATING_WINDOW if self.ended_at else None

    def rated(self, rating: Rating, now: datetime) -> Self:
        """Rating the same once more is not an error: the first answer may have been lost."""
        if self.rating and self.rating.says_the_same_as(rating):
            return self
        if self.rating:
            raise AlreadyRated("You have rated this conversation already.")
        invited = self.rating_asked and not self.over and self.first_reply_at
        open_until = self.rating_open_until
        if not invited and (open_until is None or open_until <= now):
            raise NotRatable("This conversation can't be rated.")
        credited = next((s.agent for s in reversed(self.periods) if s.agent and s.first_reply_at), None)
        return self.moved(
            now, rating=rating.model_copy(update={"credited_to": credited}), check_at=self.check_at
        )

    def edited(self, now: datetime, **facts: Any) -> Self:
        """With other tags, attributes, priority, category or legal hold; what is so already changes nothing."""
        changed = {name: value for name, value in facts.items() if getattr(self, name) != value}
        return self.moved(now, check_at=self.check_at, **changed) if changed else self

    def of_customer(self, customer_id: CustomerId, name: str, *, verified: bool) -> Self:
        """Another's from now on: who wrote it turned out to be them. Nothing else changes."""
        if self.customer_id == customer_id:
            return self
        return replace(
            self,
            version=self.version + 1,
            customer_id=customer_id,
            customer_name=name,
            customer_verified=verified,
        )

    def invited_to_rate(self, now: datetime) -> Self:
        """Once; asked already or rated already, nothing changes."""
        if self.rating_asked or self.rating:
            return self
        if not self.first_reply_at or self.close_reason in NOT_RATED:
            raise NotRatable("There is nothing to rate yet: nobody has replied.")
        return self.moved(now, rating_asked=True, check_at=self.check_at)

    def reopened(self, now: datetime) -> Self:
        """The customer wrote again: on the same desk where it lies there still, else at the front of the queue, with the time
        it had. What was filed stays. Going on already: nothing changes.
        """
        if not self.over or self.agent is None:
            return self
        facts: dict[str, Any] = {
            "ended_at": None,
            "closed_at": None,
            "close_reason": None,
            "wrap_up_until": None,
            "wrap_up_extended": False,
            "to_file": False,
            "replied_at": None,
            "due_at": None,
        }
        if self.state == "wrap_up":
            again = Segment(queue_id=self.queue_id, agent=self.agent, started_at=now, how="reopened")
            return self.moved(now, state="active", segments=(*self.segments, again), **facts)
        again = Segment(queue_id=self.queue_id, started_at=now)
        return self.moved(
            now,
            state="queued",
            agent=None,
            prefers=self.agent.id,
            segments=(*self.segments, again),
            **facts,
        )

    @property
    def waits_in_queue_since(self) -> datetime | None:
        """Since when it waits this time; `queued_at` is when it waited first."""
        return self.segments[-1].started_at if self.waits_in_queue and self.segments else self.queued_at

    @property
    def unserved_since(self) -> datetime | None:
        """Since when nobody serves it, in whatever queues it has waited meanwhile."""
        since = None
        for segment in reversed(self.segments):
            if segment.agent is not None:
                break
            since = segment.started_at
        return since

    def woken(self, entry: Entry) -> Self:
        """What a customer's words change by themselves: the first ones take a place in the queue, others end a hold."""
        if entry.by.role != "customer" or entry.staff_seq:
            return self
        if self.state == "queued" and self.queued_at is None:
            return self.queued(entry.sent_at, entry.seq)
        return self.resumed(entry.sent_at)

    def heard(self, entries: Iterable[Entry]) -> Self:
        """Whose turn it is once these have been said, whether or not each one's own note of it was stored."""
        heard = self
        for entry in entries:
            heard = heard._heard(entry)
        return heard

    def _heard(self, entry: Entry) -> Self:
        """The agent's first message is the first reply, of the session and of the segment."""
        if (
            self.over
            or self.state == "left_message"
            or entry.staff_seq
            or entry.kind in SAYS_NOTHING
            or entry.seq <= self.turn_seq
        ):
            return self
        by_agent = entry.by.role == "agent"
        if by_agent and self.segments and entry.sent_at < self.segments[-1].started_at:
            return self  # a reply of an earlier period
        replies = by_agent and entry.by.id == self.owner_id
        turn = "customer" if by_agent else "us"
        if self.waits_for == turn and not (replies and self.replied_at is None):
            return self
        facts = _turn(turn, entry.sent_at, entry.seq)
        if not by_agent:
            facts["idle_ends_at"] = None
        if by_agent:
            facts["first_reply_at"] = self.first_reply_at or entry.sent_at
        if replies:
            facts["replied_at"] = self.replied_at or entry.sent_at
        return replace(self, **facts)

    @property
    def periods(self) -> tuple[Segment, ...]:
        """The segments so far, the present one with its agent's first reply."""
        if not self.segments or self.segments[-1].ended_at or not self.replied_at:
            return self.segments
        return (*self.segments[:-1], self.segments[-1].model_copy(update={"first_reply_at": self.replied_at}))

    def segments_until(self, now: datetime, how: str, **to: Any) -> tuple[Segment, ...]:
        """The periods so far, the last one over. `to`: whom or what it went to, with what comment."""
        if not self.segments:
            return ()
        last = self.periods[-1].model_copy(update={"ended_at": now, "ended_how": how, **to})
        return (*self.segments[:-1], last)

    def moved(self, now: datetime, **facts: Any) -> Self:
        """One transition on, with these facts; what moves by time is looked at soon. An offer ends with its owner's period."""
        lives = facts.get("state", self.state) in LIVE
        facts.setdefault("check_at", now + LOOK_AFTER if lives else now)
        if facts.get("agent", self.agent) != self.agent or facts.get("state") in ("wrap_up", "closed"):
            facts.setdefault("offer", None)
        if offer := facts.get("offer", self.offer):
            facts["check_at"] = min(facts["check_at"] or offer.deadline, offer.deadline)
        return replace(self, version=self.version + 1, **facts)


def _turn(whose: str, at: datetime, seq: int) -> dict[str, Any]:
    return {"waits_for": whose, "waits_since": at, "turn_seq": seq}


def assigned_line(agent: AgentBrief) -> SystemLine:
    return SystemLine(code="assigned", about={"agent": agent.name})


ENDINGS: Final[Mapping[str, SystemLine]] = {
    "customer_idle": SystemLine(code="ended_idle"),
    "queue_timeout": SystemLine(code="queue_timeout"),
    "queue_full": SystemLine(code="queue_full"),
    "abandoned_in_queue": SystemLine(code="abandoned"),
    "merged": SystemLine(code="ended_merged"),
}


def ended_line(by: Role, by_name: str | None, *, reason: str, waited: bool) -> SystemLine:
    if reason in ENDINGS:
        return ENDINGS[reason]
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
    "held": "The conversation is on hold.",
    "resumed": "The conversation goes on.",
    "reopened": "The customer wrote again.",
    "idle_warned": "Are you still there? The conversation ends soon if nothing is written.",
    "still_here": "The customer is still there.",
    "ended_idle": "The conversation ended because nothing was written for a while.",
    "queue_timeout": "Nobody could answer in time. The conversation left the queue.",
    "edited": "Changed: {what}.",
    "rated": "Rated {score} of 5.",
    "rating_asked": "The customer was asked for a rating.",
    "wrap_up_extended": "More time for filing.",
    "wrap_up_passed": "Not filed in time.",
    "left_message": "The customer left a message.",
    "left_taken": "{agent} takes care of the message.",
    "answered_by_email": "Answered by e-mail.",
    "answered_by_call": "Answered by a call.",
    "answered_by_next_visit": "Answered for the next visit.",
    "ended_merged": "The conversation ended because it goes on in another one.",
    "customer_became": "This is {customer}'s from now on.",
    "mail_refused": "The e-mail could not be delivered.",
    "set_aside": "Filed by itself as {reason}.",
    "ended_with_words": "{en}",
    "call_started": "Calling {number} ({provider}).",
    "call_ended": "The call to {number} is over: {outcome}, {duration_s} s.",
    "revealed": "The customer's {field} was looked at.",
    "offered": "Offered to {agent}.",
    "offer_declined": "{agent} declined it.",
    "offer_expired": "{agent} did not answer the offer in time.",
    "reply_missed": "{agent} did not answer in time. The conversation goes on to the next.",
    "transfer_offered": "{by} offers it to {agent}.",
    "transfer_declined": "{agent} declined the transfer.",
    "transfer_expired": "{agent} did not answer the transfer in time.",
    "transfer_cancelled": "The transfer to {agent} was cancelled.",
    "transferred": "{by} handed the conversation to {agent}.",
    "transferred_to_queue": "{by} handed the conversation to {queue}.",
    "pulled_back": "{agent} goes on with the conversation.",
    "overflowed": "The conversation waits in {queue} now.",
    "queue_full": "So many are waiting that the conversation could not join the queue.",
}
