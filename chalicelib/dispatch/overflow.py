"""Waiting that has lasted too long in one queue goes on in another: with the time it had, and never back to where it was."""

from datetime import datetime

from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.service import Dispatch
from chalicelib.kit.errors import NotFound
from chalicelib.kit.values import QueueId, SessionId
from chalicelib.protocol.values import SystemLine
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.expiry import overflows_to
from chalicelib.sessions.model import Session
from chalicelib.sessions.service import anyone
from chalicelib.sessions.store import Read
from chalicelib.sessions.transfers import overflowed


class Overflow:
    def __init__(self, ground: Ground, dispatch: Dispatch) -> None:
        self._on = ground
        self._dispatch = dispatch

    def run(self, session_id: SessionId, queue_id: QueueId) -> bool:
        """Whether it went on. Judged anew at the write; a queue that is there no more takes nothing."""
        on, now = self._on, self._on.clock()
        try:
            target = on.queues.get(queue_id)
        except NotFound:
            return False

        def decide(read: Read) -> tuple[Session, SystemLine]:
            due = self._is_due(read.session, queue_id, now)
            asked = on.asked(target, read.session)
            after = overflowed(read.session, queue_id, asked.asked, now) if due else read.session
            return after, SystemLine(code="overflowed", about={"queue": target.name})

        moved = on.sessions.move(session_id, SYSTEM, anyone, decide)
        if moved.happened:
            self._dispatch.moved_up(moved.before.queue_id, moved.before)
            self._dispatch.ring(queue_id, newly=moved.after)
        return moved.happened

    def _is_due(self, session: Session, queue_id: QueueId, now: datetime) -> bool:
        if not session.waits_in_queue or session.queue_id == queue_id:
            return False
        rule = overflows_to(session, self._on.queues.get(session.queue_id))
        return rule is not None and rule.queue_id == queue_id and rule.at <= now
