"""The session log and the session item. `items` draws the keys.

    read            one consistent Query "from seq N on": duplicates, tail, state and who is here   1 unit to 4 KB
    append          one Put at the next place if nothing stands there                               1 unit to 1 KB
    append_with     one transaction: the message, and an attachment or a form that it uses up       2 units each to 1 KB
    append_note     one transaction: the note, and that no message follows yet what it follows      4 units
    move            one transaction: entry, session item, and whatever must move with them          2 units each
    tail            one Query backwards from the session item; a Get more behind many notes         1 unit

An append that loses learns from the refusal what stands there, at no extra read. Every transition writes an entry at the
next place too, so a message and a transition that race are decided by that same place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.connections.model import LEASE, Connection, Person
from chalicelib.kit.clock import to_ms
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import (
    Check,
    Clash,
    Put,
    Update,
    Write,
    get_raw,
    put_if_absent,
    query_all,
    query_page,
    transact,
    update_only,
    was_refused,
)
from chalicelib.kit.values import AgentId, ConnectionId, CustomerId, QueueId, SessionId
from chalicelib.protocol.values import Mark
from chalicelib.sessions.entries import Draft, Entry
from chalicelib.sessions.items import (
    DUE_PARTITIONS,
    HEAD,
    NUMBER_HEAD,
    PRESENT,
    EntryItem,
    NumberItem,
    PresenceItem,
    SessionItem,
    entry_from,
    line_of,
    place_of,
    session_from,
    to_entry_item,
    to_facts,
    turn_facts,
    waits_from,
)
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.offered import OfferStore
from chalicelib.sessions.waiting import Place, Waits

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
    def paced(self) -> int | None:
        """How fast the customer has been speaking, as `Limit.paced` counts it; the newest entry holds it."""
        return self.entries[-1].paced if self.entries else None

    @property
    def spoke_at(self) -> datetime:
        """When somebody last said something, as far as these entries know."""
        said = (e.sent_at for e in reversed(self.entries) if e.kind not in ("system", "note"))
        return next(said, self.session.waits_since or self.session.created_at)

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
                elif place.startswith(PRESENT) and float(raw["lease_until"]["N"]) > to_ms(machine_now):
                    person = Person("customer", raw["customer_id"]["S"])
                    here.append(Connection(ConnectionId(place.removeprefix(PRESENT)), person))
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
        if entries and all(e.staff_seq for e in entries):
            hidden = get_raw(SessionItem, session_id, place_of(entries[-1].seq), consistent=consistent)
            entries[:0] = [entry_from(hidden)] if hidden else []
        return Read(session_from(page.items[0]), entries)

    def append(self, entry: Entry) -> bool:
        """Stores a message at its place; False where another entry stands there. One's own that was stored before is no other."""
        stood = put_if_absent(to_entry_item(entry), SessionItem.session_id)
        return stood is None or entry_from(stood).message_id == entry.message_id

    def append_with(self, entry: Entry, also: Sequence[Write], token: str) -> bool:
        """Stores a message and what must come with it, or neither: False where another entry stands there, or that was refused."""
        try:
            transact([Put(to_entry_item(entry), _ABSENT), *also], token)
        except Clash:
            return False
        return True

    def entry(self, session_id: SessionId, seq: int) -> Entry | None:
        """The entry at one place that a customer may see."""
        raw = get_raw(SessionItem, session_id, place_of(seq))
        return entry_from(raw) if raw else None

    def append_note(self, entry: Entry, token: str) -> bool:
        """Stores a staff entry at its place; False where another stands there, or a message has followed meanwhile.

        Staff catch up by pairs: who has seen the later message would never ask for what was put before it.
        """
        try:
            transact([Put(to_entry_item(entry), _ABSENT), _nothing_follows(entry)], token)
        except Clash:
            return False
        return True

    def move(
        self, before: Session, after: Session, entry: Entry, also: Sequence[Write] = (), *, token: str
    ) -> None:
        """One transition: the session at the version it was read, its entry, and what moves with it, or `Clash`."""
        changed = _changes(
            {**to_facts(before), **turn_facts(before)}, {**to_facts(after), **turn_facts(after)}
        )
        transact(
            [
                Put(to_entry_item(entry), _ABSENT),
                Update(SessionItem(before.id, HEAD), changed, SessionItem.version == before.version),
                *also,
                *([_nothing_follows(entry)] if entry.staff_seq else []),
            ],
            token,
        )

    def turn(self, before: Session, after: Session) -> bool:
        """Moves whose turn it is; False where a later message or the end did so already."""
        changed = _changes(turn_facts(before), turn_facts(after))
        condition = (
            SessionItem.turn_seq.does_not_exist() | (SessionItem.turn_seq < after.turn_seq)
        ) & SessionItem.state.is_in("queued", "offered", "active", "on_hold")
        try:
            update_only(SessionItem(before.id, HEAD), changed, condition)
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def look_again(self, session: Session, at: datetime) -> None:
        """Moves the next look on, and what the last one noted beside it, unless the session moved meanwhile."""
        actions = [
            SessionItem.check_at.set(to_ms(at)),
            SessionItem.left_at.set(to_ms(session.left_at))
            if session.left_at
            else SessionItem.left_at.remove(),
            SessionItem.idle_ends_at.set(to_ms(session.idle_ends_at))
            if session.idle_ends_at
            else SessionItem.idle_ends_at.remove(),
        ]
        facts = to_facts(session)
        if facts["line"]:  # of what an earlier release queued
            actions += [SessionItem.line.set(facts["line"]), SessionItem.waits_from.set(facts["waits_from"])]
        self._unless_moved(session, actions)

    def look_no_more(self, session: Session) -> None:
        """Time changes nothing in it any more, unless the session moved meanwhile."""
        self._unless_moved(session, [SessionItem.due.remove(), SessionItem.check_at.remove()])

    def left_queue_at(self, session: Session, at: datetime) -> None:
        """Notes since when a waiting customer has no socket, unless the session moved meanwhile."""
        self._unless_moved(session, [SessionItem.left_at.set(to_ms(at))])

    @staticmethod
    def _unless_moved(session: Session, actions: list[Any]) -> None:
        try:
            update_only(SessionItem(session.id, HEAD), actions, SessionItem.version == session.version)
        except UpdateError as error:
            if not was_refused(error):
                raise

    def files_gone(self, entry: Entry) -> None:
        """What an entry carried is not kept any more; that it did stays."""
        attachment = entry.content.attachment
        if attachment is None:
            return
        content = entry.content.model_copy(update={"attachment": attachment.remains})
        actions = [EntryItem.content.set(content.model_dump_json(exclude_none=True))]
        item = EntryItem(entry.session_id, place_of(entry.seq, entry.staff_seq))
        self._if_there(item, actions, EntryItem.message_id == entry.message_id)

    def page_gone(self, session: Session) -> None:
        item = SessionItem(session.id, HEAD)
        self._if_there(item, [SessionItem.page.remove()], SessionItem.session_id.exists())

    @staticmethod
    def _if_there(item: SessionItem | EntryItem, actions: list[Any], condition: Any) -> None:
        try:
            update_only(item, actions, condition)
        except UpdateError as error:
            if not was_refused(error):
                raise

    def erase(self, session: Session) -> None:
        """The log, whoever stands with it, and the number; the session item last, so that what is cut short is found again."""
        for raw in query_all(SessionItem, session.id, consistent=True):
            if raw["place"]["S"] != HEAD:
                SessionItem(session.id, raw["place"]["S"]).delete()
        OfferStore().erase(session.id)
        NumberItem(f"number:{session.number}", "~number").delete()
        SessionItem(session.id, HEAD).delete()
        for raw in query_all(SessionItem, session.id, consistent=True):  # what was on its way
            SessionItem(session.id, raw["place"]["S"]).delete()

    def live(self) -> Iterator[SessionId]:
        """All that time may still change, and so all that lies on a desk. From the index."""
        for partition in DUE_PARTITIONS:
            yield from self.due(partition, _FAR_AWAY, 100)

    def due(self, partition: str, by: datetime, limit: int) -> Iterator[SessionId]:
        """Those to look at by then, the longest due first, a page at a time. From the index: the session item decides."""
        start = None
        while True:
            where = SessionItem.check_at <= to_ms(by)
            page = query_page(SessionItem, partition, where, index="due", limit=limit, after=start)
            yield from (SessionId(raw["session_id"]["S"]) for raw in page.items)
            start = page.last_key
            if start is None:
                return

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
            moved = [delivered.set(mark.delivered), read.set(mark.read)]
            update_only(SessionItem(session_id, HEAD), moved, forward)
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def after(self, session_id: SessionId, after: tuple[int, int], limit: int, *, staff: bool) -> list[Entry]:
        """Entries behind a position, oldest first."""
        found = self._entries(session_id, place_of(*after), staff=staff, newest_first=False)
        return _first(found, limit, lambda e: e.position > after)

    def before(
        self, session_id: SessionId, before: tuple[int, int], limit: int, *, staff: bool
    ) -> list[Entry]:
        """Entries before a position, oldest first."""
        seq, staff_seq = before
        found = self._entries(session_id, place_of(seq, staff_seq or None), staff=staff, newest_first=True)
        return _first(found, limit, lambda e: e.position < before)[::-1]

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

    def prompted(self, session: Session, mark: int, look_at: datetime) -> bool:
        """Notes that somebody is told of an agent's silence, and when to look next; False where that was noted, or the session moved."""
        first = SessionItem.prompted.does_not_exist() | (SessionItem.prompted < mark)
        actions = [SessionItem.prompted.set(mark), SessionItem.check_at.set(to_ms(look_at))]
        try:
            update_only(
                SessionItem(session.id, HEAD), actions, (SessionItem.version == session.version) & first
            )
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def watched(self, session_id: SessionId, until: datetime) -> None:
        """Somebody looks on until then: what happens in it is told to whoever watches, which costs nothing where nobody does."""
        later = SessionItem.watched_until.does_not_exist() | (SessionItem.watched_until < to_ms(until))
        there = SessionItem.state.exists()
        try:
            update_only(
                SessionItem(session_id, HEAD), [SessionItem.watched_until.set(to_ms(until))], there & later
            )
        except UpdateError as error:
            if not was_refused(error):
                raise

    def arrived(self, session_id: SessionId, connection: Connection, at: datetime) -> None:
        """A customer's socket stands with its session, so that a message finds it without another look."""
        until = at + LEASE["customer"]
        PresenceItem(
            session_id,
            f"{PRESENT}{connection.id}",
            customer_id=connection.person.id,
            lease_until=to_ms(until),
            expires=until,
        ).save()

    def left(self, session_id: SessionId, connection: ConnectionId) -> None:
        PresenceItem(session_id, f"{PRESENT}{connection}").delete()

    def waiting(self, queue_id: QueueId, limit: int) -> list[Place]:
        """The front of a queue, by rank. From the index: the session item decides."""
        page = query_page(SessionItem, queue_id, index="waiting", limit=limit)
        return [
            Place(raw["rank"]["S"], SessionId(raw["session_id"]["S"]), CustomerId(raw["customer_id"]["S"]))
            for raw in page.items
        ]

    def line_heads(self, queue_id: QueueId) -> Iterator[Waits]:
        """Of those who ask for the same skills, the one who comes first: a request each, and one that finds no more."""
        where = None
        while True:
            page = query_page(SessionItem, queue_id, where, index="lines", limit=1)
            if not page.items:
                return
            head = waits_from(page.items[0])
            yield head
            where = SessionItem.line > line_of(head.skills.signature, _AFTER_ANY_RANK)

    def behind(self, head: Waits, limit: int) -> list[Waits]:
        """Those who ask for the same skills and come after it."""
        signature = head.skills.signature
        where = SessionItem.line.between(
            line_of(signature, f"{head.rank}~"), line_of(signature, _AFTER_ANY_RANK)
        )
        page = query_page(SessionItem, head.queue_id, where, index="lines", limit=limit)
        return [waits_from(raw) for raw in page.items]

    def position(self, session: Session, at_most: int) -> int:
        """The place in its queue, counted from 1, no further than `at_most` + 1."""
        return self.ahead_of(session, at_most) + 1

    def ahead_of(self, session: Session, at_most: int) -> int:
        """How many wait before it in its queue, counted no further than `at_most`."""
        if not at_most:
            return 0
        before = SessionItem.rank < session.rank
        page = query_page(SessionItem, session.queue_id, before, index="waiting", limit=at_most)
        return len(page.items)

    def of_customer(self, customer_id: CustomerId, limit: int, cursor: str | None = None) -> Slice[SessionId]:
        """Newest first."""
        return self._listed(
            "by_customer", customer_id, limit, cursor, ("customer_id", "created_at"), newest_first=True
        )

    def closed_by(self, agent_id: AgentId, limit: int, cursor: str | None = None) -> Slice[SessionId]:
        """What an agent served, newest first."""
        return self._listed("closed", agent_id, limit, cursor, ("closed_by", "ended_at"), newest_first=True)

    def to_file(self, agent_id: AgentId, limit: int, cursor: str | None = None) -> Slice[SessionId]:
        """What an agent still has to file, the longest ended first."""
        return self._listed("to_file", agent_id, limit, cursor, ("to_file", "ended_at"))

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
        start = None
        if cursor:
            position = from_cursor(cursor, id=SOME_ID, at=_PLACES[range_name])
            start = {
                hash_name: {"S": key},
                range_name: {"S" if range_name == "number" else "N": position["at"]},
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


def answered(form: Entry, answer_seq: int) -> Update:
    """The write that comes with the answer to a form. Two answers race for the log's next place; here it only has to be there still."""
    return Update(
        EntryItem(form.session_id, place_of(form.seq)),
        [EntryItem.answer_seq.set(answer_seq)],
        EntryItem.message_id == form.message_id,
    )


def recalled(target: Entry, recall: Entry) -> Update:
    """The write that comes with a recall: what was said is gone, for everybody, wherever it is read."""
    return Update(
        EntryItem(target.session_id, place_of(target.seq)),
        [
            EntryItem.recalled_at.set(to_ms(recall.sent_at)),
            EntryItem.recall_seq.set(recall.seq),
            EntryItem.text.remove(),
            EntryItem.content.remove(),
        ],
        EntryItem.message_id == target.message_id,
    )


_PLACES: Final = {"created_at": r"\d{1,15}", "ended_at": r"\d{1,15}", "number": r"[0-9A-Z]{4}-[0-9A-Z]{4}"}
"""What stands in a cursor of each index."""
_FAR_AWAY: Final = datetime.max.replace(tzinfo=UTC)
_AFTER_ANY_RANK: Final = "~"
_ABSENT = SessionItem.session_id.does_not_exist()


def _nothing_follows(note: Entry) -> Check:
    return Check(SessionItem, note.session_id, place_of(note.seq + 1), _ABSENT)


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
