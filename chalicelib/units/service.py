"""How far somebody's grants go: the one place that every room asks."""

from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.permissions.model import UNIT_SCOPES, Reach, scopes
from chalicelib.units.store import UnitStore

TREE, ALONE = "agents:", "agents-of:"
"""Of a unit and all below it; of a unit alone. With no unit behind it: of the house."""


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

    def watches(self, caller: Caller, permission: str) -> list[str]:
        """The names under which what happens to others in the caller's reach is told; those who reach only their own have none."""
        within = scopes(caller.role_ids, permission)
        if "all" in within:
            return [TREE]
        if not within & UNIT_SCOPES:
            return []
        kind = TREE if "unit_tree" in within else ALONE
        return sorted(
            kind + home for home in self._store.chart().homes(caller.id, caller.unit_id, self._now())
        )

    def watched(self, unit_id: str | None) -> list[str]:
        """The names under which what happens to somebody of this unit is told: to whoever reaches the unit, or one above it."""
        above = [TREE + unit.id for unit in self._store.chart().above(unit_id)] if unit_id else []
        return [TREE, ALONE + (unit_id or ""), *above]
