"""Units, skills, queues and their members, as an admin changes them."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import UnitId
from chalicelib.office.units import OrgChart, UnknownAgent
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.units import NewUnit, Unit, UnitChange
from chalicelib.units.model import TooDeep, TooManyUnits, UnitCycle, UnitInUse, UnknownUnit

_CHARTING = (UnknownUnit, UnitCycle, TooDeep, TooManyUnits, UnknownAgent, StaleVersion)
_UNIT = "/v1/units/{unit_id}"


def routes(chart: OrgChart) -> Routes:
    on = Routes()

    @on.get("/v1/units", allow="unit.read", query=PageQuery, answers=Page[Unit], refuses=(BadCursor,))
    def list_units(caller: Caller, query: PageQuery) -> Page[Unit]:
        """By id. A page may be short and carry a cursor: what the caller may not see is not in it."""
        found = chart.page(caller, query.limit, query.cursor)
        return Page(items=[u.read() for u in found.items], next_cursor=found.next_cursor)

    @on.post("/v1/units", allow="unit.manage", body=NewUnit, answers=Unit, status=201, refuses=_CHARTING)
    def create_unit(caller: Caller, body: NewUnit) -> Unit:
        return chart.create(caller, body).read()

    @on.get(_UNIT, allow="unit.read", answers=Unit)
    def get_unit(caller: Caller, unit_id: str) -> Unit:
        return chart.get(caller, UnitId(unit_id)).read()

    @on.patch(_UNIT, allow="unit.manage", body=UnitChange, answers=Unit, refuses=_CHARTING)
    def change_unit(caller: Caller, unit_id: str, body: UnitChange, version: int) -> Unit:
        return chart.change(caller, UnitId(unit_id), body, version).read()

    @on.delete(_UNIT, allow="unit.manage", refuses=(UnitInUse, StaleVersion))
    def delete_unit(caller: Caller, unit_id: str) -> None:
        chart.delete(caller, UnitId(unit_id))

    return on
