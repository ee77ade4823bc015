"""Shifts on the wire: templates, rotations, the roster and what changes it. Each rule is written once, as asked, as kept and as read."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from chalicelib.kit.values import AgentId, Instant, Value
from chalicelib.protocol.asked import Asked
from chalicelib.protocol.values import Duty, OpaqueId

DAY_MIN = 24 * 60
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
LeaveKind = Literal["annual", "sick", "personal", "comp_off", "training", "other"]
LeaveState = Literal["requested", "approved", "declined", "cancelled"]
SwapState = Literal["open", "taken", "approved", "declined", "withdrawn"]
OverrideKind = Literal["add", "remove", "replace"]
ShiftName = Annotated[str, Field(min_length=1, max_length=80)]
Reason = Annotated[str, Field(max_length=500)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", max_length=5)]
DayMinutes = Annotated[int, Field(ge=1, le=DAY_MIN)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("there is no such time zone; give an IANA name like Europe/Berlin") from error
    return name


Zone = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_known_zone)]


class BreakRule(Asked):
    """A break or activity of a shift, by its distance from the start in minutes of work. `routable`: new work may come meanwhile."""

    offset_min: Annotated[int, Field(ge=0, lt=DAY_MIN)]
    duration_min: DayMinutes
    kind: Annotated[str, Field(min_length=1, max_length=40)] = "break"
    routable: bool = False


class NewShiftTemplate(Asked):
    """Starts at a local time and lasts so many minutes, so that over night is natural. No zone: the rotation's."""

    name: ShiftName
    starts: TimeOfDay
    duration_min: DayMinutes
    time_zone: Zone | None = None
    code: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    breaks: Annotated[list[BreakRule], Field(max_length=20)] = []
    min_staff: Annotated[int, Field(ge=0, le=1_000)] = 0
    queue_ids: Annotated[list[OpaqueId], Field(max_length=100)] = []
    colour: Annotated[str, Field(max_length=30)] | None = None

    @model_validator(mode="after")
    def _breaks_lie_within(self) -> Self:
        for rule in self.breaks:
            if rule.offset_min + rule.duration_min > self.duration_min:
                raise ValueError(
                    f"a break from minute {rule.offset_min} to {rule.offset_min + rule.duration_min} does not lie within"
                    f" a shift of {self.duration_min} minutes"
                )
        ordered = sorted(self.breaks, key=lambda b: b.offset_min)
        for one, next_ in pairwise(ordered):
            if one.offset_min + one.duration_min > next_.offset_min:
                raise ValueError(f"two breaks overlap at minute {next_.offset_min}")
        return self


class ShiftTemplate(NewShiftTemplate):
    id: str
    version: int = 1


class NewRotation(Asked):
    """A cycle of templates and days off (null). `anchor` is a day on which crews of offset 0 stand at the cycle's first day."""

    name: ShiftName
    anchor: date
    days: Annotated[list[OpaqueId | None], Field(min_length=1, max_length=366)]
    time_zone: Zone


class Rotation(NewRotation):
    id: str
    version: int = 1


class _Dated(Value):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.to is not None and self.to <= self.from_:
            raise ValueError("`to` is the first day that is not in it any more: it must be later than `from`")
        return self


class NewRosterAssignment(_Dated, Asked):
    """Which rotation an agent goes by, `offset` days into the cycle, from a day on and before another."""

    agent_id: OpaqueId
    rotation_id: OpaqueId
    offset: Annotated[int, Field(ge=-3_660, le=3_660)] = 0


class RosterAssignment(NewRosterAssignment):
    id: str
    version: int = 1


class RosterAssignmentChange(Asked):
    """What is named is changed. Of one that has started, another rotation or offset closes it today and opens another."""

    rotation_id: OpaqueId | None = None
    offset: Annotated[int, Field(ge=-3_660, le=3_660)] | None = None
    to: date | None = None


class _Timed(Value):
    starts_at: Instant
    ends_at: Instant

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be later than starts_at")
        return self


class NewShift(_Timed, Asked):
    """One shift by hand. In the past too: what was worked may be entered later."""

    agent_id: OpaqueId
    template_id: OpaqueId | None = None
    published: bool = True

    @model_validator(mode="after")
    def _a_day_at_most(self) -> Self:
        if (self.ends_at - self.starts_at).total_seconds() > DAY_MIN * 60:
            raise ValueError("a shift lasts 24 hours at most")
        return self


