"""What happens to a session, in the figures of its queue. Best effort, after it was stored."""

from datetime import timedelta

from chalicelib.kit.values import QueueId
from chalicelib.queues.figures import FigureStore
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.model import Session
from chalicelib.sessions.supervising import SET_ASIDE


class Counting:
    def __init__(self, figures: FigureStore, queues: QueueStore) -> None:
        self._figures = figures
        self._queues = queues

    def moved(self, before: Session | None, after: Session) -> None:
        """Who came, and who gave up; what is set aside as none of ours is taken out again, where it was counted."""
        if after.close_reason in SET_ASIDE:
            if before and before.close_reason not in SET_ASIDE:
                self._taken_out(before)
        elif after.queued_at and (before is None or before.queued_at is None):
            self._figures.count(after.queue_id, after.queued_at, queued=1)
        elif before and after.ended_at and _gave_up(before, after):
            self._figures.count(after.queue_id, after.ended_at, abandoned=1)
        elif before:
            self.turned(before, after)

    def turned(self, before: Session, after: Session) -> None:
        """Its first answer, in the quarter in which it came."""
        if before.first_reply_at is None and after.first_reply_at:
            self._answered(after, 1)

    def _answered(self, session: Session, by: int) -> None:
        if session.first_reply_at is None or session.queued_at is None:
            return
        in_time = session.first_reply_at - session.queued_at <= self._target(session.queue_id)
        self._figures.count(
            session.queue_id, session.first_reply_at, answered=by, in_time=by if in_time else 0
        )

    def _taken_out(self, session: Session) -> None:
        if session.queued_at is None or _left_at_once(session):
            return
        self._figures.count(session.segments[0].queue_id, session.queued_at, queued=-1)
        self._answered(session, -1)
        if session.ended_at and session.first_reply_at is None and session.agent is None:
            self._figures.count(session.queue_id, session.ended_at, abandoned=-1)

    def _target(self, queue_id: QueueId) -> timedelta:
        return timedelta(seconds=self._queues.get(queue_id).answer_target_s)


def _left_at_once(session: Session) -> bool:
    """A message left where nobody waited: it never was in the queue."""
    return session.contact is not None and all(s.ended_how != "left_message" for s in session.segments)


def _gave_up(before: Session, after: Session) -> bool:
    return before.unserved and after.over and after.first_reply_at is None and after.close_reason != "merged"
