"""An agent's duty as a calendar to subscribe to (RFC 5545). Pure: as the roster stands with all that changes it, in UTC."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.kit.ids import derived
from chalicelib.protocol.shifts import ShiftTemplate
from chalicelib.shifts.calendar import Roster, Spell, spells

LINE = 75
"""Bytes of a line at most; what is longer goes on after a line's end and a space."""


@dataclass(frozen=True)
class Event:
    """One stretch of duty, its breaks in it."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str


def events(
    roster: Roster, templates: Mapping[str, ShiftTemplate], since: datetime, until: datetime
) -> list[Event]:
    named = {
        s.id: templates[s.template_id].name
        for s in roster.shifts
        if s.template_id and s.template_id in templates
    }
    found: list[Spell] = []
    for spell in spells(roster, since, until):
        if spell.judged.duty == "off_shift" or spell.judged.because == "no_roster":
            continue
        before = found[-1] if found else None
        if before and before.ends_at == spell.starts_at and before.judged.shift_id == spell.judged.shift_id:
            found[-1] = Spell(before.starts_at, spell.ends_at, before.judged)
        else:
            found.append(spell)
    return [
        Event(
            uid=derived(roster.agent_id, s.judged.shift_id or "override", s.starts_at.isoformat()),
            starts_at=s.starts_at,
            ends_at=s.ends_at,
            summary=named.get(
                s.judged.shift_id or "", "Overtime" if s.judged.duty == "overtime" else "Shift"
            ),
        )
        for s in found
    ]


def as_calendar(what: Iterable[Event], name: str, made_at: datetime) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Deskbell//Shifts//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in what:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}@deskbell",
            f"DTSTAMP:{_stamp(made_at)}",
            f"DTSTART:{_stamp(event.starts_at)}",
            f"DTEND:{_stamp(event.ends_at)}",
            f"SUMMARY:{_escaped(event.summary)}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"), ("\r", "")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> str:
    """Never in the middle of a letter."""
    parts, part = list[str](), ""
    for letter in line:
        if len((part + letter).encode()) > LINE - bool(parts):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
