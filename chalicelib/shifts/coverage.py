"""How many serve in each quarter of an hour, and how many should. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.protocol.shifts import QuarterHour, Shift, ShiftTemplate
from chalicelib.shifts.calendar import WORKING, Roster, Spell, spells

QUARTER = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def quarters(since: datetime, until: datetime) -> list[datetime]:
    """Where each quarter of an hour that touches `[since, until)` begins."""
    first = since - (since - _EPOCH) % QUARTER
    return [first + n * QUARTER for n in range(-(-(until - first) // QUARTER))]


def coverage(
    rosters: Sequence[Roster],
    required: Mapping[datetime, int],
    since: datetime,
    until: datetime,
) -> list[QuarterHour]:
    """An agent counts in a quarter that they serve through; who comes or goes in its middle doesn't."""
    begins = quarters(since, until)
    if not begins:
        return []
    staff = dict.fromkeys(begins, 0)
    always = dict.fromkeys(begins, 0)
    for roster in rosters:
        for spell in _working(spells(roster, begins[0], begins[-1] + QUARTER)):
            for at in _whole(spell, begins[0]):
                staff[at] += 1
                always[at] += spell.judged.because == "no_roster"
    return [
        QuarterHour(
            starts_at=at,
            ends_at=at + QUARTER,
            staff=staff[at],
            always=always[at],
            required=required.get(at, 0),
            gap=max(0, required.get(at, 0) - staff[at]),
        )
        for at in begins
    ]


def required_staff(
    shifts: Iterable[Shift], templates: Mapping[str, ShiftTemplate], queue_id: str | None
) -> dict[datetime, int]:
    """By quarter: the minimum staff of the templates that are worked then, each once, if they serve the queue."""
    asked: dict[datetime, dict[str, int]] = {}
    for shift in shifts:
        template = templates.get(shift.template_id or "")
        if template is None or not template.min_staff:
            continue
        if queue_id and template.queue_ids and queue_id not in template.queue_ids:
            continue
        for at in quarters(shift.starts_at, shift.ends_at):
            asked.setdefault(at, {})[template.id] = template.min_staff
    return {at: sum(by_template.values()) for at, by_template in asked.items()}


def _working(found: Iterable[Spell]) -> list[Spell]:
    """On shift and overtime beside one another count as one, so that the quarter they meet in counts too."""
    merged: list[Spell] = []
    for spell in found:
        if spell.judged.duty not in WORKING:
            continue
        if merged and merged[-1].ends_at == spell.starts_at:
            merged[-1] = Spell(merged[-1].starts_at, spell.ends_at, merged[-1].judged)
        else:
            merged.append(spell)
    return merged


def _whole(spell: Spell, first: datetime) -> list[datetime]:
    start = first + -(-(spell.starts_at - first) // QUARTER) * QUARTER
    count = (spell.ends_at - start) // QUARTER
    return [start + n * QUARTER for n in range(max(0, count))]
