"""Agents, one item each, with their load; and who an e-mail address belongs to.

    agent_id  ·  "profile"   →  everything in `model.Agent`
    "email:…" ·  "claim"     →  agent_id

`by_listed` lists them, `by_unit` those of a unit; `roster_due` is sparse: those for whom the roster has something to say, by when. A slot is taken and freed only in a transaction that moves the session too: the writes for
it are made here (`slot_taken`, `slot_moved`) and carried out by the sessions' store.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, Final, Protocol, cast

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.agents import owners
from chalicelib.agents.breaks import comes_back
from chalicelib.agents.duty import DutyCache, Pause, Stretch, Window
from chalicelib.agents.model import (
    MOST_HELD,
    ON_HOLD,
    SLOT,
    Agent,
    AgentUnable,
    EmailTaken,
    NewStatus,
    NoSuchAgent,
    RosterMoved,
    TooManyOnHold,
    Weights,
)
from chalicelib.agents.statuses import noted
from chalicelib.kit.clock import from_ms, from_ms_or_none, to_ms
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import DeskError
from chalicelib.kit.ids import derived
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import (
    Clash,
    Delete,
    KeyMap,
    Put,
    Table,
    Update,
    Write,
    get_raw,
    named,
    query_all,
    query_page,
    transact,
    update_only,
    was_refused,
)
from chalicelib.kit.values import AgentId, QueueId, UnitId
from chalicelib.protocol.values import By, RoutingStatus
from chalicelib.units.store import stands, unknown_unit

PROFILE = "profile"
LISTED = "agent"
DUE = "roster"
LOOKED_AT = "looked at"
NO_BREAK: Final = {
    "break_id": None,
    "break_ends_at": None,
    "break_told": None,
    "next_status": None,
    "next_reason": None,
}
"""What a status that the roster sets takes away."""
NO_UNIT = "-"
"""Where those stand, in the index, who belong to no unit."""
PARTITIONS_A_PAGE = 4
"""Queries that one page may cost; it may be short, and carries a cursor."""
BATCH = 100


class ByListed(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_listed"
        projection = KeysOnlyProjection()

    listed = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)


class RosterDue(GlobalSecondaryIndex[Any]):
    """Those for whom the roster has something to say, by when it has."""

    class Meta:
        index_name = "roster_due"
        projection = KeysOnlyProjection()

    roster_due = UnicodeAttribute(hash_key=True)
    roster_due_at = NumberAttribute(range_key=True)


class ByUnit(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_unit"
        projection = KeysOnlyProjection()

    stands_in = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)


class Due(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    check_at = NumberAttribute(range_key=True)


class AgentItem(Table):
    class Meta(Table.Meta):
        table_name = named("agents")

    agent_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    by_listed = ByListed()
    by_roster_due = RosterDue()
    by_unit = ByUnit()
    due_index = Due()
    listed = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    email = UnicodeAttribute(null=True)
    alias = UnicodeAttribute(null=True)
    role_ids = UnicodeAttribute(null=True)
    capacity = NumberAttribute(null=True)
    load = NumberAttribute(null=True)
    slots = UnicodeSetAttribute(null=True)
    held = NumberAttribute(null=True)
    enabled = BooleanAttribute(null=True)
    epoch = NumberAttribute(null=True)
    routing_status = UnicodeAttribute(null=True)
    break_reason = UnicodeAttribute(null=True)
    break_id = UnicodeAttribute(null=True)
    break_ends_at = NumberAttribute(null=True)
    break_told = BooleanAttribute(null=True)
    next_status = UnicodeAttribute(null=True)
    next_reason = UnicodeAttribute(null=True)
    status_no = NumberAttribute(null=True)
    lease_until = NumberAttribute(null=True)
    last_assigned_at = NumberAttribute(null=True)
    accepts_from = NumberAttribute(null=True)
    status_at = NumberAttribute(null=True)
    roster_version = NumberAttribute(null=True)
    roster_due = UnicodeAttribute(null=True)
    roster_due_at = NumberAttribute(null=True)
    rostered = BooleanAttribute(null=True)
    on_since = NumberAttribute(null=True)
    rotated_to = NumberAttribute(null=True)
    pause = JSONAttribute(null=True)
    duty = JSONAttribute(null=True)
    opens_1 = NumberAttribute(null=True)
    closes_1 = NumberAttribute(null=True)
    opens_2 = NumberAttribute(null=True)
    closes_2 = NumberAttribute(null=True)
    misses = NumberAttribute(null=True)
    missed_since = NumberAttribute(null=True)
    queue_ids = UnicodeSetAttribute(null=True)
    unit_id = UnicodeAttribute(null=True)
    stands_in = UnicodeAttribute(null=True)
    skills = JSONAttribute(null=True)
    languages = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    employee_no = UnicodeAttribute(null=True)
    time_zone = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    due = UnicodeAttribute(null=True)
    check_at = NumberAttribute(null=True)
    owner_id = UnicodeAttribute(null=True)
    schema = NumberAttribute(default=1)


class Stands(Protocol):
    """What the roster moves of an agent."""

    @property
    def status(self) -> RoutingStatus: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def status_at(self) -> datetime | None: ...
    @property
    def accepts_from(self) -> datetime | None: ...
    @property
    def pause(self) -> Pause | None: ...
    @property
    def on_since(self) -> datetime | None: ...


class AgentStore:
    def create(self, agent: Agent, token: str) -> None:
        """The agent and the claim of the address, or neither."""
        claim = AgentItem(f"email:{agent.email}", "claim", owner_id=agent.id)
        try:
            transact(
                [
                    Put(claim, AgentItem.agent_id.does_not_exist()),
                    Put(_to_item(agent), AgentItem.agent_id.does_not_exist()),
                    *owners.moved(None, agent),
                    *([stands(agent.unit_id)] if agent.unit_id else []),
                ],
                token,
            )
        except Clash as clash:
            raise _taken_or_unknown(agent, clash, claim_at=0) from clash

    def replace(self, before: Agent, after: Agent, token: str) -> None:
        """What an admin says of them, over the version it was made from. What moves by itself, load and status, stays as it is."""
        actions = [AgentItem.version.set(after.version), *_said(_said_of(after))]
        unchanged = AgentItem.version == before.version
        writes: list[Write] = [Update(AgentItem(after.id, PROFILE), actions, unchanged)]
        if after.email != before.email:
            claim = AgentItem(f"email:{after.email}", "claim", owner_id=after.id)
            writes.append(Put(claim, AgentItem.agent_id.does_not_exist()))
            writes.append(Delete(AgentItem(f"email:{before.email}", "claim")))
        if after.unit_id and after.unit_id != before.unit_id:
            writes.append(stands(after.unit_id))
        writes += owners.moved(before, after)
        try:
            transact(writes, token)
        except Clash as clash:
            if 0 in clash.refused or not clash.refused:
                raise StaleVersion("Somebody changed this agent since you read it. Read it again.") from clash
            raise _taken_or_unknown(
                after, clash, claim_at=1 if after.email != before.email else None
            ) from clash

    def disable(self, agent: Agent, now: datetime, token: str) -> None:
        """From now on nothing is assigned to them, and no token or ticket of theirs is good."""
        actions = [AgentItem.enabled.set(False), AgentItem.epoch.add(1), *looked_at(now)]
        self._switch(agent, replace(agent, enabled=False), actions, token)

    def enable(self, agent: Agent, token: str) -> None:
        self._switch(agent, replace(agent, enabled=True), [AgentItem.enabled.set(True)], token)

    @staticmethod
    def _switch(before: Agent, after: Agent, actions: list[Action], token: str) -> None:
        was = AgentItem.enabled == before.enabled
        switched = Update(AgentItem(before.id, PROFILE), [*actions, AgentItem.version.add(1)], was)
        try:
            transact([switched, *owners.moved(before, after)], token)
        except Clash as clash:
            raise StaleVersion(
                "Somebody changed this agent just now. Look again, and try once more."
            ) from clash

    def everybody(self) -> Iterator[Agent]:
        """All there are, a hundred at a time: for what is done once."""
        cursor: str | None = None
        while True:
            page = self.page(BATCH, cursor)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def get(self, agent_id: AgentId) -> Agent:
        raw = get_raw(AgentItem, agent_id, PROFILE)
        if raw is None:
            raise NoSuchAgent("There is no such agent.")
        return _from_item(AgentItem.from_raw_data(raw))

    def by_email(self, email: str) -> Agent | None:
        """An unknown address costs the same reads as a known one."""
        claim = get_raw(AgentItem, f"email:{email}", "claim")
        raw = get_raw(AgentItem, claim["owner_id"]["S"] if claim else "nobody", PROFILE)
        return _from_item(AgentItem.from_raw_data(raw)) if raw else None

    def page(self, limit: int, cursor: str | None = None) -> Slice[Agent]:
        """By name. The index holds keys alone: what moves on an agent's item costs no index write."""
        start = None
        if cursor:
            position = from_cursor(cursor, id=SOME_ID, name=r".{1,400}")
            start = {
                "listed": {"S": LISTED},
                "name": {"S": position["name"]},
                "agent_id": {"S": position["id"]},
                "part": {"S": PROFILE},
            }
        page = query_page(AgentItem, LISTED, index="by_listed", limit=limit, after=start)
        more = None
        if page.last_key:
            more = to_cursor({"id": page.last_key["agent_id"]["S"], "name": page.last_key["name"]["S"]})
        return Slice(self._in_order(page.items), more)

    def page_of(self, units: Iterable[str], limit: int, cursor: str | None = None) -> Slice[Agent]:
        """Of these units, unit by unit, by name: other units' agents cost nothing."""
        places = sorted(unit or NO_UNIT for unit in units)
        start: KeyMap | None = None
        if cursor:
            at = from_cursor(cursor, unit=SOME_ID, id=f"({SOME_ID})?", name=r".{0,400}")
            places = [place for place in places if place >= at["unit"]]
            if at["id"]:
                start = _unit_key(at["unit"], at["id"], at["name"])
        found: list[dict[str, Any]] = []
        for nth, place in enumerate(places):
            if nth == PARTITIONS_A_PAGE or len(found) == limit:
                return Slice(self._in_order(found), to_cursor({"unit": place, "id": "", "name": ""}))
            page = query_page(AgentItem, place, index="by_unit", limit=limit - len(found), after=start)
            found, start = found + page.items, None
            if page.last_key:
                key = page.last_key
                at = {"unit": place, "id": key["agent_id"]["S"], "name": key["name"]["S"]}
                return Slice(self._in_order(found), to_cursor(at))
        return Slice(self._in_order(found))

    def any_in(self, unit_id: str) -> Agent | None:
        """Somebody who stands in the unit."""
        page = query_page(AgentItem, unit_id, index="by_unit", limit=1)
        return next(iter(self._in_order(page.items)), None)

    def _in_order(self, raws: Sequence[dict[str, Any]]) -> list[Agent]:
        ids = [AgentId(raw["agent_id"]["S"]) for raw in raws]
        by_id = {a.id: a for a in self.several(ids)}
        return [by_id[i] for i in ids if i in by_id]

    def several(self, agent_ids: Sequence[AgentId]) -> list[Agent]:
        """Eventually consistent, a request per hundred: to propose from; the claim's condition decides."""
        found: list[Agent] = []
        for start in range(0, len(agent_ids), BATCH):
            keys = [(agent_id, PROFILE) for agent_id in agent_ids[start : start + BATCH]]
            found.extend(_from_item(item) for item in AgentItem.batch_get(keys))
        return sorted(found, key=lambda a: a.id)

    def renew_lease(self, agent_id: AgentId, until: datetime) -> None:
        """And the minute's round looks at them once it would end: that look is put off there, not by every heartbeat."""
        self._update(
            agent_id,
            [
                AgentItem.lease_until.set(to_ms(until)),
                AgentItem.due.set(AgentItem.due | LOOKED_AT),
                AgentItem.check_at.set(AgentItem.check_at | to_ms(until)),
            ],
        )

    def shorten_lease(self, agent_id: AgentId, until: datetime) -> None:
        """Only ever backwards: a heartbeat that came later stands."""
        try:
            update_only(
                AgentItem(agent_id, PROFILE),
                [AgentItem.lease_until.set(to_ms(until))],
                AgentItem.lease_until > to_ms(until),
            )
        except UpdateError as error:
            if not was_refused(error):
                raise

    def set_status(
        self, agent_id: AgentId, status: RoutingStatus, reason: str | None, at: datetime | None = None
    ) -> None:
        """Without a word of it in the history. `at`: what the roster says of an earlier time changes nothing of it any more."""
        actions = [AgentItem.routing_status.set(status), AgentItem.status_no.add(1)]
        actions += [AgentItem.accepts_from.remove(), AgentItem.pause.remove()]
        actions.append(AgentItem.status_at.set(to_ms(at)) if at else AgentItem.status_at.remove())
        actions.append(AgentItem.break_reason.set(reason) if reason else AgentItem.break_reason.remove())
        if status == "accepting":
            actions += FORGIVEN
        self._update(agent_id, actions)

    def roster_due(self, by: datetime) -> list[AgentId]:
        """For whom the roster has something to say by then, the longest due first. An index's answer: the item decides."""
        until = AgentItem.roster_due_at <= to_ms(by)
        return [AgentId(raw["agent_id"]["S"]) for raw in query_all(AgentItem, DUE, until, index="roster_due")]

    def follow(self, read: Agent, standing: Stands, cache: DutyCache, at: datetime) -> bool:
        """Writes what the roster made of an agent, if roster, status and what was told last are still as read, and the desk too
        where a break begins. False: they aren't.
        """
        same = (AgentItem.roster_version == cache.version) & (AgentItem.routing_status == read.routing_status)
        same &= _as_read(AgentItem.status_at, read.status_at) & _as_read(
            AgentItem.rotated_to, read.rotated_to
        )
        if standing.pause != read.pause and not read.slots:
            same &= AgentItem.slots.does_not_exist()
        actions = [*_cached(cache), AgentItem.rotated_to.set(to_ms(at))]
        actions.append(_set_or_not(AgentItem.on_since, standing.on_since))
        if standing.status_at != read.status_at or standing.pause != read.pause:
            actions.append(AgentItem.routing_status.set(standing.status))
            actions.append(_set_or_not(AgentItem.status_at, standing.status_at))
            actions.append(_set_or_not(AgentItem.accepts_from, standing.accepts_from))
            reason, pause = standing.reason, standing.pause
            actions.append(AgentItem.break_reason.set(reason) if reason else AgentItem.break_reason.remove())
            actions.append(AgentItem.pause.set(_paused(pause)) if pause else AgentItem.pause.remove())
        if (standing.status, standing.reason) != (read.routing_status, read.break_reason):
            return self._follow(
                read, standing, [*actions, *_said(NO_BREAK), AgentItem.status_no.add(1)], same, at
            )
        try:
            update_only(AgentItem(read.id, PROFILE), actions, same)
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def _follow(
        self, read: Agent, standing: Stands, actions: list[Action], same: Condition, at: datetime
    ) -> bool:
        """With a line of the history, and back from a break of their own."""
        status = standing.status
        token = derived("follow", read.id, str(to_ms(at)), status)
        writes: list[Write] = [
            Update(AgentItem(read.id, PROFILE), actions, same),
            noted(read.id, status, standing.reason, at, By(role="system"), "the roster", read.status_no + 1),
        ]
        if read.break_id:
            writes.append(comes_back(read.id, read.break_id))
        try:
            transact(writes, token)
        except Clash:
            return False
        return True

    def take_status(
        self, read: Agent, new: NewStatus, at: datetime, also: Sequence[Write], token: str
    ) -> None:
        """The status, with `also`, if it still is the one that was read. Raises `Clash`."""
        values = {
            "routing_status": new.status,
            "break_reason": new.reason,
            "break_id": new.break_id,
            "break_ends_at": to_ms(new.break_ends_at) if new.break_ends_at else None,
            "break_told": None,
            "next_status": new.next_status,
            "next_reason": new.next_reason,
            "accepts_from": None,
            "pause": None,
            "status_at": to_ms(at),
            "status_no": read.status_no + 1,
        }
        forgiven = FORGIVEN if new.status == "accepting" else ()
        number = AgentItem.status_no
        unchanged = number == read.status_no if read.status_no else number.does_not_exist()
        transact(
            [
                Update(
                    AgentItem(read.id, PROFILE),
                    [*_said(values), *forgiven],
                    AgentItem.agent_id.exists() & unchanged,
                ),
                *also,
            ],
            token,
        )

    def due(self, by: datetime, limit: int) -> list[AgentId]:
        """Whom to look at by then, of those who were here."""
        page = query_page(AgentItem, LOOKED_AT, AgentItem.check_at <= to_ms(by), index="due", limit=limit)
        return [AgentId(raw["agent_id"]["S"]) for raw in page.items]

    def told_of_break(self, agent: Agent) -> None:
        """That this break of theirs lasts too long was told."""
        try:
            update_only(
                AgentItem(agent.id, PROFILE),
                [AgentItem.break_told.set(True)],
                AgentItem.break_ends_at == to_ms(agent.break_ends_at or agent.created_at),
            )
        except UpdateError as error:
            if not was_refused(error):
                raise

    def look_again(self, read: Agent, at: datetime | None) -> bool:
        """The next look comes then, or, at None, with the next sign of life. False: there was one meanwhile."""
        actions: list[Action] = [AgentItem.due.remove(), AgentItem.check_at.remove()]
        if at is not None:
            actions = looked_at(at)
        lease = AgentItem.lease_until
        same = lease == to_ms(read.lease_until) if read.lease_until else lease.does_not_exist()
        try:
            update_only(AgentItem(read.id, PROFILE), actions, same)
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def mend_desk(self, read: Agent, load: int, held: int, slots: frozenset[str]) -> bool:
        """Writes a recount, if the desk is still the one that was counted."""
        actions: list[Action] = [AgentItem.load.set(load), AgentItem.held.set(held)]
        actions.append(AgentItem.slots.set(set(slots)) if slots else AgentItem.slots.remove())
        try:
            update_only(AgentItem(read.id, PROFILE), actions, (AgentItem.load == read.load) & as_it_was(read))
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def missed_anew(self, agent_id: AgentId, at: datetime) -> None:
        """What they missed before counts no more: they had answered one meanwhile."""
        self._update(agent_id, [AgentItem.misses.set(1), AgentItem.missed_since.set(to_ms(at))])

    def join_queue(self, agent_id: AgentId, queue_id: QueueId) -> None:
        self._update(agent_id, [AgentItem.queue_ids.add({queue_id})])

    def revoke(self, agent_id: AgentId) -> None:
        """Every token and socket ticket made so far stops working."""
        self._update(agent_id, [AgentItem.epoch.add(1)])

    @staticmethod
    def _update(agent_id: AgentId, actions: Iterable[Any]) -> None:
        try:
            update_only(AgentItem(agent_id, PROFILE), list(actions), AgentItem.agent_id.exists())
        except UpdateError as error:
            if was_refused(error):
                raise NoSuchAgent("There is no such agent.") from error
            raise


