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
    Coverage,
    DutyRead,
    NewPublication,
    NewRosterAssignment,
    NewShift,
    Publication,
    RosterAssignment,
    RosterAssignmentChange,
    Shift,
)
from chalicelib.shifts.definitions import Definitions
from chalicelib.shifts.definitions_api import defining
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
    defining(on, definitions)

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
