"""Who is on duty when: a function of plain values, half-open, correct to the second.

An override goes before a swap, a swap before a leave, a leave before the shift itself; of two overrides, or two swaps, the later made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, Protocol

from chalicelib.agents.duty import DutyCache, Stretch, Window
from chalicelib.kit.values import AgentId
from chalicelib.protocol.shifts import Leave, Override, Shift, ShiftBreak, Swap
from chalicelib.protocol.values import Duty

Because = Literal["no_roster", "no_shift", "shift", "break", "leave", "swap", "override"]
WORKING: frozenset[Duty] = frozenset({"on_shift", "overtime"})
LAST_DISPATCH = timedelta(minutes=10)
"""How long before the duty ends the last new work comes; a spell shorter than twice that keeps half of it for new work."""
CACHED = 6
BEFORE = timedelta(days=2)
"""How far back what is on now may have begun: a short spell's last minutes are the same whenever they are asked."""


class Timed(Protocol):
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class Roster:
    """All that bears on one agent's duty. `shifts` that are not published don't count.

    `rostered`: whether they have any roster at all; who hasn't is on duty but for a leave.
    """

    agent_id: AgentId
    shifts: tuple[Shift, ...] = ()
    leaves: tuple[Leave, ...] = ()
    swaps: tuple[Swap, ...] = ()
    overrides: tuple[Override, ...] = ()
    version: int = 0
    rostered: bool = True


@dataclass(frozen=True)
class Judged:
    """The duty at an instant, and why."""

    duty: Duty
    because: Because
    shift_id: str | None = None


@dataclass(frozen=True)
class Spell:
    """`[starts_at, ends_at)` in which the judgement is the same."""

    starts_at: datetime
    ends_at: datetime
    judged: Judged


def judge(roster: Roster, at: datetime) -> Judged:
    return _by_override(roster, at) or _by_swap(roster, at) or _by_leave(roster, at) or _by_shift(roster, at)


def _by_override(roster: Roster, at: datetime) -> Judged | None:
    covering = [o for o in roster.overrides if o.starts_at <= at < o.ends_at]
    if not covering:
        return None
    newest = max(covering, key=lambda o: (o.created_at, o.id))
    serves = newest.kind == "add" or (newest.kind == "replace" and newest.by_agent_id == roster.agent_id)
    if not serves:
        return Judged("off_shift", "override")
    return Judged("overtime" if newest.overtime else "on_shift", "override")


def _by_swap(roster: Roster, at: datetime) -> Judged | None:
    covering = [s for s in roster.swaps if s.state == "approved" and s.starts_at <= at < s.ends_at]
    if not covering:
        return None
    newest = max(covering, key=lambda s: (s.decided_at or s.created_at, s.id))
    if newest.taken_by != roster.agent_id:
        return Judged("off_shift", "swap")
    return _pausing(newest.breaks, at, newest.shift_id) or Judged("on_shift", "swap", newest.shift_id)


def _by_leave(roster: Roster, at: datetime) -> Judged | None:
    on_leave = any(x.state == "approved" and x.starts_at <= at < x.ends_at for x in roster.leaves)
    return Judged("off_shift", "leave") if on_leave else None


def _by_shift(roster: Roster, at: datetime) -> Judged:
    if not roster.rostered:
        return Judged("on_shift", "no_roster")
    covering = [s for s in roster.shifts if s.published and s.starts_at <= at < s.ends_at]
    if not covering:
        return Judged("off_shift", "no_shift")
    shift = min(covering, key=lambda s: (s.starts_at, s.id))
    return _pausing(shift.breaks, at, shift.id) or Judged("on_shift", "shift", shift.id)


def _pausing(breaks: Iterable[ShiftBreak], at: datetime, shift_id: str) -> Judged | None:
    pausing = any(not b.routable and b.starts_at <= at < b.ends_at for b in breaks)
    return Judged("on_break", "break", shift_id) if pausing else None


def spells(roster: Roster, since: datetime, until: datetime) -> list[Spell]:
    """The whole of `[since, until)`, without holes, neighbours judged differently."""
    cuts = sorted({since, until, *(at for at in _edges(roster) if since < at < until)})
    found: list[Spell] = []
    for starts_at, ends_at in pairwise(cuts):
        judged = judge(roster, starts_at)
        if found and found[-1].judged == judged:
            starts_at = found.pop().starts_at  # noqa: PLW2901  # one spell, not two
        found.append(Spell(starts_at, ends_at, judged))
    return found


def _edges(roster: Roster) -> Iterable[datetime]:
    for_shifts = (b for x in roster.shifts for b in x.breaks)
    for_swaps = (b for x in roster.swaps for b in x.breaks)
    timed: tuple[Timed, ...] = (*roster.shifts, *roster.leaves, *roster.swaps, *roster.overrides)
    for one in (*timed, *for_shifts, *for_swaps):
        yield one.starts_at
        yield one.ends_at


def same_duty(found: Sequence[Spell]) -> list[Spell]:
    """Neighbours of one duty as one, whatever the reasons; the first's stands."""
    merged: list[Spell] = []
    for spell in found:
        if merged and merged[-1].judged.duty == spell.judged.duty:
            merged[-1] = Spell(merged[-1].starts_at, spell.ends_at, merged[-1].judged)
        else:
            merged.append(spell)
    return merged


def windows(found: Sequence[Spell]) -> list[Window]:
    """When new work may come: on duty, but for the last minutes before leaving. A break ends a window to the second.

    `found` must go on beyond what is asked: what follows the last spell is taken for off.
    """
    working: list[Spell] = []
    ends: list[Duty] = []
    merged = _working_together(found)
    for n, spell in enumerate(merged):
        if spell.judged.duty in WORKING:
            working.append(spell)
            ends.append(merged[n + 1].judged.duty if n + 1 < len(merged) else "off_shift")
    opened = []
    for spell, then in zip(working, ends, strict=True):
        left = min(LAST_DISPATCH, (spell.ends_at - spell.starts_at) / 2)
        closes_at = spell.ends_at if then == "on_break" else spell.ends_at - left
        opened.append(Window(spell.starts_at, closes_at))
    return opened


def _working_together(found: Sequence[Spell]) -> list[Spell]:
    """On shift and overtime beside one another are one spell of work."""
    merged: list[Spell] = []
    for spell in same_duty(found):
        if merged and merged[-1].judged.duty in WORKING and spell.judged.duty in WORKING:
            merged[-1] = Spell(merged[-1].starts_at, spell.ends_at, merged[-1].judged)
        else:
            merged.append(spell)
    return merged


def cache_of(roster: Roster, now: datetime, horizon: datetime, due_at: datetime | None) -> DutyCache:
    """What the agent's item is to know: what is on now and comes next."""
    found = spells(roster, now - BEFORE, horizon)
    ahead = [s for s in same_duty(found) if s.judged.duty != "off_shift" and s.ends_at > now]
    open_ = [w for w in windows(found) if w.closes_at > now]
    return DutyCache(
        roster.version,
        tuple(Stretch(s.starts_at, s.ends_at, s.judged.duty) for s in ahead[:CACHED]),
        tuple(open_[:2]),
        due_at,
    )