def joins_queue(agent_id: AgentId, queue_id: QueueId) -> Update:
    return Update(
        AgentItem(agent_id, PROFILE), [AgentItem.queue_ids.add({queue_id})], AgentItem.agent_id.exists()
    )


def leaves_queue(agent_id: AgentId, queue_id: QueueId) -> Update:
    return Update(
        AgentItem(agent_id, PROFILE), [AgentItem.queue_ids.delete({queue_id})], AgentItem.agent_id.exists()
    )


def looked_at(at: datetime) -> list[Action]:
    """The minute's round looks at them from then on."""
    return [AgentItem.due.set(LOOKED_AT), AgentItem.check_at.set(to_ms(at))]


def _taken_or_unknown(agent: Agent, clash: Clash, claim_at: int | None) -> DeskError:
    """What a refused transaction means: the address is another's, or the unit is gone."""
    if claim_at is not None and claim_at in clash.refused:
        return EmailTaken(
            f"An agent already signs in as {agent.email}.", errors=(("email", "is another agent's"),)
        )
    return unknown_unit() if agent.unit_id else StaleVersion("Look again, and try once more.")


def _said(values: Mapping[str, Any]) -> list[Action]:
    """These attributes have these values; of None they are gone."""
    return [
        getattr(AgentItem, name).remove() if value is None else getattr(AgentItem, name).set(value)
        for name, value in values.items()
    ]


