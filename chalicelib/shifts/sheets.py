"""Importing and exporting the roster's sheet: the difference first, then all of it or nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.agents.model import Agent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import derived
from chalicelib.kit.values import AgentId
from chalicelib.protocol.shifts import RosterImport, Shift, ShiftTemplate
from chalicelib.shifts import grids
from chalicelib.shifts.calendar import Roster
from chalicelib.shifts.definitions import Definitions
from chalicelib.shifts.grids import Bad, Cell
from chalicelib.shifts.planning import Plan, breaks_of, overlap
from chalicelib.shifts.plans import after_plan, changes_of, writes_of
from chalicelib.shifts.reach import Reaches
from chalicelib.shifts.service import Decided, Rosters
from chalicelib.shifts.store import AT_ONCE, ShiftStore
from chalicelib.shifts.walls import days, instant, local_day, zone_of

DAY = timedelta(days=1)
LONGEST = 93
ROTATES = "goes by a rotation that day: change that, or use an override"
AGENTS_AT_ONCE = 100
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class _Wanted:
    """What a sheet wants of one agent: the days it speaks of, and the shifts on them, each with its cell's place."""

    agent: Agent
    days: frozenset[date]
    shifts: tuple[tuple[Shift, str], ...]


class Sheets:
    def __init__(
        self,
        store: ShiftStore,
        reaches: Reaches,
        rosters: Rosters,
        definitions: Definitions,
        agents: AgentStore,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reaches = reaches
        self._rosters = rosters
        self._definitions = definitions
        self._agents = agents
        self._now = clock

    # in

    def take(
        self, caller: Caller, rows: Sequence[Sequence[str]], zone: str, *, published: bool, dry_run: bool
    ) -> RosterImport:
        """A day that the sheet speaks of is afterwards as it says; others stay. One bad cell, and nothing is changed.

        It is judged as a whole before the first agent is written; each agent is written in one transaction, some days at a time. Cut
        short there, the same sheet taken again does the rest, and what stands already is not written again.
        """
        cells = grids.read(rows)
        bad: list[Bad] = []
        wanted = self._wanted(caller, cells, zone, bad, published=published)
        planned = [(one, self._plan(one, self._roster(one, zone), zone, bad)) for one in wanted]
        if bad:
            raise grids.refuse(bad)
        changes = [c for one, plan in planned for c in changes_of(self._roster(one, zone), plan)]
        if not dry_run:
            for one in wanted:
                self._write(one, zone)
        return RosterImport(applied=not dry_run, cells=len(cells), changes=changes)

    def _wanted(
        self, caller: Caller, cells: Iterable[Cell], zone: str, bad: list[Bad], *, published: bool
    ) -> list[_Wanted]:
        agents = self._everybody(caller)
        templates = list(self._definitions.book().templates.values())
        by_agent: dict[AgentId, tuple[Agent, set[date], list[tuple[Shift, str]]]] = {}
        for cell in cells:
            named = agents.get(cell.agent.casefold(), [])
            if len(named) != 1:
                reason = "is nobody's number, address or alias" if not named else "is the name of several"
                bad.append(Bad(cell.place, f"{cell.agent} {reason}"))
                continue
            agent = named[0]
            _, on, shifts = by_agent.setdefault(agent.id, (agent, set(), []))
            on.add(cell.on)
            for code in cell.codes:
                shift = _shift(agent, cell.on, code, templates, zone, published=published)
                if shift is None:
                    bad.append(Bad(cell.place, f"{code} is no shift's code, name or hours"))
                else:
                    shifts.append((shift, cell.place))
        return [_Wanted(agent, frozenset(on), tuple(shifts)) for agent, on, shifts in by_agent.values()]

    def _everybody(self, caller: Caller) -> dict[str, list[Agent]]:
        """Whom the caller plans for, by each of the names that a sheet may call them."""
        found: dict[str, list[Agent]] = {}
        cursor = None
        while True:
            page = self._agents.page(AGENTS_AT_ONCE, cursor)
            for agent in self._reaches.seen(caller, "shift.plan", page.items):
                for name in {
                    agent.alias.casefold(),
                    agent.email.casefold(),
                    (agent.employee_no or "").casefold(),
                }:
                    if name:
                        found.setdefault(name, []).append(agent)
            cursor = page.next_cursor
            if cursor is None:
                return found

    def _roster(self, one: _Wanted, zone: str) -> Roster:
        since, until = _range(one.days, zone)
        return self._rosters.of(self._agents.get(one.agent.id), since, until)

    def _plan(self, one: _Wanted, roster: Roster, zone: str, bad: list[Bad]) -> Plan:
        """What makes the days as the sheet has them. A rotation's day is the rotation's: the sheet may only agree with it."""
        rotating = self._by_rotation(one)
        wanted = {(s.template_id, s.starts_at, s.ends_at): (s, place) for s, place in one.shifts}
        there = [s for s in roster.shifts if local_day(s.starts_at, zone) in one.days]
        kept = {(s.template_id, s.starts_at, s.ends_at): s for s in there}
        put = [(s, place) for key, (s, place) in wanted.items() if key not in kept]
        published = [
            (old.model_copy(update={"published": True, "version": old.version + 1}), place)
            for key, (s, place) in wanted.items()
            if (old := kept.get(key)) is not None and s.published and not old.published
        ]
        drop = [s for key, s in kept.items() if key not in wanted]
        gone = {s.id for s in drop}
        stays = [s for s in roster.shifts if s.id not in gone]
        for n, (shift, place) in enumerate(put):
            others = [*stays, *(other for other, _ in put[:n])]
            clash = next((s for s in others if overlap(s, shift)), None)
            if clash is not None:
                bad.append(Bad(place, f"overlaps the shift {clash.id} of {one.agent.alias}"))
            if local_day(shift.starts_at, zone) in rotating:
                bad.append(
                    Bad(
                        place,
                        f"{one.agent.alias} goes by a rotation that day: change that, or use an override",
                    )
                )
        bad += [
            Bad(f"{one.agent.alias}, {local_day(s.starts_at, zone)}", ROTATES)
            for s in drop
            if s.assignment_id and local_day(s.starts_at, zone) in rotating
        ]
        return Plan(tuple(s for s, _ in (*put, *published)), tuple(drop))

    def _by_rotation(self, one: _Wanted) -> set[date]:
        assignments = self._store.assignments_of(one.agent.id)
        return {on for on in one.days for a in assignments if a.from_ <= on and (a.to is None or on < a.to)}

    def _write(self, one: _Wanted, zone: str) -> None:
        since, until = _range(one.days, zone)
        while True:

            def decide(read: Mapping[AgentId, Roster]) -> Decided[Plan]:
                bad: list[Bad] = []
                roster = read[one.agent.id]
                whole = self._plan(one, roster, zone, bad)
                if bad:
                    raise grids.refuse(bad)
                part = Plan(whole.put[: AT_ONCE // 2], whole.drop[: AT_ONCE // 2])
                return Decided(part, writes_of(roster, part), {one.agent.id: after_plan(roster, part)})

            if not self._rosters.change([one.agent.id], since, until, decide):
                return

    # out

    def sheet(
        self, caller: Caller, first: date, last: date, zone: str, layout: str, off: str
    ) -> list[list[str]]:
        """The roster of `[first, last)` by its days in the zone, as `take` takes it."""
        if not first < last or (last - first).days > LONGEST:
            raise Invalid(
                f"to: later than `from`, by {LONGEST} days at most.",
                errors=(("to", "is not in reach of `from`"),),
            )
        on = days(first, last - DAY)
        shifts = [
            s
            for at in days(first - DAY, last)
            for s in self._store.shifts_on(instant_of(at))
            if first <= local_day(s.starts_at, zone) < last
        ]
        seen = self._reaches.seen_ids(caller, "shift.read", (s.agent_id for s in shifts))
        shifts = [s for s in shifts if s.agent_id in seen]
        templates = {t.id: t for t in self._store.templates.all()}
        agents = {a.id: a for a in self._agents.several(sorted({s.agent_id for s in shifts}))}
        names = _names(agents.values())
        by_day: dict[tuple[str, date], list[str]] = {}
        for shift in sorted(shifts, key=lambda s: (s.starts_at, s.id)):
            day = local_day(shift.starts_at, zone)
            by_day.setdefault((shift.agent_id, day), []).append(_code(shift, templates, zone))
        ordered = sorted(agents, key=lambda a: names[a].casefold())
        if layout == "long":
            return [
                ["agent", "date", "template"],
                *(
                    [names[a], day.isoformat(), code]
                    for a in ordered
                    for day in on
                    for code in by_day.get((a, day), [])
                ),
            ]
        return [
            ["agent", *(day.isoformat() for day in on)],
            *([names[a], *("+".join(by_day.get((a, day), [off])) for day in on)] for a in ordered),
        ]


def instant_of(on: date) -> datetime:
    return instant(on, "12:00", "UTC")


def _range(on: Iterable[date], zone: str) -> tuple[datetime, datetime]:
    """The days with what may reach into them."""
    ordered = sorted(on)
    return instant(ordered[0], "00:00", zone) - 2 * DAY, instant(ordered[-1], "00:00", zone) + 3 * DAY


def _names(agents: Iterable[Agent]) -> dict[AgentId, str]:
    """The alias where it is one agent's, else the address."""
    everybody = list(agents)
    aliases = [a.alias.casefold() for a in everybody]
    return {a.id: a.alias if aliases.count(a.alias.casefold()) == 1 else a.email for a in everybody}


def _code(shift: Shift, templates: Mapping[str, ShiftTemplate], zone: str) -> str:
    template = templates.get(shift.template_id or "")
    if template is not None:
        return template.code or template.name
    starts, ends = (at.astimezone(zone_of(zone)) for at in (shift.starts_at, shift.ends_at))
    return f"{starts:%H:%M}-{ends:%H:%M}"


def _shift(
    agent: Agent, on: date, code: str, templates: Sequence[ShiftTemplate], zone: str, *, published: bool
) -> Shift | None:
    """A template by its code or name, or hours like 09:00-17:00, which end on the next day if not later."""
    asked = code.casefold()
    template = next((t for t in templates if (t.code or "").casefold() == asked), None)
    template = template or next((t for t in templates if t.name.casefold() == asked), None)
    if template is not None:
        starts_at = instant(on, template.starts, template.time_zone or zone)
        ends_at = starts_at + timedelta(minutes=template.duration_min)
    elif _HOURS.fullmatch(code):
        starts, _, ends = code.partition("-")
        starts_at = instant(on, starts, zone)
        ends_at = instant(on if ends > starts else on + DAY, ends, zone)
    else:
        return None
    return Shift(
        id=derived("sheet", agent.id, on.isoformat(), template.id if template else code),
        agent_id=agent.id,
        starts_at=starts_at,
        ends_at=ends_at,
        template_id=template.id if template else None,
        code=template.code if template else None,
        published=published,
        breaks=breaks_of(template, starts_at) if template else [],
        on=on,
    )
