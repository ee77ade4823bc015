"""The roster's routes: what it is made of, who works when, and who is on duty."""

from typing import Annotated

from pydantic import Field

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.shifts import (
    BusinessHours,
    BusinessHoursChange,
    Coverage,
    DutyRead,
    HolidayCalendar,
    HolidayCalendarChange,
    NewBusinessHours,
    NewHolidayCalendar,
    NewPublication,
    NewRosterAssignment,
    NewRotation,
    NewShift,
    NewShiftTemplate,
    Publication,
    RosterAssignment,
    RosterAssignmentChange,
    Rotation,
    RotationChange,
    Shift,
    ShiftTemplate,
    ShiftTemplateChange,
)
from chalicelib.shifts.definitions import Definitions
from chalicelib.shifts.model import AssignmentOverlaps, RosterBusy, ShiftOverlaps
from chalicelib.shifts.plans import Plans
from chalicelib.shifts.reading import Looking

Name = Annotated[str, Field(min_length=1, max_length=120)]
_ASSIGNMENT = "/v1/roster-assignments/{assignment_id}"


class RangeQuery(Value):
    """Half-open."""

    since: Annotated[Instant, Field(alias="from")]
    until: Annotated[Instant, Field(alias="to")]


class ShiftsQuery(RangeQuery):
    agent_id: Name | None = None
    unit_id: Name | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25
    cursor: Annotated[str, Field(max_length=500)] | None = None


class CoverageQuery(RangeQuery):
    queue_id: Name | None = None


class DutyQuery(Value):
    """As of now, if no instant is named."""

    at: Instant | None = None
    queue_id: Name | None = None


def routes(plans: Plans, definitions: Definitions, looking: Looking) -> Routes:
    on = Routes()
    _defining(on, definitions)

    @on.get(
        "/v1/roster-assignments",
        allow="shift.read",
        query=PageQuery,
        answers=Page[RosterAssignment],
        refuses=(BadCursor,),
    )
    def list_roster_assignments(caller: Caller, query: PageQuery) -> Page[RosterAssignment]:
        found = looking.assignments(caller, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        "/v1/roster-assignments",
        allow="shift.plan",
        body=NewRosterAssignment,
        answers=RosterAssignment,
        status=201,
        refuses=(AssignmentOverlaps, RosterBusy),
    )
    def assign_roster(caller: Caller, body: NewRosterAssignment) -> RosterAssignment:
        return plans.assign(caller, body)

    @on.patch(
        _ASSIGNMENT,
        allow="shift.plan",
        body=RosterAssignmentChange,
        answers=RosterAssignment,
        refuses=(StaleVersion, AssignmentOverlaps, RosterBusy),
    )
    def change_roster_assignment(
        caller: Caller, assignment_id: str, body: RosterAssignmentChange, version: int
    ) -> RosterAssignment:
        return plans.change_assignment(caller, assignment_id, body, version)

    @on.get("/v1/shifts", allow="shift.read", query=ShiftsQuery, answers=Page[Shift], refuses=(BadCursor,))
    def list_shifts(caller: Caller, query: ShiftsQuery) -> Page[Shift]:
        found = looking.shifts(
            caller,
            query.since,
            query.until,
            query.limit,
            query.cursor,
            agent_id=query.agent_id,
            unit_id=query.unit_id,
        )
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        "/v1/shifts",
        allow="shift.plan",
        body=NewShift,
        answers=Shift,
        status=201,
        refuses=(ShiftOverlaps, RosterBusy),
    )
    def plan_shift(caller: Caller, body: NewShift) -> Shift:
        return plans.add_shift(caller, body)

    @on.post(
        "/v1/roster/publish",
        allow="shift.publish",
        body=NewPublication,
        answers=Publication,
        refuses=(RosterBusy,),
    )
    def publish_roster(caller: Caller, body: NewPublication) -> Publication:
        return plans.publish(caller, body)

    @on.get("/v1/duty", allow="shift.read", query=DutyQuery, answers=Page[DutyRead])
    def duty(caller: Caller, query: DutyQuery) -> Page[DutyRead]:
        return Page(items=looking.duty(caller, query.at, query.queue_id))

    @on.get("/v1/coverage", allow="shift.read", query=CoverageQuery, answers=Coverage)
    def coverage(caller: Caller, query: CoverageQuery) -> Coverage:
        return looking.coverage(caller, query.since, query.until, query.queue_id)

    return on


