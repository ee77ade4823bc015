"""How far somebody's grants go: the one place that every room asks."""

from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.permissions.model import UNIT_SCOPES, Reach, scopes
from chalicelib.units.store import UnitStore


class Units:
    def __init__(self, store: UnitStore, clock: Clock) -> None:
        self._store = store
        self._now = clock

    def reach(self, caller: Caller, permission: str) -> Reach:
        """Costs nothing but where a unit scope has to be looked up in the chart: one Query then."""
        within = scopes(caller.role_ids, permission)
        if "all" in within or not within & UNIT_SCOPES:
            return Reach(caller.id, within, everything="all" in within)
        return self._store.chart().reach(caller.id, caller.unit_id, within, self._now())

    def homes(self, caller: Caller) -> frozenset[str]:
        return self._store.chart().homes(caller.id, caller.unit_id, self._now())

    def above(self, unit_id: str | None) -> list[str]:
        """A unit and those above it."""
        return [unit.id for unit in self._store.chart().above(unit_id)] if unit_id else []
