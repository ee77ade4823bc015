"""What is done in a session by either side: say, end, mark, type, catch up. Load → decide → save → tell."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random

from chalicelib.agents.model import OFFERED
from chalicelib.agents.store import slot_moved
from chalicelib.attachments.store import taken_back
from chalicelib.connections.model import Connection
from chalicelib.customers.store import live_claimed, live_freed
from chalicelib.delivery.room import Room
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Unavailable
from chalicelib.kit.ids import Ids, derived
from chalicelib.kit.limits import Limit, RateLimited
from chalicelib.kit.table import Clash, Put, Write
from chalicelib.kit.values import AgentId, ClientId, MessageId, SessionId
from chalicelib.protocol.commands import From
from chalicelib.protocol.events import CaughtUp
from chalicelib.protocol.rest import NewMarks
from chalicelib.protocol.values import Mark, Message, Role, SystemLine
from chalicelib.sessions.carrying import CARRYING, Carrying
from chalicelib.sessions.counting import Counting
from chalicelib.sessions.entries import (
    ClientIdReused,
    Draft,
    EmptyMessage,
    Entry,
    KindNotAllowed,
    Party,
    TextTooLong,
)
from chalicelib.sessions.items import to_entry_item
from chalicelib.sessions.model import ENGLISH, NoSuchSession, Session, SessionEnded
from chalicelib.sessions.offered import outcomes
from chalicelib.sessions.recall import RecallTooLate, may_be_recalled
from chalicelib.sessions.store import Read, SessionStore, recalled
from chalicelib.sessions.telling import Telling
from chalicelib.settings.store import SettingsStore

ATTEMPTS = 20
HELLO_LIMIT = 100
"""Messages of one session that a hello brings at most."""

May = Callable[[Session], None]
"""Raises `NoSuchSession` for a session that is not this caller's business."""

Decide = Callable[[Read], tuple[Session, SystemLine]]
"""From the session and its newest entries: as it would be, and the line of the log that says so."""
Also = Callable[[Session, Session], Sequence[Write]]
"""The writes that must come with a transition, from the session before and after."""

CLAIM = 2
"""Where the claim of the customer's live session stands among the writes that reopen: behind the entry and the session item."""
Pause = Callable[[int], None]
"""`pause(n)`: waits before the attempt after the n-th lost race."""


class Busy(Unavailable):
    """Too many at the same place at once; nothing was stored."""


SAYING = (
    SessionEnded,
    ClientIdReused,
    EmptyMessage,
    TextTooLong,
    KindNotAllowed,
    *CARRYING,
    RateLimited,
    Busy,
)
"""What saying something may be refused with."""
RECALLING = (SessionEnded, RecallTooLate, Busy)
"""What taking it back may be refused with."""


@dataclass(frozen=True)
class Moved:
    """A transition. Both are the same where it was so already and nothing was done."""

    before: Session
    after: Session

    @property
    def happened(self) -> bool:
        return self.after is not self.before


def jittered(attempt: int) -> None:
    """At once after the first loss, since the winner is done by then; then full jitter, 10 ms at first, 400 ms at most."""
    if attempt:
        time.sleep(random() * min(0.4, 0.005 * 2**attempt))  # noqa: S311  # only spreads load


