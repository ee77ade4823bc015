"""The roster's store. Keys and costs are drawn in `items`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from chalicelib.agents.duty import DutyCache
from chalicelib.agents.model import Agent
from chalicelib.agents.store import roster_written
from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.documents import Documents, QueueItem
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import Delete, Put, Write, get_raw, query_all, query_page, transact
from chalicelib.kit.values import AgentId
from chalicelib.protocol.shifts import (
    BusinessHours,
    HolidayCalendar,
    Leave,
    Override,
    RosterAssignment,
    Rotation,
    Shift,
    ShiftTemplate,
    Swap,
)
from chalicelib.shifts.calendar import Roster
from chalicelib.shifts.items import (
    Changing,
    ScheduleItem,
    T,
    assignment_item,
    changes_of,
    counting_item,
    day_list,
    ends,
    of_agent,
    read,
    request_item,
    shift_item,
)

DAY = timedelta(days=1)
AT_ONCE = 90
"""Writes of one transaction, of which DynamoDB takes 100."""
_ITEM = cast("type[QueueItem]", ScheduleItem)
"""Of the shape that all definitions have."""
_KINDS = {Leave: "leave", Swap: "swap", Override: "override"}


class ShiftStore:
    def __init__(self) -> None:
        self.templates = Documents(
            _ITEM, "shift_template", ShiftTemplate, lambda t: t.id, lambda t: t.version
        )
        self.rotations = Documents(_ITEM, "rotation", Rotation, lambda r: r.id, lambda r: r.version)
        self.calendars = Documents(
            _ITEM, "holiday_calendar", HolidayCalendar, lambda c: c.id, lambda c: c.version
        )
        self.hours = Documents(_ITEM, "business_hours", BusinessHours, lambda h: h.id, lambda h: h.version)

    # one agent's

    def roster(self, agent: Agent, since: datetime, until: datetime) -> Roster:
        """All that bears on duty in `[since, until)`: two Queries. The agent must have been read before it, so that a change
        in between is seen at the write.
        """
        partition, item = of_agent(agent.id), ScheduleItem.id
        worked = query_all(
            ScheduleItem, partition, item.between(ends("s", since), ends("s", until + DAY)), consistent=True
        )
        counts = list(
            query_all(ScheduleItem, partition, item.between(ends("x", since), "x~"), consistent=True)
        )
        return Roster(
            agent.id,
            tuple(s for s in read(list(worked), Shift) if s.starts_at < until),
            changes_of(counts, Leave, "leave"),
            changes_of(counts, Swap, "swap"),
            changes_of(counts, Override, "override"),
            version=agent.roster.version if agent.roster else 0,
            rostered=agent.roster is not None and agent.roster.rostered,
        )

    def counting(self, agent_id: AgentId, since: datetime) -> tuple[tuple[Leave, ...], tuple[Override, ...]]:
        """The approved leaves and the overrides that end after `since`: one Query."""
        raws = list(
            query_all(
                ScheduleItem,
                of_agent(agent_id),
                ScheduleItem.id.between(ends("x", since), "x~"),
                consistent=True,
            )
        )
        return changes_of(raws, Leave, "leave"), changes_of(raws, Override, "override")

    def assignments_of(self, agent_id: AgentId) -> list[RosterAssignment]:
        """In the order they were made; one closed long ago too."""
        raws = query_all(
            ScheduleItem, of_agent(agent_id), ScheduleItem.id.startswith("assignment#"), consistent=True
        )
        return read(list(raws), RosterAssignment)

    def find_assignment(self, assignment_id: str) -> RosterAssignment | None:
        raw = get_raw(ScheduleItem, of_agent(owner_of(assignment_id)), f"assignment#{assignment_id}")
        return RosterAssignment.model_validate_json(raw["body"]["S"]) if raw else None

    def find(self, model: type[T], request_id: str) -> T | None:
        """A leave, a swap or an override by its id, which says whose it is."""
        name = next(kind for of, kind in _KINDS.items() if of is model)
        raw = get_raw(ScheduleItem, of_agent(owner_of(request_id)), f"{name}#{request_id}")
        return model.model_validate_json(raw["body"]["S"]) if raw else None

    def requests_of(
        self, agent_id: AgentId, model: type[T], limit: int, cursor: str | None = None
    ) -> Slice[T]:
        """An agent's own, newest first."""
        name = next(kind for of, kind in _KINDS.items() if of is model)
        start = None
        if cursor:
            place = from_cursor(cursor, own=SOME_ID)["own"]
            start = {"kind": {"S": of_agent(agent_id)}, "id": {"S": f"{name}#{place}"}}
        page = query_page(
            ScheduleItem,
            of_agent(agent_id),
            ScheduleItem.id.startswith(f"{name}#"),
            newest_first=True,
            limit=limit,
            after=start,
        )
        more = page.last_key["id"]["S"].removeprefix(f"{name}#") if page.last_key else None
        return Slice(read(page.items, model), to_cursor({"own": more}) if more else None)

    # everybody's

    def listed(
        self,
        list_of: str,
        model: type[T],
        limit: int,
        cursor: str | None = None,
        *,
        newest_first: bool = True,
    ) -> Slice[T]:
        """A page of one of the index's lists."""
        start = None
        if cursor:
            position = from_cursor(cursor, kind=SOME_ID, id=r"[\w:.#-]{1,200}", place=r"[\w:.#-]{1,200}")
            start = {name: {"S": value} for name, value in position.items()} | {"list_of": {"S": list_of}}
        page = query_page(
            ScheduleItem, list_of, index="by_list", newest_first=newest_first, limit=limit, after=start
        )
        more = None
        if page.last_key:
            more = to_cursor({name: page.last_key[name]["S"] for name in ("kind", "id", "place")})
        return Slice(read(page.items, model), more)

    def shifts_on(self, day: datetime) -> list[Shift]:
        """All that start on a UTC day, in order."""
        return read(list(query_all(ScheduleItem, day_list(day), index="by_list")), Shift)

    def open_assignments(self, on: str) -> list[RosterAssignment]:
        """Those whose last day is later than `on`: of those closed long ago none is read."""
        place = ScheduleItem.place > f"{on}#~"
        raws = query_all(ScheduleItem, "assignments", place, index="by_list")
        return read(list(raws), RosterAssignment)

    def ran_at(self, name: str) -> datetime | None:
        """How far a scheduled function said that it had come."""
        raw = get_raw(ScheduleItem, "round", name, consistent=False)
        return from_ms(int(raw["version"]["N"])) if raw else None

    def note_run(self, name: str, at: datetime) -> None:
        ScheduleItem("round", name, version=to_ms(at), body="").save()

    # writing

    def save(
        self,
        writes: Sequence[Write],
        fences: Sequence[tuple[AgentId, int, DutyCache]],
        at: datetime,
        token: str,
    ) -> None:
        """All of it or nothing, and only if each agent's roster is still of the version read. Raises `RosterMoved`."""
        transact([*writes, *(roster_written(*fence, at) for fence in fences)], token)


