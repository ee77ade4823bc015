"""Connection and routing status of agents: leases by heartbeat, a hint by disconnect, statuses by whoever may set them."""

from datetime import datetime, timedelta

from chalicelib.agents.breaks import BreakReason, BreakReasons, comes_back, goes
from chalicelib.agents.model import Agent, NewStatus
from chalicelib.agents.statuses import noted
from chalicelib.agents.store import AgentStore
from chalicelib.connections.model import LEASE, Person
from chalicelib.delivery.service import Delivery
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Unavailable
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Clash, Write
from chalicelib.kit.values import AgentId
from chalicelib.protocol.events import AgentStatusChanged
from chalicelib.protocol.values import By, RoutingStatus
from chalicelib.units.service import Units

RELOAD_GRACE = timedelta(seconds=15)
"""How long an agent whose last socket went is still counted as here: a reload takes less."""
ATTEMPTS = 5
STATUS = "agent status"
"""What is watched of the agents in a supervisor's reach."""


class StatusContended(Unavailable):
    """Others set it at the same moment; nothing was done."""


class Presence:
    def __init__(
        self,
        agents: AgentStore,
        reasons: BreakReasons,
        units: Units,
        delivery: Delivery,
        ids: Ids,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._agents = agents
        self._reasons = reasons
        self._units = units
        self._delivery = delivery
        self._ids = ids
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
        self,
        agent_id: AgentId,
        status: RoutingStatus,
        reason: str | None,
        by: By,
        why: str,
        next_status: RoutingStatus | None = None,
    ) -> Agent:
        """As it is already: nothing is done. With an empty desk `next_status` comes at once."""
        for _ in range(ATTEMPTS):
            agent, now = self._agents.get(agent_id), self._business_now()
            if next_status is not None and not agent.slots:
                status, next_status = next_status, None
            new, away = self._as_set(status, reason, next_status, now)
            if _as_it_is(agent, new):
                return agent
            try:
                self._agents.take_status(
                    agent, new, now, self._also(agent, new, away, now, by, why), self._ids.new()
                )
            except Clash:
                continue
            agent = self._agents.get(agent_id)
            self.tell(agent, by, why)
            return agent
        raise StatusContended("Others set this status at the same moment. Try again.", retry_after_s=1)

    def take_next(self, agent: Agent) -> Agent:
        """What they wanted to be once their desk is empty, if it is."""
        if agent.next_status is None or agent.slots:
            return agent
        by = By(role="agent", id=agent.id, name=agent.alias)
        return self.set_status(agent.id, agent.next_status, agent.next_reason, by, "the desk is empty")

    def tell(self, agent: Agent, by: By, why: str) -> None:
        """To the agent, and to whoever may see how they stand."""
        event = AgentStatusChanged(
            agent_id=agent.id,
            connected=agent.enabled and agent.connected(self._now()),
            routing_status=agent.routing_status,
            break_reason=agent.break_reason,
            break_ends_at=agent.break_ends_at,
            duty=agent.duty(self._business_now()),
            by=by,
            why=why,
        )
        self._delivery.tell_person(Person("agent", agent.id), event)
        for name in self._units.watched(agent.unit_id):
            self._delivery.tell_watchers(name, {STATUS: event}, besides=Person("agent", agent.id))

    def _as_set(
        self,
        status: RoutingStatus,
        reason: str | None,
        next_status: RoutingStatus | None,
        now: datetime,
    ) -> tuple[NewStatus, BreakReason | None]:
        """The reason is that of the break, whichever of the two that is."""
        later = reason if next_status == "break" and status != "break" else None
        own = None if later else reason
        away = self._reasons.meant(own) if own and status == "break" else None
        minutes = away.max_minutes if away else None
        return (
            NewStatus(
                status=status,
                reason=away.name if away else own,
                next_status=next_status,
                next_reason=later,
                break_id=away.id if away else None,
                break_ends_at=now + timedelta(minutes=minutes) if minutes else None,
            ),
            away,
        )

    def _also(
        self, agent: Agent, new: NewStatus, away: BreakReason | None, now: datetime, by: By, why: str
    ) -> list[Write]:
        """What is written with it: a line of the history, and who is away for a break."""
        writes: list[Write] = []
        if (agent.routing_status, agent.break_reason) != (new.status, new.reason):
            writes.append(noted(agent.id, new.status, new.reason, now, by, why, agent.status_no + 1))
        if agent.break_id and agent.break_id != new.break_id:
            writes.append(comes_back(agent.id, agent.break_id))
        if away and agent.break_id != away.id:
            writes.append(goes(agent.id, away))
        return writes


def _as_it_is(agent: Agent, new: NewStatus) -> bool:
    return (agent.routing_status, agent.break_reason, agent.next_status, agent.next_reason) == (
        new.status,
        new.reason,
        new.next_status,
        new.next_reason,
    )
