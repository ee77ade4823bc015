"""Handing left messages out: by the minute, to whoever has room when no customer waits for them.

Of an agent's slots they take at most their queue's share, as counted on the desk that was read; the claim holds only while that desk is
as it was. What lies on the desk is read with a Query a session, and only where a left message is nobody's.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.agents.model import SLOT, Agent, AgentUnable
from chalicelib.agents.store import AgentStore, as_it_was, ready, slot_taken
from chalicelib.dispatch.model import Candidate
from chalicelib.kit.clock import Clock
from chalicelib.kit.log import Log
from chalicelib.kit.table import Write
from chalicelib.kit.values import SessionId
from chalicelib.left_messages.answering import taken_line
from chalicelib.protocol.values import SystemLine
from chalicelib.queues.model import Queue
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.left import LeftByColleague, NotLeft, taken
from chalicelib.sessions.left_store import LeftStore
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import Sessions, anyone
from chalicelib.sessions.store import Read, SessionStore

AT_ONCE = 20
"""Of one queue in one round."""


@dataclass(frozen=True)
class Handing:
    store: SessionStore
    left: LeftStore
    sessions: Sessions
    agents: AgentStore
    queues: QueueStore
    log: Log
    clock: Clock
    machine_clock: Clock

    def run(self) -> int:
        """Gives how many were handed out. Safe twice, late and overlapping: each is one conditional transition."""
        handed = 0
        for queue in self.queues.all():
            try:
                if queue.mode == "auto":
                    handed += self._of(queue)
            except Exception as error:  # noqa: BLE001  # one queue's trouble keeps nothing from the others
                self.log(what="hand_out", queue_id=queue.id, error=repr(error))
        return handed

    def _of(self, queue: Queue) -> int:
        waiting = self.left.nobodys(queue.id, AT_ONCE)
        if not waiting or self.store.waiting(queue.id, 1):
            return 0
        handed = 0
        able = self._able(queue)
        for session_id in waiting:
            while able:
                agent = able.pop(0)
                if self._handed(session_id, agent, queue):
                    handed += 1
                    break
        return handed

    def _able(self, queue: Queue) -> list[Agent]:
        """Those with room for one, the least loaded first; each takes one a round."""
        members = {m.agent_id: m for m in self.queues.members(queue.id)}
        found = [Candidate(a, members[a.id]) for a in self.agents.several(sorted(members))]
        free = [c.agent for c in found if self._may(c, queue)]
        return sorted(free, key=lambda a: (a.load / max(a.capacity, 1), a.id))

    def _may(self, candidate: Candidate, queue: Queue) -> bool:
        agent = candidate.agent
        if (
            not _is_there(agent, queue, self.clock(), self.machine_clock())
            or agent.load + SLOT > candidate.limit
        ):
            return False
        most = int(agent.capacity * queue.left_messages.share)
        return most > 0 and self._left_on(agent) < most

    def _left_on(self, agent: Agent) -> int:
        return sum(self._is_left(SessionId(session_id)) for session_id in agent.slots)

    def _is_left(self, session_id: SessionId) -> bool:
        try:
            return self.store.tail(session_id).session.state == "left_message"
        except NoSuchSession:
            return False

    def _handed(self, session_id: SessionId, agent: Agent, queue: Queue) -> bool:
        now = self.clock()
        is_ready = ready(self.machine_clock(), now, ignores_duty=queue.ignore_duty)
        only_if = is_ready & as_it_was(agent)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if read.session.agent is not None:
                raise LeftByColleague(f"{read.session.agent.name} takes care of this message.")
            return taken(read.session, agent.brief, now), taken_line(agent.brief)

        def slot(_: Session, after: Session) -> list[Write]:
            return [slot_taken(agent, agent.capacity * SLOT, after.id, now, only_if=only_if)]

        try:
            self.sessions.move(session_id, SYSTEM, anyone, decide, also=slot, staff=True)
        except (AgentUnable, LeftByColleague, NotLeft, NoSuchSession):
            return False
        return True


def _is_there(agent: Agent, queue: Queue, now: datetime, machine_now: datetime) -> bool:
    """Whether they work for this queue now, however much they have to do."""
    here = agent.enabled and agent.connected(machine_now) and agent.routing_status == "accepting"
    return here and (queue.ignore_duty or agent.works(now))
