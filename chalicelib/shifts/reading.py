"""Looking at the roster: who is on, which shifts there are, how many serve, and when a queue opens."""

from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.agents.duty import Window
from chalicelib.agents.model import Agent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock, from_ms, to_ms
from chalicelib.kit.errors import Invalid
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.protocol.shifts import (
    Coverage,
    DutyRead,
    Leave,
    LeaveBalance,
    Override,
    RosterAssignment,
    Shift,
    Swap,
)
from chalicelib.queues.store import QueueStore
from chalicelib.shifts.balances import accounts
from chalicelib.shifts.calendar import judge, same_duty, spells
from chalicelib.shifts.coverage import coverage, required_staff
from chalicelib.shifts.hours import Hours, after_open_time, next_opening
from chalicelib.shifts.reach import Reaches
from chalicelib.shifts.store import ShiftStore
from chalicelib.shifts.walls import instant, local_day

T = TypeVar("T", Leave, Swap, Override)
DAY = timedelta(days=1)
AHEAD = timedelta(weeks=8)
LONGEST_COVERAGE = timedelta(days=31)
LONGEST_LIST = timedelta(days=366)
AGENTS_AT_ONCE = 100
_LISTS = {Leave: "leaves", Swap: "swaps", Override: "overrides"}


class Opening:
    """Whether a queue is open: by its hours, and by somebody on duty. `opens_at`: when it is next, if it isn't now."""

    def __init__(self, at: datetime, opens_at: datetime | None) -> None:
        self.open = opens_at is not None and opens_at <= at
        self.opens_at = None if self.open else opens_at


