"""Connection and routing status of agents: leases by heartbeat, a hint by disconnect, statuses by whoever may set them."""

from datetime import timedelta

from chalicelib.agents.model import Agent
from chalicelib.agents.store import AgentStore
from chalicelib.connections.model import LEASE, Person
from chalicelib.delivery.service import Delivery
from chalicelib.kit.clock import Clock
from chalicelib.kit.values import AgentId
from chalicelib.protocol.events import AgentStatusChanged
from chalicelib.protocol.values import By, RoutingStatus

RELOAD_GRACE = timedelta(seconds=15)
"""How long an agent whose last socket went is still counted as here: a reload takes less."""


class Presence:
    def __init__(self, agents: AgentStore, delivery: Delivery, clock: Clock, machine_clock: Clock) -> None:
        self._agents = agents
        self._delivery = delivery
        self._business_now = clock
        self._now = machine_clock

    def here(self, agent_id: AgentId) -> Agent:
        """A sign of life: the lease runs anew. Gives the agent as of now."""
        self._agents.renew_lease(agent_id, self._now() + LEASE["agent"])
        return self._agents.get(agent_id)

    def left(self, agent_id: AgentId) -> None:
        """A socket went. If it was the last one the lease ends soon, unless a heartbeat says otherwise."""
        if not self._delivery.connections_of(Person("agent", agent_id)):
            self._agents.shorten_lease(agent_id, self._now() + RELOAD_GRACE)

    def set_status(
        self, agent_id: AgentId, status: RoutingStatus, reason: str | None, by: By, why: str
    ) -> Agent:
        self._agents.set_status(agent_id, status, reason, self._business_now())
        agent = self._agents.get(agent_id)
        event = AgentStatusChanged(
            agent_id=agent.id,
            connected=agent.connected(self._now()),
            routing_status=agent.routing_status,
            duty=agent.duty(self._business_now()),
            by=by,
            why=why,
        )
        self._delivery.tell_person(Person("agent", agent_id), event)
        self._tell_supervisors(agent, event)
        return agent

    def _tell_supervisors(self, agent: Agent, event: AgentStatusChanged) -> None:
        """To those who watch the desks or the live board of a queue that this agent serves."""
        for queue_id in sorted(agent.queue_ids):
            self._delivery.tell_watchers(
                f"queue:{queue_id}",
                {"live": event, "team": event},
                besides=Person("agent", agent.id),
            )
