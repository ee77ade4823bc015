"""What a roster has to say as time goes on: starts, breaks, ends, and what is told before and after them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.shifts.calendar import Roster, Spell, same_duty, spells

AROUND = timedelta(days=3)
"""How far around a moment the roster is looked at: further than a shift with all that is told of it reaches."""
ANNOUNCED = timedelta(minutes=15)
LATE = timedelta(minutes=5)
HAND_OVER = timedelta(minutes=15)

_ORDER = ("hand_over", "ended", "started", "break", "late", "ending")
What = Literal["started", "late", "break", "ending", "ended", "hand_over"]


@dataclass(frozen=True)
class Block:
    """Duty without a gap, breaks in it: from coming on to leaving."""

    starts_at: datetime
    ends_at: datetime
    shift_id: str | None

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class Moment:
    """`ends_at`: of the break that begins, or of the duty that it is about."""

    at: datetime
    what: What
    ends_at: datetime
    shift_id: str | None = None


def blocks(found: Sequence[Spell]) -> list[Block]:
    """Only what a roster says: who has none never comes on nor leaves."""
    merged: list[Block] = []
    for spell in found:
        if spell.judged.duty == "off_shift" or spell.judged.because == "no_roster":
            continue
        if merged and merged[-1].ends_at == spell.starts_at:
            shift_id = merged[-1].shift_id or spell.judged.shift_id
            merged[-1] = Block(merged[-1].starts_at, spell.ends_at, shift_id)
        else:
            merged.append(Block(spell.starts_at, spell.ends_at, spell.judged.shift_id))
    return merged


def block_at(roster: Roster, at: datetime) -> Block | None:
    around = blocks(spells(roster, at - AROUND, at + AROUND))
    return next((b for b in around if b.covers(at)), None)


def moments(roster: Roster, since: datetime, until: datetime) -> list[Moment]:
    """Those after `since`, and `until` in it, in order."""
    found = spells(roster, since - AROUND, until + AROUND)
    said = [
        Moment(s.starts_at, "break", s.ends_at, s.judged.shift_id)
        for s in same_duty(found)
        if s.judged.duty == "on_break"
    ]
    for block in blocks(found):
        half = (block.ends_at - block.starts_at) / 2
        said += [
            Moment(block.starts_at, "started", block.ends_at, block.shift_id),
            Moment(block.starts_at + LATE, "late", block.ends_at, block.shift_id),
            Moment(block.ends_at - min(ANNOUNCED, half), "ending", block.ends_at, block.shift_id),
            Moment(block.ends_at, "ended", block.ends_at, block.shift_id),
            Moment(block.ends_at + HAND_OVER, "hand_over", block.ends_at, block.shift_id),
        ]
    return sorted((m for m in said if since < m.at <= until), key=lambda m: (m.at, _ORDER.index(m.what)))
