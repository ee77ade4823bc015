"""Joining a queue: served at once, or waiting, or turned away where as many wait as may."""

from dataclasses import dataclass
from typing import Final

from chalicelib.agents.model import SLOT
from chalicelib.archive.service import Archive
from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.service import Dispatch
from chalicelib.queues.model import Queue
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.model import NotQueued, Session

USUAL_WAITING: Final = 10
"""How many may wait whoever is there."""
WAITING_PER_SLOT: Final = 5


@dataclass(frozen=True)
class Joining:
    archive: Archive
    dispatch: Dispatch
    ground: Ground

    def joined(self, session: Session) -> None:
        """After the first words. One who would wait too far behind is told at once: honesty beats hope."""
        self.dispatch.ring(session.queue_id, newly=session)
        if session.kept_until:
            self.ground.look_at(session.id, session.kept_until)
        if self._is_full_for(session):
            self._turn_away(session)

    def _is_full_for(self, session: Session) -> bool:
        queue = self.ground.queues.get(session.queue_id)
        at_least = USUAL_WAITING if queue.max_waiting is None else queue.max_waiting
        ahead = self.ground.store.ahead_of(session, at_least)
        if ahead < at_least:
            return False
        if not self.ground.store.tail(session.id).session.waits_in_queue:
            return False
        if queue.max_waiting is not None:
            return True
        most = max(at_least, WAITING_PER_SLOT * self._slots_on_duty(queue))
        return self.ground.store.ahead_of(session, most) >= most

    def _slots_on_duty(self, queue: Queue) -> int:
        now = self.ground.now
        here = [
            c
            for c in self.ground.candidates(queue)
            if c.agent.enabled and c.agent.connected(now.machine) and not c.off_duty(queue, now)
        ]
        return sum(c.limit for c in here) // SLOT

    def _turn_away(self, session: Session) -> None:
        def may(found: Session) -> None:
            if not found.waits_in_queue:
                raise NotQueued("Somebody has it by now.")

        try:
            self.archive.end(session.id, SYSTEM, may, reason="queue_full")
        except NotQueued:
            return
