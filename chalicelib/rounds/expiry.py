"""Looking at every session that time may have changed, and doing what is due. Twice, late or overlapping makes no difference:
each look judges the session as it stands, and each act is one conditional transition.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.archive.service import Archive
from chalicelib.connections.model import Person
from chalicelib.connections.store import ConnectionStore
from chalicelib.dispatch.answering import OfferAnswers
from chalicelib.dispatch.overflow import Overflow
from chalicelib.kit.clock import Clock
from chalicelib.kit.log import Log
from chalicelib.kit.table import Write
from chalicelib.kit.values import SessionId
from chalicelib.protocol.events import IdleWarned
from chalicelib.protocol.values import SystemLine
from chalicelib.queues.store import QueueStore
from chalicelib.records.service import Records
from chalicelib.rounds.prompting import Prompting
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.expiry import (
    End,
    Forget,
    GoOn,
    IndexWords,
    Look,
    Overdue,
    PassWrapUp,
    Resume,
    Verdict,
    Warn,
    verdict,
)
from chalicelib.sessions.items import DUE_PARTITIONS
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.prompting import OfferAnew, Prompt
from chalicelib.sessions.service import Moved, Sessions, anyone, freed_for_another
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.telling import Telling

AT_ONCE = 100


class Expiry:
    def __init__(
        self,
        store: SessionStore,
        sessions: Sessions,
        queues: QueueStore,
        archive: Archive,
        answering: OfferAnswers,
        overflow: Overflow,
        records: Records,
        connections: ConnectionStore,
        telling: Telling,
        prompting: Prompting,
        log: Log,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._queues = queues
        self._archive = archive
        self._answering = answering
        self._overflow = overflow
        self._records = records
        self._connections = connections
        self._telling = telling
        self._prompting = prompting
        self._log = log
        self._now = clock
        self._machine_now = machine_clock

    def run(self) -> int:
        """Looks at all that are due, a page at a time. Returns how many were changed."""
        changed = 0
        for partition in DUE_PARTITIONS:
            try:
                changed += self._run(partition, self._now())
            except Exception as error:  # noqa: BLE001  # nor does one partition's
                self._log(what="look", error=repr(error))
        return changed

    def _run(self, partition: str, by: datetime) -> int:
        changed = 0
        for session_id in self._store.due(partition, by, AT_ONCE):
            try:
                changed += self._look(session_id)
            except Exception as error:  # noqa: BLE001  # one session's trouble keeps nothing from the others
                self._log(what="look", session_id=session_id, error=repr(error))
        return changed

    def _look(self, session_id: SessionId) -> bool:
        try:
            read = self._store.tail(session_id)
        except NoSuchSession:
            return False
        known = read.session.heard(read.entries)
        due = self._verdict(replace(read, session=known))
        match due:
            case None:
                return False
            case Look(at, left_at, idle_ends_at):
                noted = replace(read.session, left_at=left_at, idle_ends_at=idle_ends_at)
                self._store.look_again(noted, at)
                return False
            case Prompt() | OfferAnew():
                return self._prompting.act(known, due)
            case PassWrapUp():
                return self._archive.pass_wrap_up(session_id)
            case _:
                return self._done(due, read.session)

    def _done(self, due: Verdict, session: Session) -> bool:
        match due:
            case Overdue() | GoOn():
                return self._goes_on(session.id, due)
            case IndexWords():
                self._records.index(session)
                return True
            case Forget():
                self._store.erase(session)
                return True
        moved = self._sessions.move(session.id, SYSTEM, anyone, self._decide, also=_also)
        self._follow(moved)
        return moved.happened

    def _goes_on(self, session_id: SessionId, due: Overdue | GoOn) -> bool:
        """With the next agent, or in another queue."""
        if isinstance(due, GoOn):
            return self._overflow.run(session_id, due.queue_id)
        return self._answering.look(session_id)

    def _decide(self, read: Read) -> tuple[Session, SystemLine]:
        """Judged anew at each attempt to write: who has spoken meanwhile is neither asked nor ended."""
        session, now = read.session, self._now()
        match self._verdict(read):
            case End(reason):
                return self._archive.ending(session, SYSTEM, reason)
            case Warn(ends_at):
                return session.warned(ends_at, now), SystemLine(code="idle_warned")
            case Resume():
                return session.resumed(now), SystemLine(code="resumed")
        return session, SystemLine(code="still_here")

    def _follow(self, moved: Moved) -> None:
        if moved.after.over:
            self._archive.ended(moved)
        elif moved.happened and moved.after.idle_ends_at:
            warned = IdleWarned(session_id=moved.after.id, ends_at=moved.after.idle_ends_at)
            self._telling.to_both(moved.after, warned)

    def _verdict(self, read: Read) -> Verdict:
        session = read.session
        queue = self._queues.get(session.queue_id)
        here = session.state == "queued" and self._here(session)
        return verdict(session, read.spoke_at, queue, self._now(), here=here)

    def _here(self, session: Session) -> bool:
        person, now = Person("customer", session.customer_id), self._machine_now()
        return bool(self._connections.of(person, now)) or self._connections.polls(person, now)


def _also(before: Session, after: Session) -> Sequence[Write]:
    return freed_for_another(before, after) if after.over else ()