def _defining(on: Routes, definitions: Definitions) -> None:  # four things, four routes each
    store = definitions.store

    @on.get(
        "/v1/shift-templates",
        allow="shift.read",
        query=PageQuery,
        answers=Page[ShiftTemplate],
        refuses=(BadCursor,),
    )
    def list_shift_templates(caller: Caller, query: PageQuery) -> Page[ShiftTemplate]:
        found = store.templates.page(query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.get("/v1/shift-templates/{template_id}", allow="shift.read", answers=ShiftTemplate)
    def get_shift_template(caller: Caller, template_id: str) -> ShiftTemplate:
        return store.templates.get(template_id)

    @on.post(
        "/v1/shift-templates", allow="shift.plan", body=NewShiftTemplate, answers=ShiftTemplate, status=201
    )
    def add_shift_template(caller: Caller, body: NewShiftTemplate) -> ShiftTemplate:
        return definitions.add(store.templates, ShiftTemplate, body)

    @on.patch(
        "/v1/shift-templates/{template_id}",
        allow="shift.plan",
        body=ShiftTemplateChange,
        answers=ShiftTemplate,
        refuses=(StaleVersion,),
    )
    def change_shift_template(
        caller: Caller, template_id: str, body: ShiftTemplateChange, version: int
    ) -> ShiftTemplate:
        return definitions.change(store.templates, ShiftTemplate, template_id, body, version)

    @on.get(
        "/v1/rotations", allow="shift.read", query=PageQuery, answers=Page[Rotation], refuses=(BadCursor,)
    )
    def list_rotations(caller: Caller, query: PageQuery) -> Page[Rotation]:
        found = store.rotations.page(query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.get("/v1/rotations/{rotation_id}", allow="shift.read", answers=Rotation)
    def get_rotation(caller: Caller, rotation_id: str) -> Rotation:
        return store.rotations.get(rotation_id)

    @on.post("/v1/rotations", allow="shift.plan", body=NewRotation, answers=Rotation, status=201)
    def add_rotation(caller: Caller, body: NewRotation) -> Rotation:
        return definitions.add(store.rotations, Rotation, body)

    @on.patch(
        "/v1/rotations/{rotation_id}",
        allow="shift.plan",
        body=RotationChange,
        answers=Rotation,
        refuses=(StaleVersion,),
    )
    def change_rotation(caller: Caller, rotation_id: str, body: RotationChange, version: int) -> Rotation:
        return definitions.change(store.rotations, Rotation, rotation_id, body, version)

    @on.get(
        "/v1/holiday-calendars",
        allow="shift.read",
        query=PageQuery,
        answers=Page[HolidayCalendar],
        refuses=(BadCursor,),
    )
    def list_holiday_calendars(caller: Caller, query: PageQuery) -> Page[HolidayCalendar]:
        found = store.calendars.page(query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.get("/v1/holiday-calendars/{calendar_id}", allow="shift.read", answers=HolidayCalendar)
    def get_holiday_calendar(caller: Caller, calendar_id: str) -> HolidayCalendar:
        return store.calendars.get(calendar_id)

    @on.post(
        "/v1/holiday-calendars",
        allow="shift.plan",
        body=NewHolidayCalendar,
        answers=HolidayCalendar,
        status=201,
    )
    def add_holiday_calendar(caller: Caller, body: NewHolidayCalendar) -> HolidayCalendar:
        return definitions.add(store.calendars, HolidayCalendar, body)

    @on.patch(
        "/v1/holiday-calendars/{calendar_id}",
        allow="shift.plan",
        body=HolidayCalendarChange,
        answers=HolidayCalendar,
        refuses=(StaleVersion,),
    )
    def change_holiday_calendar(
        caller: Caller, calendar_id: str, body: HolidayCalendarChange, version: int
    ) -> HolidayCalendar:
        return definitions.change(store.calendars, HolidayCalendar, calendar_id, body, version)

    @on.get(
        "/v1/business-hours",
        allow="shift.read",
        query=PageQuery,
        answers=Page[BusinessHours],
        refuses=(BadCursor,),
    )
    def list_business_hours(caller: Caller, query: PageQuery) -> Page[BusinessHours]:
        found = store.hours.page(query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.get("/v1/business-hours/{hours_id}", allow="shift.read", answers=BusinessHours)
    def get_business_hours(caller: Caller, hours_id: str) -> BusinessHours:
        return store.hours.get(hours_id)

    @on.post(
        "/v1/business-hours", allow="shift.plan", body=NewBusinessHours, answers=BusinessHours, status=201
    )
    def add_business_hours(caller: Caller, body: NewBusinessHours) -> BusinessHours:
        return definitions.add(store.hours, BusinessHours, body)

    @on.patch(
        "/v1/business-hours/{hours_id}",
        allow="shift.plan",
        body=BusinessHoursChange,
        answers=BusinessHours,
        refuses=(StaleVersion,),
    )
    def change_business_hours(
        caller: Caller, hours_id: str, body: BusinessHoursChange, version: int
    ) -> BusinessHours:
        return definitions.change(store.hours, BusinessHours, hours_id, body, version)