class Sessions:
    def __init__(
        self,
        store: SessionStore,
        carrying: Carrying,
        telling: Telling,
        settings: SettingsStore,
        ids: Ids,
        limit: Limit,
        clock: Clock,
        machine_clock: Clock,
        counting: Counting,
        pause: Pause = jittered,
    ) -> None:
        self._store = store
        self._carrying = carrying
        self._counting = counting
        self._telling = telling
        self._settings = settings
        self._ids = ids
        self._limit = limit
        self._now = clock
        self._machine_now = machine_clock
        self._pause = pause

    def say(
        self, session_id: SessionId, draft: Draft, may: May, asking: Connection | None = None
    ) -> tuple[Entry, Session]:
        """Stores a message or a note, once and in one order, and tells it. A resend gets the first answer.

        The session given back has `queued_at` newly set if these were the customer's first words.
        """

        def heard_in(session: Session) -> None:
            thanks = draft.is_thanks and session.hears_thanks(self._now())
            if not (draft.staff or thanks):
                session.hears()

        return self._say(session_id, draft, may, asking, heard_in, Session.woken)

    def reopen(
        self, session_id: SessionId, draft: Draft, may: May, asking: Connection | None = None
    ) -> tuple[Entry, Session]:
        """Says it in a session that has ended, which goes on with these words. Raises `Clash` where another was begun meanwhile."""

        def woken(session: Session, entry: Entry) -> Session:
            return session.reopened(entry.sent_at) if session.over else session.woken(entry)

        return self._say(session_id, draft, may, asking, lambda _: None, woken)

    def _say(
        self,
        session_id: SessionId,
        draft: Draft,
        may: May,
        asking: Connection | None,
        heard_in: Callable[[Session], None],
        woken: Callable[[Session, Entry], Session],
    ) -> tuple[Entry, Session]:
        draft = draft.checked()
        message_id = MessageId(self._ids.new())
        for attempt in range(ATTEMPTS):
            read = self._store.read(session_id, draft.after, self._machine_now())
            may(read.session)
            if stored := read.stored(draft):
                return stored, self._turned(read.session, read.entries)
            heard_in(read.session)
            draft.answers_within(read.head)
            paced = self._paced(read, draft)
            carried = self._carrying.carried(self._entry(read, draft, message_id, paced), draft)
            entry = carried.entry
            session = self._save(
                read.session, entry, woken(read.session, entry), attempt, also=carried.writes
            )
            if session is not None:
                self._telling.message(session, entry, self._here(read, asking), but=asking)
                if read.session.over and not session.over:
                    self._telling.message(session, _reopened(entry), [])
                if session.version != read.session.version:
                    self._telling.changed(session, read.session)
                    self._counting.moved(read.session, session)
                return entry, self._turned(session, [*read.entries, entry])
            self._pause(attempt)
        raise _busy()

    def _paced(self, read: Read, draft: Draft) -> int | None:
        """How fast the customer speaks, carried on from the newest entry: no read and no write of its own. Raises RateLimited."""
        now = self._machine_now()
        return self._limit.paced(read.paced, now) if draft.by.role == "customer" else read.paced

    def _entry(self, read: Read, draft: Draft, message_id: MessageId, paced: int | None) -> Entry:
        seq, staff_seq = read.next_place(staff=draft.staff)
        return Entry(
            session_id=read.session.id,
            seq=seq,
            staff_seq=staff_seq,
            message_id=message_id,
            kind="note" if draft.staff else draft.kind,
            by=draft.by,
            sent_at=self._now(),
            client_id=draft.client_id,
            text=draft.text,
            content=draft.content,
            reply_to=draft.reply_to,
            paced=paced,
        )

    def _save(
        self, session: Session, entry: Entry, woken: Session, attempt: int, *, also: Sequence[Write]
    ) -> Session | None:
        """The session once the entry stands at its place, with `also`; None where another stands there, or that was refused."""
        token = f"{entry.message_id}{attempt}"
        if entry.staff_seq:
            return session if self._store.append_note(entry, token) else None
        if woken is not session:
            claim = [_claimed_again(woken), Put(to_entry_item(_reopened(entry)))] if session.over else []
            try:
                writes = [*claim, *_desks(session, woken), *also]
                self._store.move(session, woken, entry, writes, token=token)
            except Clash as clash:
                if claim and CLAIM in clash.refused:
                    raise
                return None
            return woken
        stored = self._store.append_with(entry, also, token) if also else self._store.append(entry)
        return session if stored else None

    def recall(
        self,
        session_id: SessionId,
        seq: int,
        by: Party,
        may: May,
        client_id: ClientId | None = None,
        asking: Connection | None = None,
    ) -> Entry:
        """Takes a message back: an entry of its own says so, and what was said is gone. Doing so twice gives the first.

        4 write units and 2 more for an attachment: the entry, and the message at its size.
        """
        message_id = MessageId(self._ids.new())
        within = timedelta(seconds=self._settings.read().recall_within_s)
        for attempt in range(ATTEMPTS):
            read = self._store.tail(session_id)
            may(read.session)
            known = next((e for e in read.entries if e.position == (seq, 0)), None)
            target = may_be_recalled(known or self._store.entry(session_id, seq), by, self._now(), within)
            if target.recall_seq and (first := self._store.entry(session_id, target.recall_seq)):
                return first
            read.session.hears()
            entry = Entry(
                session_id=session_id,
                seq=read.head + 1,
                message_id=message_id,
                kind="recall",
                by=by,
                sent_at=self._now(),
                client_id=client_id,
                reply_to=seq,
                paced=read.paced,
            )
            attachment = target.content.attachment
            writes = [taken_back(attachment.attachment_id, self._now())] if attachment else []
            if self._store.append_with(entry, [recalled(target, entry), *writes], f"{message_id}{attempt}"):
                here = self._store.read(session_id, entry.seq, self._machine_now()).here
                self._telling.message(read.session, entry, here, but=asking)
                return entry
            self._pause(attempt)
        raise _busy()

    def _here(self, read: Read, asking: Connection | None) -> list[Connection]:
        """The customer's sockets; one that speaks and isn't noted, because a function died before it was, is noted now."""
        if asking is not None and asking.person.kind == "customer" and asking not in read.here:
            self._store.arrived(read.session.id, asking, self._machine_now())
        return read.here

    def _turned(self, session: Session, entries: Sequence[Entry]) -> Session:
        """Notes whose turn it is where that moved. It comes last: cut short, the next message or a resend does it."""
        turned = session.heard(entries)
        if turned is not session and self._store.turn(session, turned):
            self._counting.turned(session, turned)
        return turned

    def move(
        self,
        session_id: SessionId,
        by: Party,
        may: May,
        decide: Decide,
        *,
        also: Also = lambda *_: (),
        staff: bool = False,
        missed_by: AgentId | None = None,
    ) -> Moved:
        """One transition, tried again where a message or another transition came first, and told.

        `decide` may give back the session it got: then nothing is done. What lies on a desk moves with it; `also`: what else
        must. `missed_by`: whose silence it is that moves it.
        """
        message_id = MessageId(self._ids.new())
        for attempt in range(ATTEMPTS):
            read = self._store.tail(session_id)
            may(read.session)
            known = replace(read, session=read.session.heard(read.entries))
            after, line = decide(known)
            if after is known.session:
                return Moved(read.session, read.session)
            seq, staff_seq = read.next_place(staff=staff)
            entry = Entry(
                session_id=session_id,
                seq=seq,
                staff_seq=staff_seq,
                message_id=message_id,
                kind="system",
                by=by,
                sent_at=self._now(),
                text=ENGLISH[line.code].format(**line.about),
                system=line,
                paced=read.paced,
            )
            missed_at = entry.sent_at if missed_by else None
            try:
                writes = [
                    *also(read.session, after),
                    *_desks(known.session, after, missed_by=missed_by, missed_at=missed_at),
                    *outcomes(known.session, after, line, entry.sent_at, missed_by),
                ]
                self._store.move(read.session, after, entry, writes, token=f"{message_id}{attempt}")
            except Clash:
                self._pause(attempt)
                continue
            here = [] if staff else self._store.read(session_id, entry.seq, self._machine_now()).here
            self._telling.message(after, entry, here)
            self._telling.changed(after, read.session)
            self._telling.offers(read.session, Read(after, [*read.entries, entry]), line)
            self._counting.moved(read.session, after)
            return Moved(read.session, after)
        raise _busy()

    def mark(
        self, session_id: SessionId, by: Party, marks: NewMarks, may: May, asking: Connection | None = None
    ) -> Mark:
        """Moves a side's delivered and read on: never back, never past the head. What is read was delivered.

        Of us only the session's own agent reads: a supervisor who looks on does not.
        """
        for attempt in range(ATTEMPTS):
            read = self._store.tail(session_id)
            may(read.session)
            old = read.session.marks.customer if by.role == "customer" else read.session.marks.agent
            new = old.forward(marks.delivered, marks.read, read.head)
            if new == old or (by.role == "agent" and by.id != read.session.owner_id):
                return old
            if self._store.mark(session_id, by.role, new):
                self._telling.mark(read.session, by.role, new, asking)
                return new
            self._pause(attempt)
        raise _busy()

    def typing(self, session_id: SessionId, by: Party, may: May, *, on: bool) -> None:
        read = self._store.tail(session_id, consistent=False)
        may(read.session)
        read.session.hears()
        self._telling.typing(read.session, by, on=on)

    def get(self, session_id: SessionId, may: May) -> Read:
        read = self._store.tail(session_id)
        may(read.session)
        return read

    def after(
        self,
        session_id: SessionId,
        after: tuple[int, int],
        limit: int,
        reader: Role,
        may: May,
        *,
        staff: bool | None = None,
        room: Room | None = None,
    ) -> CaughtUp:
        """What stands after a position, oldest first, as much as fits into one post, and whether there is more."""
        read = self.get(session_id, may)
        entries = self._store.after(session_id, after, limit + 1, staff=_sees_notes(reader, staff=staff))
        messages = (room or Room()).fitting(e.message(reader) for e in entries[:limit])
        return CaughtUp(
            session_id=session_id,
            messages=messages,
            head=max([read.head, *(e.seq for e in entries)]),
            more=len(entries) > len(messages),
        )

    def before(
        self,
        session_id: SessionId,
        before: tuple[int, int],
        limit: int,
        reader: Role,
        may: May,
        *,
        staff: bool | None = None,
    ) -> CaughtUp:
        """The entries before a position, oldest first, the newest of them that fit into one post: for scrolling up."""
        read = self.get(session_id, may)
        entries = self._store.before(session_id, before, limit + 1, staff=_sees_notes(reader, staff=staff))
        fitting = Room().fitting(e.message(reader) for e in reversed(entries[-limit:]))
        messages = _whole(fitting[::-1]) if len(entries) > len(fitting) else fitting[::-1]
        return CaughtUp(
            session_id=session_id,
            messages=messages,
            head=read.head,
            more=len(entries) > len(messages),
        )

    def caught_up(self, known: Iterable[From], reader: Role, may: May, room: Room) -> list[CaughtUp]:
        """For a hello: what is new in each session that the reader knew, as much as the post has room for.

        What comes after the room is full is left out, and asked for by `catch_up`: its head is told by the next `pong`.
        """
        found: list[CaughtUp] = []
        for session_id, after in {SessionId(one.session_id): one.after for one in known}.items():
            if any(one.more for one in found):
                break
            try:
                found.append(self.after(session_id, (after, 0), HELLO_LIMIT, reader, may, room=room))
            except NoSuchSession:
                continue
        return found


