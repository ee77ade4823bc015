"""What changes a roster: overrides, leaves and swaps, and staying on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.connections.model import Person
from chalicelib.delivery.service import Delivery
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.refusals import Forbidden
from chalicelib.kit.clock import Clock
from chalicelib.kit.ids import Ids
from chalicelib.kit.values import AgentId
from chalicelib.protocol.shift_events import RosterPublished
from chalicelib.protocol.shifts import (
    CoverGap,
    Leave,
    LeaveState,
    NewLeave,
    NewOverride,
    NewStay,
    NewSwap,
    Override,
    Shift,
    Swap,
    SwapState,
)
from chalicelib.shifts.calendar import WORKING, Roster, same_duty, spells
from chalicelib.shifts.model import (
    AlreadyDecided,
    InThePast,
    LeaveOverlaps,
    NoSuchShift,
    NotOnDuty,
    SwapOverlaps,
    span_of,
)
from chalicelib.shifts.moments import block_at
from chalicelib.shifts.planning import REST, overlap
from chalicelib.shifts.reach import Reaches
from chalicelib.shifts.service import Decided, Rosters
from chalicelib.shifts.store import ShiftStore, count, count_no_more, put_request

DAY = timedelta(days=1)
FAR = timedelta(weeks=8)


class Requests:
    def __init__(
        self,
        store: ShiftStore,
        reaches: Reaches,
        rosters: Rosters,
        delivery: Delivery,
        ids: Ids,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reaches = reaches
        self._rosters = rosters
        self._delivery = delivery
        self._ids = ids
        self._now = clock

    # overrides

    def override(self, caller: Caller, new: NewOverride) -> Override:
        """Counts at once, before all else; of two that overlap, the later made."""
        for agent_id in (new.agent_id, new.by_agent_id):
            if agent_id is not None:
                self._reaches.must(caller, "shift.plan", agent_id)
        return self._override(caller, new, overtime=False)

    def _override(self, caller: Caller, new: NewOverride, *, overtime: bool) -> Override:
        agent_id = self._rosters.agent(new.agent_id).id
        concerned = [agent_id]
        if new.by_agent_id:
            concerned.append(self._rosters.agent(new.by_agent_id, "by_agent_id").id)
        made = Override(
            **new.model_dump(),
            id=self._id(agent_id),
            overtime=overtime,
            created_at=self._now(),
            created_by=caller.id,
        )

        def decide(read: Mapping[AgentId, Roster]) -> Decided[Override]:
            after = {
                a: replace(read[a], overrides=(*read[a].overrides, made), rostered=True) for a in concerned
            }
            return Decided(made, [*put_request(made), *count(made, *concerned)], after)

        self._rosters.change(concerned, made.starts_at - DAY, made.ends_at + DAY, decide)
        self._tell(concerned, made.starts_at, made.ends_at)
        return made

    def stay(self, caller: Caller, agent_id: str, new: NewStay) -> Override:
        """Some minutes more, from the end of the duty on."""
        self._reaches.must(caller, "shift.stay", agent_id)
        now = self._now()
        agent = self._rosters.agent(agent_id)
        on = block_at(self._rosters.of(agent, now - DAY, now + 2 * DAY), now)
        if on is None:
            raise NotOnDuty("Only who is on duty can stay on.")
        ends_at = on.ends_at + timedelta(minutes=new.minutes)
        staying = NewOverride(
            agent_id=agent.id, starts_at=on.ends_at, ends_at=ends_at, kind="add", reason="stays on"
        )
        return self._override(caller, staying, overtime=True)

    # leave

    def ask_leave(self, caller: Caller, new: NewLeave) -> Leave:
        """Asked for by oneself or for another. Over a published shift it is taken, and the gap it leaves is told."""
        self._reaches.must(caller, "leave.request", new.agent_id)
        agent_id = self._rosters.agent(new.agent_id).id
        asked = Leave(**new.model_dump(), id=self._id(agent_id), created_at=self._now())

        def decide(read: Mapping[AgentId, Roster]) -> Decided[Leave]:
            clash = self._other_leave(asked)
            if clash is not None:
                raise LeaveOverlaps(
                    f"There is the leave {clash.id} ({clash.kind}, {clash.state}) from {span_of(clash.starts_at, clash.ends_at)}.",
                    errors=(("starts_at", f"overlaps leave {clash.id}"),),
                )
            made = asked.model_copy(update={"gaps": _gaps(read[agent_id], asked.starts_at, asked.ends_at)})
            return Decided(made, put_request(made), read)

        return self._rosters.change([agent_id], asked.starts_at - DAY, asked.ends_at + DAY, decide)

    def _other_leave(self, asked: Leave) -> Leave | None:
        """Asked for or got in the same time; an agent's few, newest first."""
        cursor = None
        while True:
            page = self._store.requests_of(AgentId(asked.agent_id), Leave, 100, cursor)
            for leave in page.items:
                counts = leave.state in ("requested", "approved")
                if counts and leave.starts_at < asked.ends_at and asked.starts_at < leave.ends_at:
                    return leave
            cursor = page.next_cursor
            if cursor is None:
                return None

    def decide_leave(self, caller: Caller, leave_id: str, state: LeaveState) -> Leave:
        """Approved, declined, or cancelled. The same again is no error; nobody approves their own, unless they may decide all."""
        found = self._store.find(Leave, leave_id)
        if found is None:
            raise NoSuchShift("There is no such leave.")
        self._reaches.must(
            caller, "leave.request" if state == "cancelled" else "leave.decide", found.agent_id
        )
        if state != "cancelled":
            self._decided_by_another(caller, "leave.decide", found.agent_id)
        agent_id = AgentId(found.agent_id)

        def decide(read: Mapping[AgentId, Roster]) -> Decided[Leave]:
            leave = self._store.find(Leave, leave_id) or found
            if leave.state == state:
                return Decided(leave)
            if leave.state not in (("requested", "approved") if state == "cancelled" else ("requested",)):
                raise AlreadyDecided(f"This leave is {leave.state} already.")
            roster = read[agent_id]
            made = leave.model_copy(
                update={
                    "state": state,
                    "version": leave.version + 1,
                    "decided_by": caller.id,
                    "decided_at": self._now(),
                    "gaps": _gaps(roster, leave.starts_at, leave.ends_at) if state == "approved" else [],
                }
            )
            others = tuple(x for x in roster.leaves if x.id != leave.id)
            if state == "approved":
                return Decided(
                    made,
                    [*put_request(made), *count(made, agent_id)],
                    {agent_id: replace(roster, leaves=(*others, made))},
                )
            gone = count_no_more(leave, agent_id) if leave.state == "approved" else []
            return Decided(made, [*put_request(made), *gone], {agent_id: replace(roster, leaves=others)})

        made = self._rosters.change([agent_id], found.starts_at - DAY, found.ends_at + DAY, decide)
        self._tell([agent_id], made.starts_at, made.ends_at)
        return made

    # swaps

    def offer_swap(self, caller: Caller, new: NewSwap) -> Swap:
        """A published shift of one's own, or a part of it, that another shall serve: somebody named, or whoever takes it."""
        self._reaches.must(caller, "swap.request", new.agent_id)
        agent_id = self._rosters.agent(new.agent_id).id
        if new.with_agent_id:
            self._rosters.agent(new.with_agent_id, "with_agent_id")
        now = self._now()

        def decide(read: Mapping[AgentId, Roster]) -> Decided[Swap]:
            shift = next((s for s in read[agent_id].shifts if s.id == new.shift_id and s.published), None)
            if shift is None:
                raise NoSuchShift("This agent has no such published shift.")
            made = _swap_of(shift, new, self._id(agent_id), now)
            if made.ends_at <= now:
                raise InThePast("What is over can't be swapped.", errors=(("ends_at", "is in the past"),))
            self._not_offered_already(made)
            return Decided(made, put_request(made), read)

        return self._rosters.change([agent_id], now - DAY, now + timedelta(days=366), decide)

    def _not_offered_already(self, made: Swap) -> None:
        cursor = None
        while True:
            page = self._store.requests_of(made.agent_id, Swap, 100, cursor)
            for other in page.items:
                alive = other.state in ("open", "taken", "approved") and other.shift_id == made.shift_id
                if alive and other.starts_at < made.ends_at and made.starts_at < other.ends_at:
                    raise SwapOverlaps(
                        f"The swap {other.id} ({other.state}) is about {span_of(other.starts_at, other.ends_at)} of this shift.",
                        errors=(("starts_at", f"overlaps swap {other.id}"),),
                    )
            cursor = page.next_cursor
            if cursor is None:
                return

    def take_swap(self, caller: Caller, swap_id: str) -> Swap:
        """By the colleague it is meant for, or by anybody if it is open; what speaks against it is told, and the approver decides."""
        found = self._swap(swap_id)
        if found.agent_id == caller.id or found.with_agent_id not in (None, caller.id):
            raise NoSuchShift("There is no such swap for you.")
        taker = AgentId(caller.id)
        agent = self._rosters.agent(taker)
        giver = self._rosters.agent(found.agent_id)

        def decide(read: Mapping[AgentId, Roster]) -> Decided[Swap]:
            swap = self._swap(swap_id)
            if swap.state == "taken" and swap.taken_by == taker:
                return Decided(swap)
            self._still(swap, "open")
            missing = sorted(set(giver.queue_ids) - set(agent.queue_ids))
            made = swap.model_copy(
                update={
                    "state": "taken",
                    "taken_by": taker,
                    "version": swap.version + 1,
                    "warnings": _against(read[taker], swap)
                    + ([f"They serve fewer queues: not {', '.join(missing)}."] if missing else [])
                    + _lacking(giver.skills, agent.skills),
                }
            )
            return Decided(made, put_request(made), read)

        made = self._rosters.change([taker], found.starts_at - DAY, found.ends_at + DAY, decide)
        self._tell([found.agent_id], made.starts_at, made.ends_at)
        return made

    def decide_swap(self, caller: Caller, swap_id: str, state: SwapState) -> Swap:
        """Approved, it counts for both at once. Declined or withdrawn, nothing changes. The same again is no error.

        Whose roster it changes must lie in the approver's reach, the taker's too.
        """
        found = self._swap(swap_id)
        if state == "withdrawn":
            self._reaches.must(caller, "swap.request", found.agent_id)
        elif state != "declined" or caller.id not in (found.with_agent_id, found.taken_by):
            for one in filter(None, (found.agent_id, found.taken_by)):
                self._reaches.must(caller, "swap.decide", one)
            self._decided_by_another(caller, "swap.decide", found.agent_id, found.taken_by)
        concerned = [AgentId(a) for a in (found.agent_id, found.taken_by) if a]

        def decide(read: Mapping[AgentId, Roster]) -> Decided[Swap]:
            swap = self._swap(swap_id)
            if swap.state == state:
                return Decided(swap)
            self._still(swap, *(("taken",) if state == "approved" else ("open", "taken")))
            made = swap.model_copy(
                update={
                    "state": state,
                    "version": swap.version + 1,
                    "decided_by": caller.id,
                    "decided_at": self._now(),
                }
            )
            if state != "approved":
                return Decided(made, put_request(made), read)
            after = {a: replace(read[a], swaps=(*read[a].swaps, made), rostered=True) for a in concerned}
            return Decided(made, [*put_request(made), *count(made, *concerned)], after)

        made = self._rosters.change(concerned, found.starts_at - DAY, found.ends_at + DAY, decide)
        self._tell(concerned, made.starts_at, made.ends_at)
        return made

    def _decided_by_another(self, caller: Caller, permission: str, *agent_ids: str | None) -> None:
        """Nobody decides their own, unless they may decide all."""
        if not self._reaches.others(caller, permission) or (
            caller.id in agent_ids and not self._reaches.everybody(caller, permission)
        ):
            raise Forbidden("This is decided by somebody else.")

    def _swap(self, swap_id: str) -> Swap:
        found = self._store.find(Swap, swap_id)
        if found is None:
            raise NoSuchShift("There is no such swap.")
        return found

    def _still(self, swap: Swap, *states: str) -> None:
        if swap.state not in states:
            raise AlreadyDecided(f"This swap is {swap.state}.")

    def _id(self, agent_id: str) -> str:
        return f"{agent_id}.{self._ids.new()}"

    def _tell(self, agent_ids: list[AgentId], starts_at: datetime, ends_at: datetime) -> None:
        for agent_id in agent_ids:
            event = RosterPublished(starts_at=starts_at, ends_at=ends_at, changes=1)
            self._delivery.tell_person(Person("agent", agent_id), event)