class ShiftBreak(Value):
    starts_at: Instant
    ends_at: Instant
    kind: str = "break"
    routable: bool = False


class Shift(Value):
    """A shift of one agent, as instants. `assignment_id` and `on`: of which assignment's local day it was made; null: by hand."""

    id: str
    version: int = 1
    agent_id: AgentId
    starts_at: Instant
    ends_at: Instant
    template_id: str | None = None
    code: str | None = None
    published: bool = True
    breaks: list[ShiftBreak] = []
    assignment_id: str | None = None
    on: date | None = None


class NewOverride(_Timed, Asked):
    """What goes before all else. `replace`: `by_agent_id` serves in this one's place."""

    agent_id: OpaqueId
    kind: OverrideKind
    by_agent_id: OpaqueId | None = None
    reason: Reason = ""

    @model_validator(mode="after")
    def _names_who_serves(self) -> Self:
        if (self.kind == "replace") != (self.by_agent_id is not None):
            raise ValueError("by_agent_id belongs to `replace`, and to it alone")
        if self.by_agent_id == self.agent_id:
            raise ValueError("nobody replaces themselves")
        return self


class Override(NewOverride):
    """`overtime`: somebody stayed on."""

    id: str
    version: int = 1
    overtime: bool = False
    created_at: Instant
    created_by: str


class NewStay(Asked):
    """Staying on beyond the shift's end, or from now."""

    minutes: Literal[15, 30, 60]


class NewLeave(_Timed, Asked):
    agent_id: OpaqueId
    kind: LeaveKind
    reason: Reason = ""


class CoverGap(Value):
    """A stretch of published duty that nobody serves now."""

    shift_id: str
    starts_at: Instant
    ends_at: Instant


class Leave(NewLeave):
    """`gaps`: the published shifts it leaves unserved."""

    id: str
    version: int = 1
    state: LeaveState = "requested"
    created_at: Instant
    decided_by: str | None = None
    decided_at: Instant | None = None
    gaps: list[CoverGap] = []


class NewSwap(Asked):
    """A shift, or from `starts_at` to `ends_at` a part of it, that another shall serve; nobody named: whoever takes it."""

    agent_id: OpaqueId
    shift_id: OpaqueId
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    with_agent_id: OpaqueId | None = None

    @model_validator(mode="after")
    def _is_with_another(self) -> Self:
        if self.with_agent_id == self.agent_id:
            raise ValueError("a swap is with somebody else")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValueError("ends_at must be later than starts_at")
        return self


class Swap(Value):
    """`taken_by` serves it once it is approved. `warnings`: what speaks against it, in words."""

    id: str
    version: int = 1
    agent_id: AgentId
    shift_id: str
    starts_at: Instant
    ends_at: Instant
    with_agent_id: str | None = None
    state: SwapState = "open"
    taken_by: AgentId | None = None
    breaks: list[ShiftBreak] = []
    created_at: Instant
    decided_by: str | None = None
    decided_at: Instant | None = None
    warnings: list[str] = []


class CalendarDay(Asked):
    """A holiday, or with `working` a make-up day, on which the hours of `as_day` apply."""

    on: date
    name: Annotated[str, Field(max_length=80)] = ""
    working: bool = False
    as_day: Weekday = "mon"


class NewHolidayCalendar(Asked):
    name: ShiftName
    days: Annotated[list[CalendarDay], Field(max_length=2_000)] = []


class HolidayCalendar(NewHolidayCalendar):
    id: str
    version: int = 1


class HoursWindow(Asked):
    """From a local time to another; not later than it: over night, to the next day's. Both 00:00: the whole day."""

    starts: TimeOfDay
    ends: TimeOfDay


Week = dict[Weekday, Annotated[list[HoursWindow], Field(max_length=10)]]


class NewBusinessHours(Asked):
    """Several windows a day; a weekday that is not named is closed. On a holiday none, on a make-up day its `as_day`'s."""

    name: ShiftName
    time_zone: Zone
    week: Week
    holiday_calendar_id: OpaqueId | None = None


