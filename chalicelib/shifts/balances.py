"""What was taken of each kind of leave, and what overtime has earned. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args

from chalicelib.protocol.shifts import Leave, LeaveAccount, LeaveKind, Override

MINUTE = timedelta(minutes=1)


def accounts(
    leaves: Sequence[Leave], overrides: Sequence[Override], since: datetime, now: datetime
) -> list[LeaveAccount]:
    """A leave takes the duty that it left unserved, or all of its time where there was none. Overtime earns once it is worked."""
    kinds: tuple[LeaveKind, ...] = get_args(LeaveKind)
    taken = {kind: sum(_taken(leave, since) for leave in leaves if leave.kind == kind) for kind in kinds}
    earned = sum(_within(o.starts_at, o.ends_at, since) for o in overrides if o.overtime and o.ends_at <= now)
    return [
        LeaveAccount(kind=kind, taken_min=taken[kind], earned_min=earned, left_min=earned - taken[kind])
        if kind == "comp_off"
        else LeaveAccount(kind=kind, taken_min=taken[kind])
        for kind in kinds
    ]


def _taken(leave: Leave, since: datetime) -> int:
    if not leave.gaps:
        return _within(leave.starts_at, leave.ends_at, since)
    return sum(_within(gap.starts_at, gap.ends_at, since) for gap in leave.gaps)


def _within(starts_at: datetime, ends_at: datetime, since: datetime) -> int:
    return max(timedelta(0), ends_at - max(starts_at, since)) // MINUTE