def _said_of(agent: Agent) -> dict[str, Any]:
    """What an admin says of an agent, as it is kept."""
    return {
        "name": agent.alias.casefold(),
        "email": agent.email,
        "alias": agent.alias,
        "role_ids": " ".join(agent.role_ids),
        "capacity": agent.capacity,
        "unit_id": agent.unit_id,
        "stands_in": agent.unit_id or NO_UNIT,
        "skills": dict(agent.skills) or None,
        "languages": " ".join(agent.languages) or None,
        "phone": agent.phone,
        "employee_no": agent.employee_no,
        "time_zone": agent.time_zone,
    }


def _unit_key(place: str, agent_id: str, name: str) -> KeyMap:
    return {
        "stands_in": {"S": place},
        "name": {"S": name},
        "agent_id": {"S": agent_id},
        "part": {"S": PROFILE},
    }


def slot_taken(
    agent: Agent, limit: int, session_id: str, at: datetime, *, only_if: Condition | None = None
) -> Update:
    """The write that puts a session on a desk: never twice, never above `limit`, in hundredths of a slot.

    The limit came of the capacity that was read, so that is in the condition.
    """
    condition = (
        (AgentItem.enabled == True)  # noqa: E712  # an expression, not a comparison
        & (AgentItem.capacity == agent.capacity)
        & (AgentItem.load <= limit - SLOT)
        & (AgentItem.slots.does_not_exist() | ~AgentItem.slots.contains(session_id))
    )
    if only_if is not None:
        condition &= only_if
    return Update(
        AgentItem(agent.id, PROFILE),
        [
            AgentItem.load.add(SLOT),
            AgentItem.slots.add({session_id}),
            AgentItem.last_assigned_at.set(to_ms(at)),
        ],
        condition,
        refusal=AgentUnable,
    )


