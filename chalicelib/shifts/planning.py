"""From rotations to shifts. Pure: the same assignment gives the same shifts, to the byte."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from chalicelib.kit.ids import derived
from chalicelib.protocol.shifts import RosterAssignment, Rotation, Shift, ShiftBreak, ShiftTemplate
from chalicelib.shifts.walls import days, instant, local_day

PUBLISH_AHEAD = timedelta(weeks=4)
MATERIALISE_AHEAD = timedelta(weeks=8)
REST = timedelta(hours=11)
DAYS_IN_A_ROW = 6


@dataclass(frozen=True)
class Book:
    """The rotations and templates that assignments name."""

    rotations: Mapping[str, Rotation]
    templates: Mapping[str, ShiftTemplate]


def template_on(rotation: Rotation, offset: int, on: date) -> str | None:
    """Which template the rotation has on a day for a crew `offset` days into the cycle; None: a day off."""
    return rotation.days[((on - rotation.anchor).days + offset) % len(rotation.days)]


def breaks_of(template: ShiftTemplate, starts_at: datetime) -> list[ShiftBreak]:
    return [
        ShiftBreak(
            starts_at=starts_at + timedelta(minutes=rule.offset_min),
            ends_at=starts_at + timedelta(minutes=rule.offset_min + rule.duration_min),
            kind=rule.kind,
            routable=rule.routable,
        )
        for rule in sorted(template.breaks, key=lambda b: b.offset_min)
    ]


def shift_on(assignment: RosterAssignment, on: date, book: Book) -> Shift | None:
    """The shift that an assignment gives on a local day, not yet published; None: a day off, or not in its time."""
    if on < assignment.from_ or (assignment.to is not None and on >= assignment.to):
        return None
    rotation = book.rotations[assignment.rotation_id]
    template = book.templates.get(template_on(rotation, assignment.offset, on) or "")
    if template is None:
        return None
    starts_at = instant(on, template.starts, template.time_zone or rotation.time_zone)
    return Shift(
        id=derived("shift", assignment.id, on.isoformat()),
        agent_id=assignment.agent_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=template.duration_min),
        template_id=template.id,
        code=template.code,
        published=False,
        breaks=breaks_of(template, starts_at),
        assignment_id=assignment.id,
        on=on,
    )


def shifts_between(assignment: RosterAssignment, since: datetime, until: datetime, book: Book) -> list[Shift]:
    """Those that start in `[since, until)`."""
    zone = book.rotations[assignment.rotation_id].time_zone
    around = days(local_day(since, zone) - timedelta(days=2), local_day(until, zone) + timedelta(days=2))
    found = (shift_on(assignment, on, book) for on in around)
    return [shift for shift in found if shift is not None and since <= shift.starts_at < until]


@dataclass(frozen=True)
class Plan:
    """What makes the roster there is into the one there should be."""

    put: tuple[Shift, ...] = ()
    drop: tuple[Shift, ...] = ()
    clashes: tuple[tuple[Shift, Shift], ...] = ()
    """A shift that is wanted, and the one that stands where it should."""

    def __bool__(self) -> bool:
        return bool(self.put or self.drop)


def plan(there: Sequence[Shift], wanted: Sequence[Shift], fixed: Sequence[Shift] = (), *, firm: bool) -> Plan:
    """`there`: what stands in the range; `wanted`: what the assignments give in it; `fixed`: what is over, or lies beside it.

    What stands already and is right is not written again. A published shift is a promise: only a `firm` plan moves or takes
    it away. What was made by hand stays, and what is wanted in its place is named.
    """
    by_id = {shift.id: shift for shift in wanted}
    standing = {shift.id: shift for shift in there}
    drop = [s for s in there if s.assignment_id and s.id not in by_id and (firm or not s.published)]
    dropped = {shift.id for shift in drop}
    occupied = [*fixed]
    occupied += [s for s in there if s.id not in by_id and s.id not in dropped]
    put, clashes = [], []
    for shift in sorted(wanted, key=lambda s: (s.starts_at, s.id)):
        old = standing.get(shift.id)
        kept = old is not None and old.published and not firm
        new = old if kept and old else _next_version(old, shift)
        blocker = next((s for s in occupied if overlap(s, new)), None)
        if blocker is not None:
            clashes.append((shift, blocker))
            if old is not None and not old.published:
                drop.append(old)
            continue
        occupied.append(new)
        if new != old:
            put.append(new)
    return Plan(tuple(put), tuple(drop), tuple(clashes))


def _next_version(old: Shift | None, wanted: Shift) -> Shift:
    if old is None:
        return wanted
    same = wanted.model_copy(update={"version": old.version, "published": old.published or wanted.published})
    return same if same == old else same.model_copy(update={"version": old.version + 1})


def overlap(one: Shift, other: Shift) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def short_rests(shifts: Iterable[Shift]) -> list[tuple[Shift, Shift]]:
    """Pairs of shifts with less rest between them than there should be."""
    ordered = sorted(shifts, key=lambda s: s.starts_at)
    return [
        (one, following)
        for one, following in pairwise(ordered)
        if timedelta(0) < following.starts_at - one.ends_at < REST
    ]


def long_runs(shifts: Iterable[Shift], zone: str) -> list[list[Shift]]:
    """Runs of more days of work in a row than there should be, by the local day on which each shift starts."""
    by_day: dict[date, Shift] = {}
    for shift in sorted(shifts, key=lambda s: s.starts_at):
        by_day.setdefault(shift.on or local_day(shift.starts_at, zone), shift)
    runs: list[list[date]] = []
    for on in sorted(by_day):
        if runs and on - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(on)
        else:
            runs.append([on])
    return [[by_day[on] for on in run] for run in runs if len(run) > DAYS_IN_A_ROW]
