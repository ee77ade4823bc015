"""The session log and the session item. `items` draws the keys.

    read            one consistent Query "from seq N on": duplicates, tail, state and who is here   1 unit to 4 KB
    append          one Put at the next place if nothing stands there                               1 unit to 1 KB
    move            one transaction: entry, session item, and whatever must move with them          2 units each
    tail            one Query backwards from the session item                                       1 unit

An append that loses learns from the refusal what stands there, at no extra read. Every transition writes an entry at the
next place too, so a message and a transition that race are decided by that same place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.connections.model import LEASE, Connection, Person
from chalicelib.kit.clock import to_ms
from chalicelib.kit.paging import Slice, from_cursor, to_cursor
from chalicelib.kit.table import (
    Clash,
    Put,
    Update,
    Write,
    put_if_absent,
    query_page,
    transact,
    was_refused,
)
from chalicelib.kit.values import AgentId, ConnectionId, CustomerId, QueueId, SessionId
from chalicelib.protocol.values import Mark
from chalicelib.sessions.entries import Draft, Entry
from chalicelib.sessions.items import (
    HEAD,
    NUMBER_HEAD,
    NumberItem,
    PresenceItem,
    SessionItem,
    entry_from,
    place_of,
    session_from,
    to_entry_item,
    to_facts,
    turn_facts,
)
from chalicelib.sessions.model import NoSuchSession, Session

TAIL = 4
"""Entries read behind the session item: enough to meet one that the customer sees, notes aside, nearly always."""


class NumberTaken(Exception):
    """Another session has this service number: one in a million million; draw again."""


@dataclass(frozen=True)
class Read:
    """A session as of one moment, from some place in its log on."""

    session: Session
    entries: list[Entry]
    here: list[Connection] = field(default_factory=list)

    @property
    def head(self) -> int:
        """The newest seq there is."""
        return self.entries[-1].seq if self.entries else 0

    @property
    def staff_head(self) -> int:
        return (self.entries[-1].staff_seq or 0) if self.entries else 0

    @property
    def last_message(self) -> Entry | None:
        return next((e for e in reversed(self.entries) if e.staff_seq is None), None)

    def stored(self, draft: Draft) -> Entry | None:
        return next((e for e in self.entries if e.is_of(draft)), None)

    def next_place(self, *, staff: bool) -> tuple[int, int | None]:
        return (self.head, self.staff_head + 1) if staff else (self.head + 1, None)


class SessionStore:
    def open(self, session: Session, first: Entry | None, also: Sequence[Write], token: str) -> None:
        """A new session with its first entry, or `NumberTaken`, or `Clash` where it or another was opened before."""
        head = SessionItem(session.id, HEAD)
        for name, value in {**to_facts(session), **turn_facts(session)}.items():
            setattr(head, name, value)
        number = NumberItem(f"number:{session.number}", "~number", whose=session.id)
        writes: list[Write] = [
            Put(head, SessionItem.session_id.does_not_exist()),
            Put(number, NumberItem.session_id.does_not_exist()),
        ]
        if first is not None:
            writes.append(Put(to_entry_item(first)))
        try:
            transact([*writes, *also], token)
        except Clash as clash:
            if clash.refused == [1]:
                raise NumberTaken from clash
            raise

    def read(self, session_id: SessionId, after: int | None, machine_now: datetime) -> Read:
        """From the entry at `after` on. A place that does not exist, or none named, reads the whole log."""
        if after:
            read = self._read_from(session_id, after, machine_now)
            if read.entries and read.entries[0].position == (after, 0):
                return read
        return self._read_from(session_id, 0, machine_now)

    def _read_from(self, session_id: SessionId, after: int, machine_now: datetime) -> Read:
        session: Session | None = None
        entries: list[Entry] = []
        here: list[Connection] = []
        start = None
        while True:
            page = query_page(
                SessionItem, session_id, SessionItem.place >= place_of(after), consistent=True, after=start
            )
            for raw in page.items:
                place = raw["place"]["S"]
                if place[0] == "m":
                    entries.append(entry_from(raw))
                elif place == HEAD:
                    session = session_from(raw)
                elif float(raw["lease_until"]["N"]) > to_ms(machine_now):
                    person = Person("customer", raw["customer_id"]["S"])
                    here.append(Connection(ConnectionId(place[2:]), person))
            start = page.last_key
            if start is None:
                break
        if session is None:
            raise NoSuchSession("There is no such conversation.")
        return Read(session, entries, here)

    def tail(self, session_id: SessionId, *, consistent: bool = True) -> Read:
        """The session and its newest entries."""
        page = query_page(
            SessionItem,
            session_id,
            SessionItem.place <= HEAD,
            consistent=consistent,
            newest_first=True,
            limit=TAIL + 1,
        )
        if not page.items or page.items[0]["place"]["S"] != HEAD:
            raise NoSuchSession("There is no such conversation.")
        entries = [entry_from(raw) for raw in reversed(page.items[1:])]
        return Read(session_from(page.items[0]), entries)

    def append(self, entry: Entry) -> Entry | None:
        """Stores the entry at its place. What stood there instead, or None: also one's own put that was stored before."""
        stood = put_if_absent(to_entry_item(entry), SessionItem.session_id)
        if stood is None:
            return None
        there = entry_from(stood)
        return None if there.message_id == entry.message_id else there

    def move(
        self, before: Session, after: Session, entry: Entry, also: Sequence[Write] = (), *, token: str
    ) -> None:
        """One transition: the session at the version it was read, its entry, and what moves with it, or `Clash`."""
        changed = _changes(
            {**to_facts(before), **turn_facts(before)}, {**to_facts(after), **turn_facts(after)}
        )
        transact(
            [
                Put(to_entry_item(entry), SessionItem.session_id.does_not_exist()),
                Update(SessionItem(before.id, HEAD), changed, SessionItem.version == before.version),
                *also,
            ],
            token,
        )

    def turn(self, before: Session, after: Session) -> None:
        """Moves whose turn it is, unless a later message or the end did so already."""
        changed = _changes(turn_facts(before), turn_facts(after))
        condition = (
            SessionItem.turn_seq.does_not_exist() | (SessionItem.turn_seq < after.turn_seq)
        ) & SessionItem.state.is_in("queued", "active", "on_hold")
        try:
            SessionItem(before.id, HEAD).update(actions=changed, condition=condition)
        except UpdateError as error:
            if not was_refused(error):
                raise

    def mark(self, session_id: SessionId, side: str, mark: Mark) -> bool:
        """Moves a side's marks on; False where they are there already: only ever forward."""
        delivered, read = (
            (SessionItem.customer_delivered, SessionItem.customer_read)
            if side == "customer"
            else (SessionItem.agent_delivered, SessionItem.agent_read)
        )
        forward = (
            (delivered.does_not_exist() | (delivered <= mark.delivered))
            & (read.does_not_exist() | (read <= mark.read))
            & SessionItem.session_id.exists()
        )
        try:
            SessionItem(session_id, HEAD).update(
                actions=[delivered.set(mark.delivered), read.set(mark.read)], condition=forward
            )
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def after(self, session_id: SessionId, after: tuple[int, int], limit: int, *, staff: bool) -> list[Entry]:
        """Entries behind a position, oldest first."""
        found = self._entries(session_id, place_of(*after), staff=staff, newest_first=False)
        return _first(found, limit, lambda e: e.position > after)

    def before(self, session_id: SessionId, before: int, limit: int, *, staff: bool) -> list[Entry]:
        """The entries before a seq, oldest first."""
        found = self._entries(session_id, place_of(before), staff=staff, newest_first=True)
        return _first(found, limit, lambda e: e.seq < before)[::-1]

    def _entries(
        self, session_id: SessionId, place: str, *, staff: bool, newest_first: bool
    ) -> Iterator[Entry]:
        where = (
            SessionItem.place.between("m", place) if newest_first else SessionItem.place.between(place, "n")
        )
        start = None
        while True:
            page = query_page(
                SessionItem,
                session_id,
                where,
                consistent=True,
                newest_first=newest_first,
                limit=100,
                after=start,
            )
            yield from (e for e in map(entry_from, page.items) if staff or e.staff_seq is None)
            start = page.last_key
            if start is None:
                return

    def arrived(self, session_id: SessionId, connection: Connection, at: datetime) -> None:
        """A customer's socket stands with its session, so that a message finds it without another look."""
        until = at + LEASE["customer"]
        PresenceItem(
            session_id,
            f"~c{connection.id}",
            customer_id=connection.person.id,
            lease_until=to_ms(until),
            expires=until,
        ).save()

    def left(self, session_id: SessionId, connection: ConnectionId) -> None:
        PresenceItem(session_id, f"~c{connection}").delete()

    def waiting(self, queue_id: QueueId, limit: int, cursor: str | None = None) -> Slice[SessionId]:
        """Who waits in a queue, first by rank. From the index: the session item decides."""
        return self._listed("waiting", queue_id, limit, cursor, ("waiting", "rank"))

    def position(self, session: Session, at_most: int) -> int:
        """The place in its queue, counted from 1, no further than `at_most` + 1."""
        page = query_page(
            SessionItem,
            session.queue_id,
            SessionItem.rank < session.rank,
            index="waiting",
            limit=at_most,
        )
        return len(page.items) + 1

    def of_customer(self, customer_id: CustomerId, limit: int, cursor: str | None = None) -> Slice[SessionId]:
        """Newest first."""
        return self._listed(
            "by_customer", customer_id, limit, cursor, ("customer_id", "created_at"), newest_first=True
        )

    def closed_by(self, agent_id: AgentId, limit: int, cursor: str | None = None) -> Slice[SessionId]:
        """What an agent served, newest first."""
        return self._listed("closed", agent_id, limit, cursor, ("closed_by", "ended_at"), newest_first=True)

    def by_number(self, beginning: str, limit: int, cursor: str | None = None) -> Slice[SessionId]:
        """Sessions whose service number begins so; three letters at least."""
        return self._listed(
            "by_number",
            beginning[:NUMBER_HEAD],
            limit,
            cursor,
            ("number_head", "number"),
            where=SessionItem.number.startswith(beginning),
        )

    @staticmethod
    def _listed(
        index: str,
        key: str,
        limit: int,
        cursor: str | None,
        names: tuple[str, str],
        *,
        newest_first: bool = False,
        where: Any = None,
    ) -> Slice[SessionId]:
        hash_name, range_name = names
        numeric = range_name in ("created_at", "ended_at")
        start = None
        if cursor:
            position = from_cursor(cursor, "id", "at")
            start = {
                hash_name: {"S": key},
                range_name: {"N" if numeric else "S": position["at"]},
                "session_id": {"S": position["id"]},
                "place": {"S": HEAD},
            }
        page = query_page(
            SessionItem, key, where, index=index, newest_first=newest_first, limit=limit, after=start
        )
        more = None
        if page.last_key:
            (at,) = page.last_key[range_name].values()
            more = to_cursor({"id": page.last_key["session_id"]["S"], "at": at})
        return Slice([SessionId(raw["session_id"]["S"]) for raw in page.items], more)


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[Action]:
    attributes = SessionItem.get_attributes()
    return [
        attributes[name].remove() if value is None else attributes[name].set(value)
        for name, value in after.items()
        if value != before[name]
    ]


def _first(entries: Iterator[Entry], limit: int, wanted: Any) -> list[Entry]:
    found: list[Entry] = []
    for entry in entries:
        if wanted(entry):
            found.append(entry)
            if len(found) == limit:
                break
    return found