def as_it_was(read: Agent) -> Condition:
    """That the desk holds what it held when it was read."""
    if not read.slots:
        nothing: Condition = AgentItem.slots.does_not_exist()
        return nothing
    same: Condition = AgentItem.slots == set(read.slots)
    return same


def on_hand(machine_now: datetime, now: datetime, *, ignores_duty: bool = False) -> Condition:
    """What a colleague's offer asks of an agent beyond a slot: here, neither away nor on a break, and on duty."""
    is_here: Condition = AgentItem.routing_status.is_in("accepting", "busy") & (
        AgentItem.lease_until > to_ms(machine_now)
    )
    return is_here if ignores_duty else is_here & _on_duty(to_ms(now))


def ready(machine_now: datetime, now: datetime, *, ignores_duty: bool = False) -> Condition:
    """What dispatch asks of an agent beyond a slot, judged as of the write: status, presence, and duty unless the queue ignores it.

    The windows end by themselves, so a late tick misroutes nothing.
    """
    at = to_ms(now)
    is_ready: Condition = (
        (AgentItem.routing_status == "accepting")
        & (AgentItem.lease_until > to_ms(machine_now))
        & (AgentItem.accepts_from.does_not_exist() | (AgentItem.accepts_from <= at))
    )
    return is_ready if ignores_duty else is_ready & _on_duty(at)


