"""What the schedules' table holds.

    "shift_template", "rotation", "holiday_calendar", "business_hours"  ·  id  →  version, body
    "agent:<id>"  ·  "assignment#<id>"           →  which rotation they go by, and when        by_list: "assignments" · last day
                  ·  "s#<ends>#<id>"             →  a shift                                    by_list: "day:<of its start>" · start
                  ·  "x#<ends>#<what>#<id>"      →  a leave, a swap or an override that counts
                  ·  "leave#<id>", "swap#<id>", "override#<id>"  →  the same as it is dealt with   by_list: "leaves", … · id

What bears on an agent's duty from an instant on is two Queries of one partition, since its keys begin with when it ends: history costs
nothing. A roster's week is a Query of the index for each of its days.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.kit.clock import to_ms
from chalicelib.kit.table import Table, named
from chalicelib.protocol.shifts import Leave, Override, RosterAssignment, Shift, Swap

T = TypeVar("T", bound=BaseModel)
Changing = Leave | Swap | Override
FOR_EVER = "9999-12-31"
_LISTS = {Leave: "leaves", Swap: "swaps", Override: "overrides"}
_NAMES = {Leave: "leave", Swap: "swap", Override: "override"}


class ByList(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_list"
        projection = AllProjection()

    list_of = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)


class ScheduleItem(Table):
    class Meta(Table.Meta):
        table_name = named("schedules")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    by_list = ByList()
    list_of = UnicodeAttribute(null=True)
    place = UnicodeAttribute(null=True)
    version = NumberAttribute()
    body = UnicodeAttribute()
    schema = NumberAttribute(default=1)


def of_agent(agent_id: str) -> str:
    return f"agent:{agent_id}"


def ends(prefix: str, at: datetime) -> str:
    """The place before all that ends later than `at`."""
    return f"{prefix}#{to_ms(at) + 1:013d}"


def day_list(at: datetime) -> str:
    return f"day:{at.astimezone(UTC):%Y-%m-%d}"


def shift_item(shift: Shift) -> ScheduleItem:
    return ScheduleItem(
        of_agent(shift.agent_id),
        f"s#{to_ms(shift.ends_at):013d}#{shift.id}",
        list_of=day_list(shift.starts_at),
        place=f"{to_ms(shift.starts_at):013d}#{shift.agent_id}#{shift.id}",
        version=shift.version,
        body=shift.model_dump_json(),
    )


def assignment_item(assignment: RosterAssignment) -> ScheduleItem:
    last = assignment.to.isoformat() if assignment.to else FOR_EVER
    return ScheduleItem(
        of_agent(assignment.agent_id),
        f"assignment#{assignment.id}",
        list_of="assignments",
        place=f"{last}#{assignment.id}",
        version=assignment.version,
        body=assignment.model_dump_json(),
    )


def request_item(request: Changing) -> ScheduleItem:
    """A leave, swap or override as it is dealt with, whatever its state."""
    return ScheduleItem(
        of_agent(request.agent_id),
        f"{_NAMES[type(request)]}#{request.id}",
        list_of=_LISTS[type(request)],
        place=request.id,
        version=request.version,
        body=request.model_dump_json(),
    )


def counting_item(agent_id: str, change: Changing) -> ScheduleItem:
    """The same as it counts for one agent's duty: a swap or a replacement counts for two."""
    return ScheduleItem(
        of_agent(agent_id),
        f"x#{to_ms(change.ends_at):013d}#{_NAMES[type(change)]}#{change.id}",
        version=change.version,
        body=change.model_dump_json(),
    )


def read(raws: Sequence[dict[str, Any]], model: type[T]) -> list[T]:
    return [model.model_validate_json(raw["body"]["S"]) for raw in raws]


def changes_of(raws: Sequence[dict[str, Any]], model: type[T], what: str) -> tuple[T, ...]:
    """Those of one kind among what counts."""
    return tuple(read([raw for raw in raws if raw["id"]["S"].split("#")[2] == what], model))
