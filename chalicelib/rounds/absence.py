"""Looking at agents whose lease may have ended: who is gone has their sessions go on with a colleague, at the front of the queue."""

from datetime import timedelta

from chalicelib.agents.model import Agent, NoSuchAgent
from chalicelib.agents.presence import Presence
from chalicelib.agents.store import AgentStore
from chalicelib.kit.clock import Clock
from chalicelib.kit.log import Log
from chalicelib.kit.values import AgentId
from chalicelib.office.leaving import Leaving
from chalicelib.protocol.values import By
from chalicelib.sessions.entries import SYSTEM

AT_ONCE = 100
AGAIN = timedelta(seconds=30)
"""How soon one is looked at again of whom something is left to do."""


class Absence:
    """A look costs a consistent Get and a write; each agent who is here has one in a lease's time, whatever their heartbeats."""

    def __init__(
        self,
        agents: AgentStore,
        presence: Presence,
        leaving: Leaving,
        log: Log,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._agents = agents
        self._presence = presence
        self._leaving = leaving
        self._log = log
        self._now = clock
        self._machine_now = machine_clock

    def run(self) -> int:
        """How many sessions went on elsewhere."""
        moved = 0
        for agent_id in self._agents.due(self._machine_now(), AT_ONCE):
            try:
                moved += self._look(agent_id)
            except Exception as error:  # noqa: BLE001  # one agent's trouble keeps nothing from the others
                self._log(what="absence", agent_id=agent_id, error=repr(error))
        return moved

    def _look(self, agent_id: AgentId) -> int:
        try:
            agent = self._agents.get(agent_id)
        except NoSuchAgent:
            return 0
        now = self._machine_now()
        if agent.enabled and agent.connected(now):
            agent = self._presence.take_next(agent)
            self._agents.look_again(agent, agent.lease_until)
            self._break_is_over(agent)
            return 0
        moved = self._leaving.clear_lost(agent, SYSTEM)
        left = self._agents.get(agent_id)
        stays = any(self._leaving.is_served(s, agent_id) for s in left.slots)
        if self._agents.look_again(agent, now + AGAIN if stays else None) and not stays:
            self._presence.tell(left, By(role="system"), "lost" if moved else "not connected")
        return moved

    def _break_is_over(self, agent: Agent) -> None:
        """Once, to whoever sees how they stand: in the look that comes first after it."""
        ends_at = agent.break_ends_at
        if agent.routing_status != "break" or ends_at is None:
            return
        if ends_at <= self._now() and not agent.break_told:
            self._agents.told_of_break(agent)
            self._presence.tell(agent, By(role="system"), "break is over")
