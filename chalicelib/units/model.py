"""The org chart. Pure: who stands where, what a move would make of it, and how far somebody reaches."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from chalicelib.kit.errors import Conflict, Invalid, NotFound
from chalicelib.kit.values import UnitId
from chalicelib.permissions.model import HOUSE, Reach, Scope
from chalicelib.protocol.units import Unit as UnitRead, UnitRules

LEVELS = 6
MOST_UNITS = 500
"""All of them are read to judge who reaches what."""


class NoSuchUnit(NotFound):
    """No unit of that id, or not for this caller."""

    code = "not_found"


class UnknownUnit(Invalid):
    """A field names a unit that there is none of."""


class UnitCycle(Conflict):
    """A unit can't stand below itself."""


class UnitTooDeep(Conflict):
    """The tree has six levels at most."""


class TooManyUnits(Conflict):
    """As many as the chart can hold."""


class UnitInUse(Conflict):
    """Something stands in it still."""


class Unit(UnitRules):
    id: UnitId
    version: int = 1

    def read(self) -> UnitRead:
        return UnitRead.model_validate(dict(self))

    def led_by(self, agent_id: str, now: datetime) -> bool:
        """By its managers, and by deputies while they stand in."""
        return agent_id in self.manager_ids or any(
            d.agent_id == agent_id and d.since <= now < d.until for d in self.deputies
        )


class Chart:
    """All units at once. A parent that is gone leaves its children on top."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in units}

    def above(self, unit_id: str | None) -> Iterator[Unit]:
        """The unit itself and those above it, upwards."""
        seen: set[str] = set()
        while unit_id and (unit := self.units.get(unit_id)) and unit_id not in seen:
            seen.add(unit_id)
            yield unit
            unit_id = unit.parent_id

    def below(self, unit_ids: Iterable[str]) -> frozenset[str]:
        """These units and all below them."""
        roots = frozenset(unit_ids)
        under = {u.id for u in self.units.values() if any(a.id in roots for a in self.above(u.id))}
        return roots | under

    def height(self, unit_id: str) -> int:
        """How many levels the unit and what is below it take."""
        own = sum(1 for _ in self.above(unit_id))
        return max(sum(1 for _ in self.above(u)) for u in self.below([unit_id])) - own + 1

    def with_unit(self, unit: Unit) -> "Chart":
        """The chart as it would be with this unit new or changed. Raises what is wrong with that."""
        if unit.parent_id and unit.parent_id not in self.units:
            raise UnknownUnit("There is no such unit.", errors=(("parent_id", "is unknown"),))
        if unit.id in (a.id for a in self.above(unit.parent_id)):
            raise UnitCycle(
                f"{unit.name} can't stand below itself. Choose a parent that is not below it.",
                errors=(("parent_id", "is below it, or the unit itself"),),
            )
        if unit.id not in self.units and len(self.units) >= MOST_UNITS:
            raise TooManyUnits(f"There are {MOST_UNITS} units, which is as many as there can be.")
        above = sum(1 for _ in self.above(unit.parent_id))
        levels = self.height(unit.id) if unit.id in self.units else 1
        if above + levels > LEVELS:
            raise UnitTooDeep(
                f"The tree has {LEVELS} levels at most.", errors=(("parent_id", "is too far down"),)
            )
        return Chart([*(u for u in self.units.values() if u.id != unit.id), unit])

    def homes(self, agent_id: str, unit_id: str | None, now: datetime) -> frozenset[str]:
        """Where somebody stands: in their own unit and in those they lead; in none of them, in the house itself."""
        led = {u.id for u in self.units.values() if u.led_by(agent_id, now)}
        return frozenset(led | ({unit_id} if unit_id else set())) or frozenset({HOUSE})

    def reach(self, agent_id: str, unit_id: str | None, scopes: frozenset[Scope], now: datetime) -> Reach:
        """How far grants in these scopes go. The house's own people reach with `unit` what belongs to no unit, with `unit_tree` all."""
        homes = self.homes(agent_id, unit_id, now)
        units: frozenset[str] = frozenset()
        if "unit" in scopes:
            units |= homes
        if "unit_tree" in scopes:
            units |= self.below(homes)
        everything = "all" in scopes or ("unit_tree" in scopes and HOUSE in homes)
        return Reach(agent_id, scopes, units, everything=everything)
