"""Whose rosters and requests somebody may see or change: their own, those of agents in their units, or everybody's."""

from collections.abc import Iterable

from chalicelib.agents.model import Agent, NoSuchAgent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.values import AgentId
from chalicelib.shifts.model import NoSuchShift
from chalicelib.units.service import Units


class Reaches:
    def __init__(self, units: Units, agents: AgentStore) -> None:
        self._units = units
        self._agents = agents

    def others(self, caller: Caller, permission: str) -> bool:
        """Whether anybody else's may lie in the caller's reach."""
        return self._units.reach(caller, permission).others_too

    def everybody(self, caller: Caller, permission: str) -> bool:
        return self._units.reach(caller, permission).everything

    def must(self, caller: Caller, permission: str, agent_id: str) -> None:
        """What somebody may not see does not exist. Nobody of that id: whoever reaches everybody is told so by others."""
        reach = self._units.reach(caller, permission)
        if reach.everything or reach.covers(owner_id=agent_id, unit_id=NO_UNIT):
            return
        try:
            unit_id = self._agents.get(AgentId(agent_id)).unit_id if reach.others_too else NO_UNIT
        except NoSuchAgent:
            unit_id = None
        if not reach.covers(owner_id=agent_id, unit_id=unit_id):
            raise NoSuchShift("There is nothing of that name.")

    def seen(self, caller: Caller, permission: str, agents: Iterable[Agent]) -> list[Agent]:
        """Of these, those that the caller reaches."""
        reach = self._units.reach(caller, permission)
        return [a for a in agents if reach.covers(owner_id=a.id, unit_id=a.unit_id)]

    def seen_ids(self, caller: Caller, permission: str, agent_ids: Iterable[str]) -> frozenset[str]:
        """The same by id: a batch of Gets a hundred, and none for whoever reaches everybody."""
        asked = sorted({AgentId(a) for a in agent_ids})
        reach = self._units.reach(caller, permission)
        if reach.everything:
            return frozenset(asked)
        found = self._agents.several(asked)
        return frozenset(a.id for a in found if reach.covers(owner_id=a.id, unit_id=a.unit_id))


NO_UNIT = "\x00"
"""No unit's id: for asking what somebody reaches whatever the unit."""