def _on_duty(at: int) -> Condition:
    on_duty: Condition = (
        AgentItem.roster_version.does_not_exist()
        | ((AgentItem.opens_1 <= at) & (AgentItem.closes_1 > at))
        | ((AgentItem.opens_2 <= at) & (AgentItem.closes_2 > at))
    )
    return on_duty


def roster_written(agent_id: AgentId, read: int, cache: DutyCache, at: datetime) -> Update:
    """The write that goes with every change of an agent's roster: refused where somebody else changed it since version `read`.

    What the roster says is told from its first change on.
    """
    same = AgentItem.roster_version == read if read else AgentItem.roster_version.does_not_exist()
    return Update(
        AgentItem(agent_id, PROFILE),
        [*_cached(cache), AgentItem.rotated_to.set(AgentItem.rotated_to | to_ms(at))],
        AgentItem.agent_id.exists() & same,
        refusal=RosterMoved,
    )


def _cached(cache: DutyCache) -> list[Action]:
    duty = [[to_ms(s.starts_at), to_ms(s.ends_at), s.duty] for s in cache.stretches]
    actions: list[Action] = [
        AgentItem.roster_version.set(cache.version),
        AgentItem.rostered.set(cache.rostered),
        AgentItem.duty.set(duty),
    ]
    places = ((AgentItem.opens_1, AgentItem.closes_1), (AgentItem.opens_2, AgentItem.closes_2))
    for (opens, closes), window in zip_longest(places, cache.windows):
        actions.append(opens.set(to_ms(window.opens_at)) if window else opens.remove())
        actions.append(closes.set(to_ms(window.closes_at)) if window else closes.remove())
    if cache.due_at is None:
        return [*actions, AgentItem.roster_due.remove(), AgentItem.roster_due_at.remove()]
    return [*actions, AgentItem.roster_due.set(DUE), AgentItem.roster_due_at.set(to_ms(cache.due_at))]