def put_shift(shift: Shift, old: Shift | None = None) -> list[Write]:
    """One whose end moved stands in another place: the old one goes."""
    item = shift_item(shift)
    moved = old is not None and old.ends_at != shift.ends_at
    return [Put(item), *(drop_shift(old) if old is not None and moved else ())]


def drop_shift(shift: Shift) -> list[Write]:
    item = shift_item(shift)
    return [Delete(ScheduleItem(item.kind, item.id))]


def put_assignment(assignment: RosterAssignment) -> list[Write]:
    return [Put(assignment_item(assignment))]


def put_request(request: Changing) -> list[Write]:
    """Of the version after the one that was read, or new."""
    condition = (
        ScheduleItem.kind.does_not_exist()
        if request.version == 1
        else ScheduleItem.version == request.version - 1
    )
    return [Put(request_item(request), condition)]


def count(change: Changing, *agent_ids: str) -> list[Write]:
    return [Put(counting_item(agent_id, change)) for agent_id in agent_ids]


def count_no_more(change: Changing, *agent_ids: str) -> list[Write]:
    items = [counting_item(agent_id, change) for agent_id in agent_ids]
    return [Delete(ScheduleItem(item.kind, item.id)) for item in items]


def owner_of(request_id: str) -> str:
    """Ids of what belongs to an agent begin with the agent's."""
    return request_id.partition(".")[0]
