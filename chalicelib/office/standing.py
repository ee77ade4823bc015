"""How a queue stands: who waits, and who could serve them."""

from chalicelib.agents.model import SLOT, Agent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.values import QueueId
from chalicelib.protocol.queues import QueueAgent, QueueStatus
from chalicelib.queues.model import Member, Queue
from chalicelib.queues.reading import ReadQueues
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.model import NoSuchSession
from chalicelib.sessions.store import SessionStore

COUNTED_TO = 100
"""Of those who wait: beyond it the number says 99+."""
LOOKED_AT = 20
"""From the front, for who has waited longest."""


class Standing:
    def __init__(
        self,
        reading: ReadQueues,
        queues: QueueStore,
        agents: AgentStore,
        sessions: SessionStore,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._reading = reading
        self._queues = queues
        self._agents = agents
        self._sessions = sessions
        self._now = clock
        self._machine_now = machine_clock

    def of(self, caller: Caller, queue_id: QueueId) -> QueueStatus:
        queue = self._reading.get(caller, queue_id, "queue.read")
        waiting = self._sessions.waiting(queue.id, COUNTED_TO)
        queued = []
        for waits in waiting[:LOOKED_AT]:
            try:
                session = self._sessions.tail(waits.session_id, consistent=False).session
            except NoSuchSession:
                continue
            if session.waits_in_queue and session.queued_at:
                queued.append(session.queued_at)
        members = {m.agent_id: m for m in self._queues.members(queue.id)}
        agents = [self._as_seen(a, members[a.id], queue) for a in self._agents.several(sorted(members))]
        return QueueStatus(
            queue_id=queue.id,
            waiting=len(waiting),
            oldest_queued_at=min(queued, default=None),
            agents=agents,
            free_slots=sum(a.free_slots for a in agents),
        )

    def _as_seen(self, agent: Agent, member: Member, queue: Queue) -> QueueAgent:
        now, machine_now = self._now(), self._machine_now()
        capacity = agent.capacity if member.capacity is None else min(member.capacity, agent.capacity)
        return QueueAgent(
            agent_id=agent.id,
            name=agent.alias,
            connected=agent.connected(machine_now),
            routing_status=agent.routing_status,
            duty=agent.duty(now),
            load=agent.load / SLOT,
            capacity=capacity,
            free_slots=agent.free_slots(queue, member.capacity, machine_now, now),
        )
