"""Making the roster: shifts by hand, assignments to rotations, making the weeks ahead, and publishing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.connections.model import Person
from chalicelib.delivery.service import Delivery
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Write
from chalicelib.kit.values import AgentId
from chalicelib.protocol.shift_events import RosterPublished
from chalicelib.protocol.shifts import (
    NewPublication,
    NewRosterAssignment,
    NewShift,
    Publication,
    RosterAssignment,
    RosterAssignmentChange,
    RosterChange,
    RosterWarning,
    Rotation,
    Shift,
)
from chalicelib.shifts.calendar import Roster
from chalicelib.shifts.coverage import coverage, required_staff
from chalicelib.shifts.definitions import Definitions
from chalicelib.shifts.model import AssignmentOverlaps, NoSuchShift, ShiftOverlaps, span_of
from chalicelib.shifts.planning import (
    MATERIALISE_AHEAD,
    PUBLISH_AHEAD,
    Book,
    Plan,
    breaks_of,
    overlap,
    plan,
    shifts_between,
)
from chalicelib.shifts.reach import Reaches
from chalicelib.shifts.service import Decided, Rosters
from chalicelib.shifts.store import AT_ONCE, ShiftStore, drop_shift, put_assignment, put_shift
from chalicelib.shifts.walls import local_day
from chalicelib.shifts.warnings import understaffed, warnings_of

DAY = timedelta(days=1)
MOST_AHEAD = timedelta(days=366)
LONGEST = timedelta(days=366)
COUNTED = timedelta(days=31)
"""A range as long as this is held against the minimum staff by the quarter of an hour."""
MATERIALISE = "materialise_roster"


class Plans:
    def __init__(
        self,
        store: ShiftStore,
        reaches: Reaches,
        rosters: Rosters,
        definitions: Definitions,
        delivery: Delivery,
        ids: Ids,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reaches = reaches
        self._rosters = rosters
        self._definitions = definitions
        self._delivery = delivery
        self._ids = ids
        self._now = clock

    # by hand

    def add_shift(self, caller: Caller, new: NewShift) -> Shift:
        """One shift, which may not overlap another of the agent's."""
        self._reaches.must(caller, "shift.plan", new.agent_id)
        template = self._store.templates.find(new.template_id) if new.template_id else None
        if new.template_id and template is None:
            raise Invalid(
                "template_id: there is no such shift template.", errors=(("template_id", "is no template's"),)
            )
        made = Shift(
            id=self._ids.new(),
            agent_id=AgentId(new.agent_id),
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            template_id=new.template_id,
            code=template.code if template else None,
            published=new.published,
            breaks=[b for b in breaks_of(template, new.starts_at) if b.ends_at <= new.ends_at]
            if template
            else [],
        )

        def decide(read: Mapping[AgentId, Roster]) -> Decided[Shift]:
            roster = read[made.agent_id]
            clash = next((s for s in roster.shifts if overlap(s, made)), None)
            if clash is not None:
                raise ShiftOverlaps(
                    f"This agent has the shift {clash.id} from {span_of(clash.starts_at, clash.ends_at)}. Shifts of one agent can't overlap.",
                    errors=(("starts_at", f"overlaps shift {clash.id}"),),
                )
            after = replace(roster, shifts=(*roster.shifts, made), rostered=roster.rostered or made.published)
            return Decided(made, put_shift(made), {made.agent_id: after})

        return self._rosters.change([made.agent_id], made.starts_at - DAY, made.ends_at + DAY, decide)

    # rotations

    def assign(self, caller: Caller, new: NewRosterAssignment) -> RosterAssignment:
        """From its first day on the agent goes by the rotation: the weeks ahead are made at once."""
        self._reaches.must(caller, "shift.plan", new.agent_id)
        agent_id = self._rosters.agent(new.agent_id).id
        self._known_rotation(new.rotation_id)
        made = RosterAssignment(**new.model_dump(), id=f"{agent_id}.{self._ids.new()}")
        self._assigned(agent_id, made)
        return made

    def change_assignment(
        self, caller: Caller, assignment_id: str, change: RosterAssignmentChange, version: int
    ) -> RosterAssignment:
        """Of one that has started, another rotation or offset closes it as of today and opens another: that one is answered."""
        old = self._store.find_assignment(assignment_id)
        if old is None:
            raise NoSuchShift("There is no such roster assignment.")
        self._reaches.must(caller, "shift.plan", old.agent_id)
        if old.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        named = change.model_dump(exclude_unset=True)
        rotation = self._known_rotation(change.rotation_id or old.rotation_id)
        today = local_day(self._now(), rotation.time_zone)
        agent_id = AgentId(old.agent_id)
        if "to" in named and named["to"] is not None and named["to"] <= old.from_:
            raise Invalid("to: must be later than `from`.", errors=(("to", "is not later than `from`"),))
        moves = {k: v for k, v in named.items() if k in ("rotation_id", "offset") and v is not None}
        if not moves or old.from_ >= today:
            made = old.model_copy(update={**moves, **_only(named, "to"), "version": version + 1})
            self._assigned(agent_id, made)
            return made
        closed = old.model_copy(update={"to": today, "version": version + 1})
        opened = old.model_copy(
            update={
                **moves,
                **_only(named, "to"),
                "from_": today,
                "id": f"{agent_id}.{self._ids.new()}",
                "version": 1,
            }
        )
        self._assigned(agent_id, closed, opened)
        return opened

    def _known_rotation(self, rotation_id: str) -> Rotation:
        found = self._store.rotations.find(rotation_id)
        if found is None:
            raise Invalid(
                "rotation_id: there is no such rotation.", errors=(("rotation_id", "is no rotation's"),)
            )
        return found

    def _assigned(self, agent_id: AgentId, *changed: RosterAssignment) -> None:
        """Stores them, which puts the agent on the roster, then makes the weeks ahead, promised shifts moved too."""
        ids = {a.id for a in changed}

        def decide(read: Mapping[AgentId, Roster]) -> Decided[None]:
            others = [a for a in self._store.assignments_of(agent_id) if a.id not in ids]
            for one in changed:
                clash = next((a for a in others if _meet(a, one)), None)
                if clash is not None:
                    raise AssignmentOverlaps(
                        f"This agent goes by the rotation {clash.rotation_id} from {clash.from_} to {clash.to or 'further notice'}"
                        f" (assignment {clash.id}). End it first.",
                        errors=(("from", f"overlaps assignment {clash.id}"),),
                    )
            writes = [w for a in changed for w in put_assignment(a)]
            after = replace(read[agent_id], rostered=True)
            return Decided(None, writes, {agent_id: after})

        now = self._now()
        self._rosters.change([agent_id], now, now, decide)
        self._make(agent_id, now - DAY, now + MATERIALISE_AHEAD, self._definitions.book(), firm=True)

    # the weeks ahead

    def materialise_if_due(self) -> int:
        """Once a day at least, should its own schedule not have come, or the clock have gone on further than that."""
        made_at, now = self._store.ran_at(MATERIALISE), self._now()
        due = made_at is None or not now - DAY < made_at <= now
        return self.materialise() if due else 0

    def materialise(self) -> int:
        """Eight weeks ahead for everybody who goes by a rotation. What is right already is not written again."""
        now = self._now()
        book, made = self._definitions.book(), 0
        yesterday = (now - 2 * DAY).date().isoformat()
        agents = sorted({AgentId(a.agent_id) for a in self._store.open_assignments(yesterday)})
        for agent_id in agents:
            done = self._make(agent_id, now - DAY, now + MATERIALISE_AHEAD, book, firm=False, rings=False)
            made += len(done.put) + len(done.drop)
        self._store.note_run(MATERIALISE, now)
        return made

    def _make(
        self,
        agent_id: AgentId,
        since: datetime,
        until: datetime,
        book: Book,
        *,
        firm: bool,
        publish: bool = False,
        rings: bool = True,
    ) -> Plan:
        """Brings an agent's shifts in line with their assignments, some at a time."""
        whole: list[Plan] = []
        while True:

            def decide(read: Mapping[AgentId, Roster]) -> Decided[Plan]:
                found = self._planned(read[agent_id], since, until, book, firm=firm, publish=publish)
                part = Plan(found.put[: AT_ONCE // 2], found.drop[: AT_ONCE // 2], found.clashes)
                return Decided(
                    part, writes_of(read[agent_id], part), {agent_id: after_plan(read[agent_id], part)}
                )

            done = self._rosters.change([agent_id], since - DAY, until + DAY, decide, rings=rings)
            whole.append(done)
            if not done:
                return Plan(
                    tuple(s for p in whole for s in p.put),
                    tuple(s for p in whole for s in p.drop),
                    whole[-1].clashes,
                )

    def _planned(
        self, roster: Roster, since: datetime, until: datetime, book: Book, *, firm: bool, publish: bool
    ) -> Plan:
        """What is over stays as it was worked; what was made by hand too, but that publishing publishes it."""
        now = self._now()
        fixed = [
            s for s in roster.shifts if not since <= s.starts_at < until or (s.published and s.ends_at <= now)
        ]
        there = [s for s in roster.shifts if s not in fixed]
        untouched = {s.id for s in fixed}
        wanted = [
            shift.model_copy(update={"published": publish or shift.starts_at < now + PUBLISH_AHEAD})
            for assignment in self._store.assignments_of(roster.agent_id)
            if assignment.rotation_id in book.rotations
            for shift in shifts_between(assignment, since, until, book)
            if shift.id not in untouched
        ]
        found = plan(there, wanted, fixed, firm=firm)
        by_hand = tuple(
            s.model_copy(update={"published": True, "version": s.version + 1})
            for s in there
            if publish and not s.assignment_id and not s.published
        )
        return Plan((*found.put, *by_hand), found.drop, found.clashes)

    # publishing

    def publish(self, caller: Caller, asked: NewPublication) -> Publication:
        """Makes and publishes the range asked, at most a year ahead; who is concerned is told."""
        now = self._now()
        if asked.to > now + MOST_AHEAD:
            raise Invalid("to: a roster is published a year ahead at most.", errors=(("to", "is too far"),))
        if asked.to - asked.from_ > LONGEST:
            raise Invalid("to: a year at most is published at once.", errors=(("to", "is too far"),))
        book = self._definitions.book()
        changes: list[RosterChange] = []
        warnings: list[RosterWarning] = []
        published = 0
        rosters: list[Roster] = []
        for agent_id in self._concerned(caller, asked):
            agent = self._rosters.agent(agent_id, "agent_ids")
            if asked.unit_id is not None and agent.unit_id != asked.unit_id:
                continue
            before = self._rosters.of(agent, asked.from_ - DAY, asked.to + DAY)
            if asked.dry_run:
                done = self._planned(before, asked.from_, asked.to, book, firm=True, publish=True)
            else:
                done = self._make(agent_id, asked.from_, asked.to, book, firm=True, publish=True)
            after = after_plan(before, done)
            there = [s for s in after.shifts if s.published and asked.from_ <= s.starts_at < asked.to]
            published += len(there)
            rosters.append(after)
            changes += changes_of(before, done)
            warnings += warnings_of(after, done, asked.from_, asked.to, agent.time_zone)
            if done and not asked.dry_run:
                event = RosterPublished(
                    starts_at=asked.from_, ends_at=asked.to, changes=len(changes_of(before, done))
                )
                self._delivery.tell_person(Person("agent", agent_id), event)
        if asked.agent_ids is None and asked.unit_id is None and asked.to - asked.from_ <= COUNTED:
            shifts = [s for roster in rosters for s in roster.shifts if s.published]
            required = required_staff(shifts, book.templates, None)
            warnings += understaffed(coverage(rosters, required, asked.from_, asked.to))
        return Publication(published=published, changes=changes, warnings=warnings, dry_run=asked.dry_run)

    def _concerned(self, caller: Caller, asked: NewPublication) -> list[AgentId]:
        """Those named, or all who go by a rotation or have a shift in the range."""
        if asked.agent_ids is not None:
            for agent_id in asked.agent_ids:
                self._reaches.must(caller, "shift.publish", agent_id)
            return [self._rosters.agent(a, "agent_ids").id for a in dict.fromkeys(asked.agent_ids)]
        found = {
            AgentId(a.agent_id)
            for a in self._store.open_assignments((asked.from_ - 2 * DAY).date().isoformat())
        }
        day = asked.from_
        while day < asked.to + DAY:
            found |= {s.agent_id for s in self._store.shifts_on(day) if asked.from_ <= s.starts_at < asked.to}
            day += DAY
        seen = self._reaches.seen_ids(caller, "shift.publish", found)
        return sorted(a for a in found if a in seen)


def _only(named: Mapping[str, object], name: str) -> dict[str, object]:
    return {name: named[name]} if name in named else {}


def _meet(one: RosterAssignment, other: RosterAssignment) -> bool:
    last = date.max
    return one.from_ < (other.to or last) and other.from_ < (one.to or last)


def writes_of(roster: Roster, part: Plan) -> list[Write]:
    standing = {s.id: s for s in roster.shifts}
    return [
        *(w for s in part.put for w in put_shift(s, standing.get(s.id))),
        *(w for s in part.drop for w in drop_shift(s)),
    ]


def after_plan(roster: Roster, part: Plan) -> Roster:
    gone = {s.id for s in (*part.put, *part.drop)}
    shifts = (*(s for s in roster.shifts if s.id not in gone), *part.put)
    rostered = roster.rostered or any(s.published for s in part.put)
    return replace(roster, shifts=tuple(sorted(shifts, key=lambda s: s.starts_at)), rostered=rostered)


def changes_of(before: Roster, done: Plan) -> list[RosterChange]:
    standing = {s.id: s for s in before.shifts}
    found = []
    for shift in done.put:
        old = standing.get(shift.id)
        moved = old is not None and (old.starts_at, old.ends_at) != (shift.starts_at, shift.ends_at)
        what = "added" if old is None else "moved" if moved else "published"
        found.append(_change(shift, what))
    return [*found, *(_change(s, "removed") for s in done.drop)]


def _change(shift: Shift, what: str) -> RosterChange:
    return RosterChange.model_validate(
        {
            "agent_id": shift.agent_id,
            "what": what,
            "shift_id": shift.id,
            "starts_at": shift.starts_at,
            "ends_at": shift.ends_at,
            "template_id": shift.template_id,
        }
    )