def reachable(agent: Agent, machine_now: datetime) -> Condition:
    """What is asked of an agent whom a supervisor gives work to, judged as of the write: there, not on a break, and with the roster
    that was read, by which they were on duty.
    """
    version = AgentItem.roster_version
    read: Condition = version == agent.roster.version if agent.roster else version.does_not_exist()
    is_there: Condition = (
        AgentItem.routing_status.is_in("accepting", "busy")
        & (AgentItem.lease_until > to_ms(machine_now))
        & read
    )
    return is_there


def slot_moved(
    agent_id: AgentId,
    session_id: str,
    weights: Weights,
    before: str,
    after: str | None,
    *,
    answered: bool = False,
    missed_at: datetime | None = None,
) -> list[Update]:
    """The write that keeps a desk equal to what lies on it: `before` and `after` are states, None where it leaves the desk.

    Not there any more: letting go twice changes nothing. `answered`: they did, so that earlier misses count no more; `missed_at`:
    they did not in time.
    """
    load = (weights.of(after) if after else 0) - weights.of(before)
    held = (after == ON_HOLD) - (before == ON_HOLD)
    if after and not load and not held and not answered:
        return []
    condition = AgentItem.slots.contains(session_id)
    actions: list[Any] = [AgentItem.load.add(load), AgentItem.held.add(held)]
    if after is None:
        actions.append(AgentItem.slots.delete({session_id}))
    if held > 0:
        condition &= AgentItem.held.does_not_exist() | (AgentItem.held < MOST_HELD)
    if missed_at is not None:
        actions.append(AgentItem.misses.add(1))
        actions.append(AgentItem.missed_since.set(AgentItem.missed_since | to_ms(missed_at)))
    elif answered:
        actions += FORGIVEN
    return [
        Update(
            AgentItem(agent_id, PROFILE),
            actions,
            condition,
            if_needed=after is None,
            refusal=_too_many_on_hold if held > 0 else None,
        )
    ]