def _gaps(roster: Roster, starts_at: datetime, ends_at: datetime) -> list[CoverGap]:
    """What of published duty lies in that time."""
    return [
        CoverGap(shift_id=s.judged.shift_id or "", starts_at=s.starts_at, ends_at=s.ends_at)
        for s in same_duty(spells(roster, starts_at, ends_at))
        if s.judged.duty in WORKING and s.judged.because != "no_roster"
    ]


def _swap_of(shift: Shift, new: NewSwap, swap_id: str, now: datetime) -> Swap:
    """The part asked for, cut to the shift; its breaks go with it."""
    starts_at = max(new.starts_at or shift.starts_at, shift.starts_at)
    ends_at = min(new.ends_at or shift.ends_at, shift.ends_at)
    if ends_at <= starts_at:
        raise InThePast(
            "This part doesn't lie within the shift.",
            errors=(("starts_at", "does not lie within the shift"),),
        )
    return Swap(
        id=swap_id,
        agent_id=shift.agent_id,
        shift_id=shift.id,
        starts_at=starts_at,
        ends_at=ends_at,
        with_agent_id=new.with_agent_id,
        breaks=[b for b in shift.breaks if starts_at <= b.starts_at and b.ends_at <= ends_at],
        created_at=now,
    )


def _against(roster: Roster, swap: Swap) -> list[str]:
    """What speaks against this agent's serving it."""
    served = Shift(id=swap.shift_id, agent_id=roster.agent_id, starts_at=swap.starts_at, ends_at=swap.ends_at)
    worked = [s for s in roster.shifts if s.published]
    found = [f"They have the shift {s.id} in that time." for s in worked if overlap(s, served)]
    rest = [
        gap
        for s in worked
        for gap in (served.starts_at - s.ends_at, s.starts_at - served.ends_at)
        if timedelta(0) <= gap < REST
    ]
    if rest:
        found.append(f"They would rest only {min(rest).total_seconds() / 3600:.1f} h.")
    if any(x.starts_at < served.ends_at and served.starts_at < x.ends_at for x in roster.leaves):
        found.append("They are on leave in that time.")
    return found


def _lacking(wanted: Mapping[str, int], held: Mapping[str, int]) -> list[str]:
    missing = sorted(skill for skill, level in wanted.items() if held.get(skill, 0) < level)
    return [f"They lack skills: {', '.join(missing)}."] if missing else []
