"""Whether somebody could serve a newcomer at once, for everybody who looks at a page with the widget on it."""

from chalicelib.agents.model import Agent, NoSuchAgent
from chalicelib.agents.store import AgentStore
from chalicelib.kit.clock import Clock
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.queues.model import Queue
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.store import SessionStore


class Openness:
    """A look costs a Query of keys and, while the one found last still could, four Gets, however many serve the queue. All its
    members are read only where that one can't any more, or nobody can and nobody waits.
    """

    def __init__(
        self,
        queues: QueueStore,
        agents: AgentStore,
        sessions: SessionStore,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._queues = queues
        self._agents = agents
        self._sessions = sessions
        self._now = clock
        self._machine_now = machine_clock

    def of(self, queue_id: QueueId) -> bool:
        """Where others wait a newcomer waits too."""
        if self._sessions.waiting(queue_id, 1):
            return False
        queue, lately = self._queues.get(queue_id), self._queues.able_lately(queue_id)
        if lately and self._still_can(queue, lately):
            return True
        members = {m.agent_id: m for m in self._queues.members(queue_id)}
        for agent in self._agents.several(sorted(members)):
            if self._can(queue, agent, members[agent.id].capacity):
                self._queues.was_able(queue_id, agent.id)
                return True
        return False

    def _still_can(self, queue: Queue, agent_id: AgentId) -> bool:
        try:
            agent = self._agents.get(agent_id)
        except NoSuchAgent:
            return False
        member = self._queues.find_member(queue.id, agent_id)
        return member is not None and self._can(queue, agent, member.capacity)

    def _can(self, queue: Queue, agent: Agent, limit: int | None) -> bool:
        return agent.free_slots(queue, limit, self._machine_now(), self._now()) > 0