def anyone(_: Session) -> None:
    """For what the house does by itself."""


def _claimed_again(session: Session) -> Put:
    return live_claimed(session.customer_id, session.source_id, session.id)


def _reopened(words: Entry) -> Entry:
    """The line that says so, to staff, below the words themselves."""
    line = SystemLine(code="reopened")
    return Entry(
        session_id=words.session_id,
        seq=words.seq,
        staff_seq=1,
        message_id=MessageId(derived(words.message_id, line.code)),
        kind="system",
        by=words.by,
        sent_at=words.sent_at,
        text=ENGLISH[line.code],
        system=line,
    )


def freed_for_another(before: Session, after: Session) -> Sequence[Write]:
    """What comes with an end: the customer may have another session now. Who left a message could all along."""
    if before.state in ("left_message", "answered"):
        return []
    return [live_freed(after.customer_id, after.source_id, after.id)]


def _desks(
    before: Session, after: Session, *, missed_by: AgentId | None = None, missed_at: datetime | None = None
) -> Sequence[Write]:
    """Keeps the desks that the session lay on equal to what lies on them."""
    lies_on, writes = after.desks, list[Write]()
    for agent_id, state in before.desks.items():
        stays_as = lies_on.get(agent_id)
        accepted = state == OFFERED and stays_as not in (None, OFFERED)
        replied = agent_id == before.owner_id and before.replied_at is not None and stays_as is None
        writes += slot_moved(
            agent_id,
            before.id,
            before.weights,
            state,
            stays_as,
            answered=accepted or replied,
            missed_at=missed_at if agent_id == missed_by else None,
        )
    return writes


def _whole(page: list[Message]) -> list[Message]:
    """Without the notes at its top that were cut off from the message they stand on: who goes on above a seq would miss it."""
    cut = page[0].seq if page and page[0].staff_seq else 0
    return [m for m in page if m.seq != cut] or page


def _sees_notes(reader: Role, *, staff: bool | None) -> bool:
    """Staff lines go to staff alone, unless they ask for what the customer sees."""
    return reader == "agent" and staff is not False


def _busy() -> Busy:
    return Busy("Too many people wrote here at the same moment. Try again.", retry_after_s=1)
