"""What speaks against a roster as it is to be published. Pure."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.protocol.shifts import QuarterHour, RosterWarning, Shift
from chalicelib.shifts.calendar import Roster
from chalicelib.shifts.planning import DAYS_IN_A_ROW, REST, Plan, long_runs, short_rests


def warnings_of(
    roster: Roster, done: Plan, since: datetime, until: datetime, zone: str
) -> list[RosterWarning]:
    """Of one agent: overlaps, short rest, too many days in a row, and leave that leaves a shift unserved."""
    worked = [s for s in roster.shifts if s.published]
    inside = {s.id for s in worked if since <= s.starts_at < until}
    found = [
        _warning(
            "overlap", wanted, f"The rotation's shift was left out: shift {there.id} stands in its time."
        )
        for wanted, there in done.clashes
        if since <= wanted.starts_at < until
    ]
    hours = REST.total_seconds() / 3600
    found += [
        _warning(
            "short_rest",
            following,
            f"Only {(following.starts_at - one.ends_at).total_seconds() / 3600:.1f} h of rest before it, where {hours:.0f} are due.",
        )
        for one, following in short_rests(worked)
        if following.id in inside
    ]
    found += [
        _warning(
            "days_in_a_row",
            run[DAYS_IN_A_ROW],
            f"{len(run)} days of work in a row, where {DAYS_IN_A_ROW} are the most.",
        )
        for run in long_runs(worked, zone)
        if run[DAYS_IN_A_ROW].id in inside
    ]
    found += [
        _warning("leave", shift, f"The agent is on leave ({leave.kind}) in it.")
        for shift in worked
        for leave in roster.leaves
        if shift.id in inside and leave.starts_at < shift.ends_at and shift.starts_at < leave.ends_at
    ]
    return found


def understaffed(quarters: Sequence[QuarterHour]) -> list[RosterWarning]:
    """Each stretch in which fewer serve than there should be."""
    found: list[RosterWarning] = []
    for quarter in quarters:
        if not quarter.gap:
            continue
        detail = f"{quarter.gap} fewer on duty than the {quarter.required} there should be."
        last = found[-1] if found else None
        if last and last.ends_at == quarter.starts_at and last.detail == detail:
            found[-1] = last.model_copy(update={"ends_at": quarter.ends_at})
        else:
            found.append(
                RosterWarning(
                    code="under_minimum", starts_at=quarter.starts_at, ends_at=quarter.ends_at, detail=detail
                )
            )
    return found


def _warning(code: str, shift: Shift, detail: str) -> RosterWarning:
    return RosterWarning.model_validate(
        {
            "code": code,
            "agent_id": shift.agent_id,
            "shift_id": shift.id,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "detail": detail,
        }
    )
