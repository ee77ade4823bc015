"""What time alone does to a session. Pure: from what stands in the log and who is here, what is due now, or when to look again.

queued     too long → on to another queue, or ends; its customer gone for longer than the grace → abandoned
offered    nobody answers the offer → back to the queue; a transfer's, beside any state, → back to whom it comes from
active     no first reply from whoever got it by itself → on to the next
           silent after an agent's message → asked, then ended: idle is the customer's alone
           we are silent → our agent is prompted, supervisors are told, somebody else goes on
on_hold    its limit leads back to active
wrap_up    its limit frees the slot; a left message that was answered closes so, too
closed     its words are indexed, once, when nothing in it can be taken back any more; where nothing was said it is gone
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.kit.values import QueueId
from chalicelib.queues.model import Queue
from chalicelib.sessions.model import SILENT_TAP, Session
from chalicelib.sessions.offers import reply_due_at
from chalicelib.sessions.prompting import OfferAnew, Prompt, silent
from chalicelib.sessions.recall import RECALL_WITHIN

WAITING_LOOK = timedelta(minutes=1)
"""How often one who waits is looked after: their place is kept while they are here, and no longer than the grace."""


@dataclass(frozen=True)
class Look:
    """Nothing to do before `at`. `left_at`: since when a waiting customer is gone; `idle_ends_at`: what they were told."""

    at: datetime
    left_at: datetime | None = None
    idle_ends_at: datetime | None = None


@dataclass(frozen=True)
class End:
    reason: Literal["customer_idle", "queue_timeout", "abandoned_in_queue"]


@dataclass(frozen=True)
class Warn:
    """Ask whether they are still there; silent until `ends_at`, it ends."""

    ends_at: datetime


@dataclass(frozen=True)
class Resume:
    """The hold is over."""


@dataclass(frozen=True)
class PassWrapUp:
    """The time for filing is over."""


@dataclass(frozen=True)
class IndexWords:
    """It is closed: what was said in it can be found from now on."""


@dataclass(frozen=True)
class Forget:
    """A tap that said nothing: it leaves no record."""


@dataclass(frozen=True)
class Overdue:
    """An offer, or a first reply, has not come in time."""


@dataclass(frozen=True)
class GoOn:
    """Waiting goes on in another queue from `at` on."""

    queue_id: QueueId
    at: datetime


Verdict = (
    Overdue | GoOn | Look | End | Warn | Resume | PassWrapUp | IndexWords | Forget | Prompt | OfferAnew | None
)


def verdict(session: Session, spoke_at: datetime, queue: Queue, now: datetime, *, here: bool) -> Verdict:
    """`spoke_at`: when either side last said something; `here`: whether its customer has a socket open or asks by polling.

    None where time changes nothing any more.
    """
    answer_due_at = (
        session.offer.deadline if session.offer else reply_due_at(session, queue.first_reply_limit_s)
    )
    if answer_due_at is None:
        return _by_state(session, spoke_at, queue, now, here=here)
    if answer_due_at <= now:
        return Overdue()
    due = _by_state(session, spoke_at, queue, now, here=here)
    return (
        replace(due, at=min(due.at, answer_due_at)) if isinstance(due, Look) else due or Look(answer_due_at)
    )


def _by_state(session: Session, spoke_at: datetime, queue: Queue, now: datetime, *, here: bool) -> Verdict:
    match session.state:
        case "queued":
            return _waiting(session, queue, now, here=here)
        case "active":
            return _talking(session, spoke_at, queue, now)
        case "on_hold":
            until = session.hold.until if session.hold else now
            return Resume() if until <= now else Look(until)
        case "wrap_up" | "answered":
            until = session.wrap_up_until or now
            return PassWrapUp() if until <= now else Look(until)
        case "closed":
            return _closed(session, spoke_at, now)
    return None


def _closed(session: Session, spoke_at: datetime, now: datetime) -> Verdict:
    if session.queued_at is None:
        return Forget()
    if session.check_at is None:
        return None
    for_good_at = spoke_at + RECALL_WITHIN
    return IndexWords() if for_good_at <= now else Look(for_good_at)


def _waiting(session: Session, queue: Queue, now: datetime, *, here: bool) -> Verdict:
    if session.queued_at is None:
        ends_at = session.created_at + SILENT_TAP
        return End("abandoned_in_queue") if ends_at <= now else Look(ends_at)
    since = session.unserved_since or session.queued_at
    times_out_at = since + timedelta(seconds=queue.max_wait_s)
    if times_out_at <= now:
        return End("queue_timeout")
    goes_on = overflows_to(session, queue)
    if goes_on and goes_on.at <= now:
        return goes_on
    next_at = min(times_out_at, goes_on.at) if goes_on else times_out_at
    if here:
        return Look(min(now + WAITING_LOOK, next_at))
    left_at = session.left_at or now
    given_up_at = left_at + timedelta(seconds=queue.queue_grace_s)
    if given_up_at <= now:
        return End("abandoned_in_queue")
    return Look(min(given_up_at, next_at), left_at)


def overflows_to(session: Session, queue: Queue) -> GoOn | None:
    """Where waiting goes on, and from when: not where it was already in this talk."""
    rule, since = queue.overflow, session.waits_in_queue_since
    if rule is None or since is None or rule.queue_id in {s.queue_id for s in session.segments}:
        return None
    return GoOn(QueueId(rule.queue_id), since + timedelta(seconds=rule.after_s))


def _talking(session: Session, spoke_at: datetime, queue: Queue, now: datetime) -> Verdict:
    """While the other side is us, silence is ours: that is never a reason to end."""
    warn_after, end_after = queue.idle.warn_after_s, queue.idle.end_after_s
    if session.waits_for != "customer":
        due = silent(session, queue, now)
        return Look(due) if isinstance(due, datetime) else due
    silent_since = max(spoke_at, session.still_at or spoke_at)
    warns_at, ends_at = (silent_since + timedelta(seconds=s) for s in (warn_after, end_after))
    if warns_at > now:
        return Look(
            min(warns_at, now + timedelta(seconds=queue.reply_target_s))
        )  # it may be our turn by then
    told = session.idle_ends_at
    if told is None or told < ends_at:  # never asked, or only before the last word
        return Warn(max(ends_at, now + timedelta(seconds=end_after - warn_after)))
    return Look(told, idle_ends_at=told) if told > now else End("customer_idle")