FORGIVEN: Final = (AgentItem.misses.remove(), AgentItem.missed_since.remove())


def _too_many_on_hold() -> TooManyOnHold:
    return TooManyOnHold(f"You have put {MOST_HELD} conversations on hold. Go on with one of them first.")


def _to_item(agent: Agent) -> AgentItem:
    return AgentItem(
        agent.id,
        PROFILE,
        listed=LISTED,
        **_said_of(agent),
        version=agent.version,
        load=agent.load,
        slots=set(agent.slots) or None,
        enabled=agent.enabled,
        epoch=agent.epoch,
        routing_status=agent.routing_status,
        break_reason=agent.break_reason,
        queue_ids=set(agent.queue_ids) or None,
        created_at=to_ms(agent.created_at),
    )


def _as_read(attribute: Any, instant: datetime | None) -> Condition:
    same: Condition = attribute == to_ms(instant) if instant else attribute.does_not_exist()
    return same


def _set_or_not(attribute: Any, instant: datetime | None) -> Action:
    action: Action = attribute.set(to_ms(instant)) if instant else attribute.remove()
    return action


def _paused(pause: Pause) -> dict[str, Any]:
    ends_at = to_ms(pause.ends_at) if pause.ends_at else None
    lasts = pause.lasts // timedelta(milliseconds=1)
    return {"kind": pause.kind, "lasts": lasts, "ends_at": ends_at, "then": pause.then}


