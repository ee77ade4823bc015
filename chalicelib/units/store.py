"""Units, an item each, and the chart's own number, which every change moves on.

    "unit"   ·  unit_id  →  version, body
    "guard"  ·  "units"  →  version

All of them are one Query (config-sized: 500 at most). A change is a transaction with the number that was read, so that of two moves
that would make a cycle together one is refused.
"""

from chalicelib.kit.documents import Documents, QueueItem, StaleVersion
from chalicelib.kit.guards import Guard
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Check, Clash, Delete, Write, transact
from chalicelib.kit.values import UnitId
from chalicelib.units.model import Chart, NoSuchUnit, Unit, UnknownUnit

KIND = "unit"


class UnitStore:
    def __init__(self) -> None:
        self._units = Documents(QueueItem, KIND, Unit, lambda u: u.id, lambda u: u.version)
        self._guard = Guard(QueueItem, "units")

    def chart(self) -> Chart:
        return Chart(self._units.all())

    def chart_to_change(self) -> tuple[Chart, int]:
        """The chart and its number: the number first, so that whoever changed it between is noticed."""
        number = self._guard.read()
        return Chart(self._units.all(consistent=True)), number

    def get(self, unit_id: UnitId) -> Unit:
        found = self._units.find(unit_id)
        if found is None:
            raise NoSuchUnit("There is no such unit.")
        return found

    def page(self, limit: int, cursor: str | None = None) -> Slice[Unit]:
        return self._units.page(limit, cursor)

    def put(self, unit: Unit, number: int, token: str) -> None:
        """The unit, new or changed from the version before, if the chart is still the one of this number."""
        self._change(self._units.put(unit), number, token)

    def delete(self, unit: Unit, number: int, token: str) -> None:
        unchanged = QueueItem.version == unit.version
        self._change(Delete(QueueItem(KIND, unit.id), unchanged), number, token)

    def _change(self, write: Write, number: int, token: str) -> None:
        try:
            transact([write, self._guard.moved(number)], token)
        except Clash as clash:
            raise StaleVersion(
                "Somebody changed the units just now. Look again, and try once more."
            ) from clash


def stands(unit_id: str) -> Check:
    """What is put into a unit is only if there is one, as of the write."""
    return Check(QueueItem, KIND, unit_id, QueueItem.kind.exists())


def unknown_unit() -> UnknownUnit:
    return UnknownUnit("There is no such unit.", errors=(("unit_id", "is unknown"),))