class BusinessHours(NewBusinessHours):
    id: str
    version: int = 1


class NewPublication(Asked):
    """The range to make and publish: of these agents, of a unit's, or of all. `dry_run` tells what would change, and changes nothing."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    unit_id: OpaqueId | None = None
    agent_ids: Annotated[list[OpaqueId], Field(max_length=500)] | None = None
    dry_run: bool = False

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.to <= self.from_:
            raise ValueError("`to` must be later than `from`")
        return self


class RosterChange(Value):
    """One shift that a publication makes, publishes, moves or takes away."""

    agent_id: AgentId
    what: Literal["added", "published", "moved", "removed"]
    shift_id: str
    starts_at: Instant
    ends_at: Instant
    template_id: str | None = None


class RosterWarning(Value):
    """What speaks against a roster as it is to be published; it is published all the same."""

    code: Literal["overlap", "short_rest", "days_in_a_row", "leave", "under_minimum"]
    agent_id: AgentId | None = None
    shift_id: str | None = None
    starts_at: Instant
    ends_at: Instant
    detail: str


class Publication(Value):
    """`published`: how many shifts of the range are published now."""

    published: int
    changes: list[RosterChange]
    warnings: list[RosterWarning]
    dry_run: bool = False


class NewRosterImport(Asked):
    """A sheet: as CSV in `csv`, or a file's bytes in `content_base64`, CSV in UTF-8 or GBK, or .xlsx.

    `time_zone`: whose days its dates are. `dry_run` tells what would change, and changes nothing.
    """

    csv: Annotated[str, Field(max_length=600_000)] | None = None
    content_base64: Annotated[str, Field(max_length=900_000)] | None = None
    time_zone: Zone = "UTC"
    published: bool = True
    dry_run: bool = False

    @model_validator(mode="after")
    def _has_one_sheet(self) -> Self:
        if (self.csv is None) == (self.content_base64 is None):
            raise ValueError("give the sheet in `csv` or in `content_base64`")
        return self


class RosterImport(Value):
    """What a sheet changes; `applied` false: nothing was changed yet."""

    applied: bool
    cells: int
    changes: list[RosterChange]


class LeaveAccount(Value):
    """Minutes of a kind of leave since the year began, in the agent's own zone. Comp time is earned by overtime, and `left_min` is what
    is not spent of it; how much annual leave there is, nobody tells us, so only what was taken is counted.
    """

    kind: LeaveKind
    taken_min: int
    earned_min: int | None = None
    left_min: int | None = None


class LeaveBalance(Value):
    agent_id: AgentId
    since: Instant
    items: list[LeaveAccount]


class CalendarLink(Value):
    """A calendar to subscribe to, below the address one asks. Whoever has the key reads it: it is worth a password."""

    path: str
    key: str


class DutyRead(Value):
    """`until`: when this ends; null: nothing in sight ends it."""

    agent_id: AgentId
    duty: Duty
    until: Instant | None = None
    shift_id: str | None = None
    because: Literal["no_roster", "no_shift", "shift", "break", "leave", "swap", "override"]


class QuarterHour(Value):
    """How many serve through the whole of it, how many should, and who is missing. `always`: of them, who has no roster at all."""

    starts_at: Instant
    ends_at: Instant
    staff: int
    always: int
    required: int
    gap: int


class Coverage(Value):
    items: list[QuarterHour]
    always: list[AgentId] = []


class ShiftTemplateChange(NewShiftTemplate):
    """What is named is changed; the rest stays."""

    name: ShiftName = ""
    starts: TimeOfDay = "00:00"
    duration_min: DayMinutes = DAY_MIN


class RotationChange(NewRotation):
    """What is named is changed; the rest stays."""

    name: ShiftName = ""
    anchor: date = date.min
    days: Annotated[list[OpaqueId | None], Field(min_length=1, max_length=366)] = [None]
    time_zone: Zone = "UTC"


class HolidayCalendarChange(NewHolidayCalendar):
    """What is named is changed; the rest stays."""

    name: ShiftName = ""


class BusinessHoursChange(NewBusinessHours):
    """What is named is changed; the rest stays."""

    name: ShiftName = ""
    time_zone: Zone = "UTC"
    week: Week = {}
