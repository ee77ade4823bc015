"""What is done in a session by either side: say, end, mark, type, catch up. Load → decide → save → tell."""

import time
from collections.abc import Callable, Sequence
from random import random

from chalicelib.agents.store import slot_freed
from chalicelib.customers.store import live_freed
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Unavailable
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Clash, Write
from chalicelib.kit.values import ConnectionId, MessageId, SessionId
from chalicelib.protocol.events import CaughtUp
from chalicelib.protocol.rest import NewMarks
from chalicelib.protocol.values import Mark, Role, SystemLine
from chalicelib.sessions.entries import Draft, Entry, Party
from chalicelib.sessions.model import ENGLISH, Session, ended_line
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.telling import Telling

ATTEMPTS = 20

May = Callable[[Session], None]
"""Raises `NoSuchSession` for a session that is not this caller's business."""

Pause = Callable[[int], None]
"""`pause(n)`: waits before the attempt after the n-th lost race."""


class Busy(Unavailable):
    """Too many at the same place at once; nothing was stored."""


def jittered(attempt: int) -> None:
    """Full jitter over an exponential ceiling: 30 ms at first, 400 ms at most."""
    time.sleep(random() * min(0.4, 0.03 * 2**attempt))  # noqa: S311  # only spreads load


class Sessions:
    def __init__(
        self,
        store: SessionStore,
        telling: Telling,
        ids: Ids,
        clock: Clock,
        machine_clock: Clock,
        pause: Pause = jittered,
    ) -> None:
        self._store = store
        self._telling = telling
        self._ids = ids
        self._now = clock
        self._machine_now = machine_clock
        self._pause = pause

    def say(
        self, session_id: SessionId, draft: Draft, may: May, asking: ConnectionId | None = None
    ) -> tuple[Entry, Session]:
        """Stores a message or a note, once and in one order, and tells it. A resend gets the first answer.

        The session given back has `queued_at` newly set if these were the customer's first words.
        """
        draft = draft.checked()
        message_id = MessageId(self._ids.new())
        for attempt in range(ATTEMPTS):
            read = self._store.read(session_id, draft.after, self._machine_now())
            may(read.session)
            if stored := read.stored(draft):
                return stored, read.session
            if not draft.staff:
                read.session.hears()
            entry = self._entry(read, draft, message_id)
            session = self._save(read, entry, draft, attempt)
            if session is not None:
                self._telling.message(session, entry, read.here, but=asking)
                return entry, session
            self._pause(attempt)
        raise _busy()

    def _entry(self, read: Read, draft: Draft, message_id: MessageId) -> Entry:
        seq, staff_seq = read.next_place(staff=draft.staff)
        return Entry(
            session_id=read.session.id,
            seq=seq,
            staff_seq=staff_seq,
            message_id=message_id,
            kind="note" if draft.staff else "text",
            by=draft.by,
            sent_at=self._now(),
            client_id=draft.client_id,
            text=draft.text,
            reply_to=draft.reply_to,
        )

    def _save(self, read: Read, entry: Entry, draft: Draft, attempt: int) -> Session | None:
        """The session after the entry was stored at its place, or None where another stands there."""
        session = read.session
        if draft.by.role == "customer" and session.state == "queued" and session.queued_at is None:
            queued = session.queued(entry.sent_at)
            try:
                self._store.move(session, queued, entry, token=f"{entry.message_id}{attempt}")
            except Clash:
                return None
            return queued
        if self._store.append(entry) is not None:
            return None
        turned = None if draft.staff else session.turned(draft.by, entry.seq, entry.sent_at)
        if turned is None:
            return session
        self._store.turn(session, turned)
        return turned

    def end(
        self,
        session_id: SessionId,
        by: Party,
        may: May,
        *,
        reason: str,
    ) -> Session:
        """Ends the session for both sides; what was over already stays as it is."""
        now = self._now()

        def decide(session: Session) -> tuple[Session, SystemLine | None]:
            waited = session.state == "queued"
            after = session.ended(by.role, now, reason=reason)
            return after, ended_line(by.role, by.name, waited=waited)

        def also(after: Session) -> list[Write]:
            writes: list[Write] = [live_freed(after.customer_id, after.source_id, after.id)]
            if after.state == "closed" and after.agent:
                writes.append(slot_freed(after.agent.id, after.id))
            return writes

        return self.move(session_id, by, may, decide, also)

    def move(
        self,
        session_id: SessionId,
        by: Party,
        may: May,
        decide: Callable[[Session], tuple[Session, SystemLine | None]],
        also: Callable[[Session], Sequence[Write]],
        *,
        staff: bool = False,
        why: str | None = None,
        token: str | None = None,
    ) -> Session:
        """One transition, tried again where a message or another transition came first, and told.

        `decide` may give back what it got: then nothing is done. `also`: the writes that must come with it.
        """
        message_id = MessageId(token or self._ids.new())
        for attempt in range(ATTEMPTS):
            read = self._store.tail(session_id)
            may(read.session)
            if any(e.message_id == message_id for e in read.entries):
                return read.session  # stored before, and only the answer was lost
            after, line = decide(read.session)
            if after is read.session or line is None:
                return after
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
                why=why,
            )
            try:
                self._store.move(read.session, after, entry, also(after), token=f"{message_id}{attempt}")
            except Clash:
                self._pause(attempt)
                continue
            here = [] if staff else self._store.read(session_id, entry.seq, self._machine_now()).here
            self._telling.message(after, entry, here)
            self._telling.changed(after)
            return after
        raise _busy()

    def mark(
        self,
        session_id: SessionId,
        side: Role,
        marks: NewMarks,
        may: May,
        asking: ConnectionId | None = None,
    ) -> Mark:
        """Moves a side's delivered and read on: never back, never past the head. What is read was delivered."""
        read = self._store.tail(session_id)
        may(read.session)
        old = read.session.marks.customer if side == "customer" else read.session.marks.agent
        seen = max(old.read, min(marks.read or 0, read.head))
        new = Mark(delivered=max(old.delivered, min(marks.delivered or 0, read.head), seen), read=seen)
        if new != old and self._store.mark(session_id, side, new):
            self._telling.mark(read.session, side, new, asking)
        return new

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
    ) -> CaughtUp:
        """What stands after a position, oldest first, and whether there is more."""
        read = self.get(session_id, may)
        entries = self._store.after(session_id, after, limit + 1, staff=_sees_notes(reader, staff=staff))
        return CaughtUp(
            session_id=session_id,
            messages=[e.message(reader) for e in entries[:limit]],
            head=max([read.head, *(e.seq for e in entries)]),
            more=len(entries) > limit,
        )

    def before(
        self,
        session_id: SessionId,
        before: int,
        limit: int,
        reader: Role,
        may: May,
        *,
        staff: bool | None = None,
    ) -> CaughtUp:
        """The entries before a seq, oldest first: for scrolling up."""
        read = self.get(session_id, may)
        entries = self._store.before(session_id, before, limit + 1, staff=_sees_notes(reader, staff=staff))
        return CaughtUp(
            session_id=session_id,
            messages=[e.message(reader) for e in entries[-limit:]],
            head=read.head,
            more=len(entries) > limit,
        )


def _sees_notes(reader: Role, *, staff: bool | None) -> bool:
    """Staff lines go to staff alone, unless they ask for what the customer sees."""
    return reader == "agent" and staff is not False


def _busy() -> Busy:
    return Busy("Too many people wrote here at the same moment. Try again.", retry_after_s=1)
