"""The org chart as an admin changes it: every change is judged on the whole chart and written only if that still is so."""

from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import AgentId, UnitId
from chalicelib.protocol.units import NewUnit, UnitChange
from chalicelib.queues.store import QueueStore
from chalicelib.units.model import NoSuchUnit, Unit, UnitInUse
from chalicelib.units.service import Units
from chalicelib.units.store import UnitStore


class UnknownAgent(Invalid):
    """A field names an agent that there is none of."""


class OrgChart:
    def __init__(
        self, store: UnitStore, units: Units, agents: AgentStore, queues: QueueStore, ids: Ids
    ) -> None:
        self._store = store
        self._units = units
        self._agents = agents
        self._queues = queues
        self._ids = ids

    def page(self, caller: Caller, limit: int, cursor: str | None) -> Slice[Unit]:
        reach = self._units.reach(caller, "unit.read")
        found = self._store.page(limit, cursor)
        return Slice([u for u in found.items if reach.covers(unit_id=u.id)], found.next_cursor)

    def get(self, caller: Caller, unit_id: UnitId, permission: str = "unit.read") -> Unit:
        unit = self._store.get(unit_id)
        if not self._units.reach(caller, permission).covers(unit_id=unit.id):
            raise NoSuchUnit("There is no such unit.")
        return unit

    def create(self, caller: Caller, new: NewUnit) -> Unit:
        return self._put(caller, Unit(id=UnitId(self._ids.new()), **dict(new)))

    def change(self, caller: Caller, unit_id: UnitId, change: UnitChange, version: int) -> Unit:
        unit = self.get(caller, unit_id, "unit.manage")
        if unit.version != version:
            raise StaleVersion("Somebody changed this unit since you read it. Read it again.")
        return self._put(caller, Unit(**{**dict(unit), **change.changes(), "version": version + 1}))

    def _put(self, caller: Caller, unit: Unit) -> Unit:
        """The unit's parent must be the caller's to put something under."""
        chart, number = self._store.chart_to_change()
        chart.with_unit(unit)
        if not self._units.reach(caller, "unit.manage").covers(unit_id=unit.parent_id):
            raise NoSuchUnit("There is no such unit to put it under.")
        self._are_agents("manager_ids", unit.manager_ids)
        self._are_agents("deputies", [d.agent_id for d in unit.deputies])
        self._store.put(unit, number, self._ids.new())
        return unit

    def delete(self, caller: Caller, unit_id: UnitId) -> None:
        unit = self.get(caller, unit_id, "unit.manage")
        chart, number = self._store.chart_to_change()
        inside = next((f"the unit {u.name}" for u in chart.units.values() if u.parent_id == unit.id), None)
        inside = inside or next(
            (f"the queue {q.name}" for q in self._queues.all() if q.unit_id == unit.id), None
        )
        if not inside and (agent := self._agents.any_in(unit.id)):
            inside = f"the agent {agent.alias}"
        if inside:
            raise UnitInUse(f"{unit.name} still holds {inside}. Move it elsewhere first.")
        self._store.delete(unit, number, self._ids.new())

    def _are_agents(self, field: str, agent_ids: list[str]) -> None:
        found = {agent.id for agent in self._agents.several([AgentId(a) for a in sorted(set(agent_ids))])}
        unknown = [a for a in agent_ids if a not in found]
        if unknown:
            raise UnknownAgent("One of these is no agent.", errors=((field, f"{unknown[0]} is unknown"),))
