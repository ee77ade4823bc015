"""The routes of what rosters are made of: four kinds, alike but for what they are called and hold."""

from typing import TypeVar

from pydantic import BaseModel

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import Documents, StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.shifts import (
    BusinessHours,
    BusinessHoursChange,
    HolidayCalendar,
    HolidayCalendarChange,
    NewBusinessHours,
    NewHolidayCalendar,
    NewRotation,
    NewShiftTemplate,
    Rotation,
    RotationChange,
    ShiftTemplate,
    ShiftTemplateChange,
)
from chalicelib.shifts.definitions import Definitions

T = TypeVar("T", bound=BaseModel)


def defining(on: Routes, definitions: Definitions) -> None:
    store = definitions.store
    templates = (NewShiftTemplate, ShiftTemplateChange)
    _kind(on, definitions, store.templates, ShiftTemplate, templates, "shift_template", "shift-templates")
    _kind(on, definitions, store.rotations, Rotation, (NewRotation, RotationChange), "rotation", "rotations")
    calendars = (NewHolidayCalendar, HolidayCalendarChange)
    _kind(
        on, definitions, store.calendars, HolidayCalendar, calendars, "holiday_calendar", "holiday-calendars"
    )
    hours = (NewBusinessHours, BusinessHoursChange)
    _kind(on, definitions, store.hours, BusinessHours, hours, "business_hours", "business-hours")


def _kind(
    on: Routes,
    definitions: Definitions,
    documents: Documents[T],
    model: type[T],
    bodies: tuple[type[BaseModel], type[BaseModel]],
    name: str,
    many: str,
) -> None:
    """List, read, add and change. An operation is known by its handler's name, so each kind's are named after it."""
    every, one = f"/v1/{many}", f"/v1/{many}/{{definition_id}}"
    new, change = bodies

    def listed(caller: Caller, query: PageQuery) -> Page[T]:
        found = documents.page(query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    def read(caller: Caller, definition_id: str) -> T:
        return documents.get(definition_id)

    def added(caller: Caller, body: BaseModel) -> T:
        return definitions.add(caller, documents, model, body)

    def changed(caller: Caller, definition_id: str, body: BaseModel, version: int) -> T:
        return definitions.change(caller, documents, model, definition_id, body, version)

    for handler, doing in ((listed, "list"), (read, "get"), (added, "add"), (changed, "change")):
        handler.__name__ = f"{doing}_{name}"
    on.get(every, allow="shift.read", query=PageQuery, answers=Page[model], refuses=(BadCursor,))(listed)  # type: ignore[valid-type]
    on.get(one, allow="shift.read", answers=model)(read)
    on.post(every, allow="shift.plan", body=new, answers=model, status=201)(added)
    on.patch(one, allow="shift.plan", body=change, answers=model, refuses=(StaleVersion,))(changed)
