"""In which order a list stands. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.kit.values import QueueId
from chalicelib.queues.model import Queue
from chalicelib.sessions.model import Session
from chalicelib.sessions.store import Read


def share_used(session: Session, queue: Queue, now: datetime) -> float:
    """How much of its target one who waits for us has used up: of the first answer's before there was one, of a reply's after."""
    target = queue.reply_target_s if session.first_reply_at else queue.answer_target_s
    since = session.waits_since or session.created_at
    return (now - since).total_seconds() / target


def in_two_tiers(reads: Iterable[Read], queue_of: Callable[[QueueId], Queue], now: datetime) -> list[Read]:
    """Those who wait for us by the share of their target used, then those who wait for the customer; the longest first.

    Ties go by id, so that no row jumps while nothing happens.
    """
    known: dict[QueueId, Queue] = {}

    def place(read: Read) -> tuple[bool, float, datetime, str]:
        session = read.session
        since = session.waits_since or session.ended_at or session.created_at
        if session.waits_for != "us":
            return (True, 0.0, since, session.id)
        if session.queue_id not in known:
            known[session.queue_id] = queue_of(session.queue_id)
        return (False, -share_used(session, known[session.queue_id], now), since, session.id)

    return sorted(reads, key=place)