class Looking:
    def __init__(
        self, store: ShiftStore, reaches: Reaches, agents: AgentStore, queues: QueueStore, clock: Clock
    ) -> None:
        self._store = store
        self._reaches = reaches
        self._agents = agents
        self._queues = queues
        self._now = clock

    # duty

    def duty(self, caller: Caller, at: datetime | None, queue_id: str | None) -> list[DutyRead]:
        """Of a queue's members, or of everybody, as far as the caller sees them: two Queries an agent."""
        moment = at or self._now()
        return [self._duty(agent, moment) for agent in self._seen(caller, queue_id)]

    def _seen(self, caller: Caller, queue_id: str | None) -> list[Agent]:
        if not self._reaches.others(caller, "shift.read"):
            own = self._agents.get(AgentId(caller.id))
            return [own] if queue_id is None or queue_id in own.queue_ids else []
        return self._reaches.seen(caller, "shift.read", self._of(queue_id))

    def _of(self, queue_id: str | None) -> list[Agent]:
        if queue_id is not None:
            self._queues.get(QueueId(queue_id))
            return self._agents.several([m.agent_id for m in self._queues.members(QueueId(queue_id))])
        found, cursor = list[Agent](), None
        while True:
            page = self._agents.page(AGENTS_AT_ONCE, cursor)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found

    def _duty(self, agent: Agent, at: datetime) -> DutyRead:
        roster = self._store.roster(agent, at - DAY, at + AHEAD)
        now = judge(roster, at)
        until = next((s for s in same_duty(spells(roster, at, at + AHEAD))), None)
        ends_at = until.ends_at if until and until.ends_at < at + AHEAD else None
        return DutyRead(
            agent_id=agent.id, duty=now.duty, until=ends_at, shift_id=now.shift_id, because=now.because
        )

    # lists

    def shifts(
        self,
        caller: Caller,
        since: datetime,
        until: datetime,
        limit: int,
        cursor: str | None = None,
        *,
        agent_id: str | None = None,
        unit_id: str | None = None,
    ) -> Slice[Shift]:
        """Those that touch `[since, until)`, by when they start. Of one agent: a Query; of all: one for each day. A page of a unit's may
        be short and carry a cursor: who belongs to another is not in it.
        """
        if until - since > LONGEST_LIST:
            raise Invalid("to: a year at most is listed at once.", errors=(("to", "is too far"),))
        if not self._reaches.others(caller, "shift.read"):
            agent_id = agent_id or caller.id
            self._reaches.must(caller, "shift.read", agent_id)
        after = from_cursor(cursor, starts=r"\d{1,13}", id=SOME_ID) if cursor else None
        place = (int(after["starts"]), after["id"]) if after else (-1, "")
        found: list[Shift] = []
        day = since - DAY
        if after:
            day = max(day, from_ms(place[0]))
        if agent_id:
            agent = self._agents.get(AgentId(agent_id))
            found = [s for s in self._store.roster(agent, since, until).shifts if _place(s) > place]
            found.sort(key=_place)
        else:
            while day < until + DAY and len(found) <= limit:
                touching = (
                    s for s in self._store.shifts_on(day) if s.starts_at < until and s.ends_at > since
                )
                found += sorted((s for s in touching if _place(s) > place), key=_place)
                day += DAY
        page = found[:limit]
        more = None
        if len(found) > limit:
            starts, shift_id = _place(page[-1])
            more = to_cursor({"starts": str(starts), "id": shift_id})
        if unit_id is not None:
            agents = self._agents.several(sorted({s.agent_id for s in page}))
            theirs = {a.id for a in agents if a.unit_id == unit_id}
            page = [s for s in page if s.agent_id in theirs]
        seen = self._reaches.seen_ids(caller, "shift.read", (s.agent_id for s in page))
        return Slice([s for s in page if s.agent_id in seen], more)

    def requests(
        self, caller: Caller, permission: str, model: type[T], limit: int, cursor: str | None
    ) -> Slice[T]:
        """Newest first: everybody's, or one's own."""
        if self._reaches.others(caller, permission):
            page = self._store.listed(_LISTS[model], model, limit, cursor)
            seen = self._reaches.seen_ids(caller, permission, (x.agent_id for x in page.items))
            return Slice([x for x in page.items if x.agent_id in seen], page.next_cursor)
        return self._store.requests_of(AgentId(caller.id), model, limit, cursor)

    def swaps(self, caller: Caller, limit: int, cursor: str | None) -> Slice[Swap]:
        """Everybody's, or one's own and those that one may take."""
        page = self._store.listed("swaps", Swap, limit, cursor)
        if self._reaches.others(caller, "swap.read"):
            seen = self._reaches.seen_ids(caller, "swap.read", (s.agent_id for s in page.items))
            return Slice([s for s in page.items if s.agent_id in seen], page.next_cursor)
        mine = [s for s in page.items if caller.id in (s.agent_id, s.with_agent_id, s.taken_by)]
        open_ = [s for s in page.items if s.state == "open" and s.with_agent_id is None]
        return Slice([s for s in page.items if s in mine or s in open_], page.next_cursor)

    def assignments(self, caller: Caller, limit: int, cursor: str | None) -> Slice[RosterAssignment]:
        """Those that last longest first; or one's own."""
        if self._reaches.others(caller, "shift.read"):
            page = self._store.listed("assignments", RosterAssignment, limit, cursor)
            seen = self._reaches.seen_ids(caller, "shift.read", (a.agent_id for a in page.items))
            return Slice([a for a in page.items if a.agent_id in seen], page.next_cursor)
        return Slice(self._store.assignments_of(AgentId(caller.id)))

    def leave_balance(self, caller: Caller, agent_id: str) -> LeaveBalance:
        self._reaches.must(caller, "leave.read", agent_id)
        agent, now = self._agents.get(AgentId(agent_id)), self._now()
        year = local_day(now, agent.time_zone).replace(month=1, day=1)
        since = instant(year, "00:00", agent.time_zone)
        leaves, overrides = self._store.counting(agent.id, since)
        return LeaveBalance(agent_id=agent.id, since=since, items=accounts(leaves, overrides, since, now))

    # coverage

    def coverage(self, caller: Caller, since: datetime, until: datetime, queue_id: str | None) -> Coverage:
        """By quarter of an hour: two Queries an agent, one a day."""
        if until - since > LONGEST_COVERAGE:
            raise Invalid("to: a month at most is counted at once.", errors=(("to", "is too far"),))
        rosters = [self._store.roster(a, since - DAY, until + DAY) for a in self._seen(caller, queue_id)]
        shifts = [s for roster in rosters for s in roster.shifts if s.published]
        templates = {t.id: t for t in self._store.templates.all()}
        counted = coverage(rosters, required_staff(shifts, templates, queue_id), since, until)
        return Coverage(items=counted, always=[r.agent_id for r in rosters if not r.rostered])

    # opening

    def opening(self, queue_id: QueueId, at: datetime, business_hours_id: str | None = None) -> Opening:
        """Open by its business hours and those named, and by somebody on duty: from the two nearest windows on each member's item,
        so that it costs a Query and a batch of Gets, whatever the roster.
        """
        queue = self._queues.get(queue_id)
        members = self._agents.several([m.agent_id for m in self._queues.members(queue_id)])
        serving = [a for a in members if a.enabled]
        always = queue.ignore_duty or any(a.roster is None for a in serving)
        staffed: list[Window] | None = [w for a in serving if a.roster for w in a.roster.windows]
        named = dict.fromkeys(h for h in (queue.business_hours_id, business_hours_id) if h)
        hours = [rules for h in named if (rules := self._hours(h))]
        return Opening(at, next_opening(at, hours, None if always and serving else staffed))

    def in_hours(self, queue_id: QueueId, at: datetime, span: timedelta) -> datetime:
        """When so much of a queue's business time has passed since an instant."""
        named = self._queues.get(queue_id).business_hours_id
        rules = self._hours(named) if named else None
        return after_open_time(at, span, [rules] if rules else [])

    def next_opening(self, queue_id: QueueId, at: datetime) -> datetime | None:
        """The first instant, `at` or later, at which somebody serves the queue; None: none in sight."""
        found = self.opening(queue_id, at)
        return at if found.open else found.opens_at

    def _hours(self, business_hours_id: str) -> Hours | None:
        rules = self._store.hours.find(business_hours_id)
        if rules is None:
            return None
        named = rules.holiday_calendar_id
        return Hours(rules, self._store.calendars.find(named) if named else None)


def _place(shift: Shift) -> tuple[int, str]:
    return to_ms(shift.starts_at), shift.id