def _roster_of(item: AgentItem) -> DutyCache | None:
    if item.roster_version is None:
        return None
    places = ((item.opens_1, item.closes_1), (item.opens_2, item.closes_2))
    return DutyCache(
        int(item.roster_version),
        tuple(Stretch(from_ms(since), from_ms(until), duty) for since, until, duty in item.duty or ()),
        tuple(Window(from_ms(opens), from_ms(closes)) for opens, closes in places if opens is not None),
        from_ms_or_none(item.roster_due_at),
        rostered=item.rostered is not False,
    )


def _pause_of(stored: Any) -> Pause | None:
    if stored is None:
        return None
    lasts = timedelta(milliseconds=stored["lasts"])
    return Pause(stored["kind"], lasts, from_ms_or_none(stored["ends_at"]), stored["then"])


def _from_item(item: AgentItem) -> Agent:
    return Agent(
        id=AgentId(item.agent_id),
        version=int(item.version),
        email=item.email,
        alias=item.alias,
        role_ids=tuple(item.role_ids.split()),
        capacity=int(item.capacity),
        load=int(item.load),
        slots=frozenset(item.slots or ()),
        held=int(item.held or 0),
        enabled=item.enabled,
        epoch=int(item.epoch),
        routing_status=cast(RoutingStatus, item.routing_status),
        break_reason=item.break_reason,
        break_id=item.break_id,
        break_ends_at=from_ms_or_none(item.break_ends_at),
        break_told=bool(item.break_told),
        next_status=cast("RoutingStatus | None", item.next_status),
        next_reason=item.next_reason,
        status_no=int(item.status_no or 0),
        lease_until=from_ms_or_none(item.lease_until),
        last_assigned_at=from_ms_or_none(item.last_assigned_at),
        roster=_roster_of(item),
        accepts_from=from_ms_or_none(item.accepts_from),
        status_at=from_ms_or_none(item.status_at),
        on_since=from_ms_or_none(item.on_since),
        rotated_to=from_ms_or_none(item.rotated_to),
        pause=_pause_of(item.pause),
        misses=int(item.misses or 0),
        missed_since=from_ms_or_none(item.missed_since),
        queue_ids=frozenset(QueueId(q) for q in item.queue_ids or ()),
        unit_id=UnitId(item.unit_id) if item.unit_id else None,
        skills=item.skills or {},
        languages=tuple((item.languages or "").split()),
        phone=item.phone,
        employee_no=item.employee_no,
        time_zone=item.time_zone,
        created_at=from_ms(item.created_at),
    )
