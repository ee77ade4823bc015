"""Letting go of what is older than its source keeps it, each kind by its own days, with a receipt that tells no more than how many.

messages   the whole record: rows, words, files and letters
files      what was sent along, with the small pictures of it; the message keeps its words
pages      where a talk began; the trail of pages goes by itself

Every night from where the last one stopped, as much as one run may take; what is left is the next night's. Files and pages of a record are
let go once, so that a night costs what has become too old since, not what is kept. A legal hold stays, and is looked at again every night
until it is lifted.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import AlreadyExists, DirectoryItem, Documents, StaleVersion
from chalicelib.kit.log import Log
from chalicelib.kit.values import Instant, QueueId, SessionId, Value
from chalicelib.queues.store import QueueStore
from chalicelib.records.erasure import Erasure
from chalicelib.records.store import AT_ONCE, Filter, RecordStore
from chalicelib.sessions.left_store import LeftStore
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.store import SessionStore
from chalicelib.sources.model import Source
from chalicelib.sources.store import SourceStore

LASTS = timedelta(minutes=8)
"""How long one run may take; what is left is the next night's."""
LOOKED_BACK = timedelta(days=366 * 12)
"""No record is older: the first release is younger."""
MOST_LEFT: Final = 500
Kind = Literal["files", "pages"]


class Receipt(Value):
    """What one night let go: whole records, files of others, and pages they began on. `held` stay by a legal hold."""

    id: str
    at: Instant
    sessions: int
    files: int = 0
    pages: int = 0
    held: int


class Watermark(Value):
    """Up to which end a source's records were looked at for one kind, and which of them are `left`: held, or in trouble."""

    id: str
    version: int = 0
    until: Instant | None = None
    left: list[SessionId] = []


class Retention:
    def __init__(
        self,
        sources: SourceStore,
        queues: QueueStore,
        store: SessionStore,
        left: LeftStore,
        records: RecordStore,
        erasure: Erasure,
        log: Log,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._sources = sources
        self._queues = queues
        self._store = store
        self._left = left
        self._records = records
        self._erasure = erasure
        self._log = log
        self._now = clock
        self._machine_now = machine_clock
        self._receipts = Documents(DirectoryItem, "retention receipt", Receipt, lambda r: r.id)
        self._watermarks = Documents(
            DirectoryItem, "retention watermark", Watermark, lambda w: w.id, lambda w: w.version
        )

    def run(self) -> int:
        """How many sessions went. Twice in a night, late or overlapping only goes on with what is due."""
        now, ends_at = self._now(), self._machine_now() + LASTS
        gone, held, let_go = 0, 0, {"files": 0, "pages": 0}
        for source in self._sources.all():
            cutoff = now - timedelta(days=source.retention.messages_days)
            for session_id in self._too_old(source, cutoff, now):
                if self._machine_now() >= ends_at:
                    break
                try:
                    went = self._judged(session_id, partial(self._erase, source))
                except Exception as error:  # noqa: BLE001  # one record's trouble keeps nothing from the others
                    self._log(what="retention", session_id=session_id, error=repr(error))
                    continue
                gone, held = gone + (went or 0), held + (went is None)
            for kind, days in (
                ("files", source.retention.files_days),
                ("pages", source.retention.pages_days),
            ):
                let_go[kind] += self._let_go(source, kind, now - timedelta(days=days), ends_at)  # type: ignore[arg-type]
        self._receipt(Receipt(id=f"{now:%Y%m%dT%H%M%S%f}", at=now, sessions=gone, held=held, **let_go))
        return gone

    def _too_old(self, source: Source, cutoff: datetime, now: datetime) -> Iterator[SessionId]:
        """What ended before the cutoff, and what was left before it and never answered."""
        yield from self._ended(source, now - LOOKED_BACK, cutoff)
        for queue in self._queues.all():
            yield from list(self._left.untouched_since(QueueId(queue.id), cutoff))

    def _ended(self, source: Source, since: datetime, until: datetime) -> Iterator[SessionId]:
        """A source's records that ended in between, oldest first."""
        wanted, cursor = Filter(source_id=source.id, since=since, until=until), None
        while True:
            page = self._records.ended(wanted, AT_ONCE, cursor, oldest_first=True)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def _judged(self, session_id: SessionId, let_go: Callable[[Session], int]) -> int | None:
        """How many went; None: a hold keeps it. Raises nothing but what the store does."""
        try:
            session = self._store.tail(session_id).session
            return None if session.legal_hold else let_go(session)
        except NoSuchSession:
            return 0

    def _erase(self, source: Source, session: Session) -> int:
        """A queue's left messages came through whichever sources lead into it: those of others keep their own days."""
        untouched = session.state == "left_message" and session.agent is None
        if session.source_id != source.id or not (session.over or untouched):
            return 0
        self._erasure.erase_session(session)
        return 1

    def _let_go(self, source: Source, kind: Kind, cutoff: datetime, ends_at: datetime) -> int:
        """Of what has become too old since the last night, and of what that one left: held, or in trouble."""
        one = self._erasure.erase_files if kind == "files" else self._erasure.erase_page
        mark = self._watermarks.find(f"{source.id}:{kind}") or Watermark(id=f"{source.id}:{kind}")
        until = mark.until or cutoff - LOOKED_BACK
        new = self._ended(source, until, cutoff) if until < cutoff else iter(())
        left, went = list(mark.left), 0
        for session_id in (*mark.left, *new):
            if self._machine_now() >= ends_at:
                break
            done = self._let_go_of(session_id, one)
            went += done or 0
            if done is None and session_id not in left:
                left.append(session_id)
            if done is not None and session_id in left:
                left.remove(session_id)
            until = max(until, self._ended_at(session_id) or until)
        else:
            until = max(until, cutoff)
        self._mark(mark, until, left)
        return went

    def _let_go_of(self, session_id: SessionId, one: Callable[[Session], int]) -> int | None:
        """None: it is to be looked at again."""
        try:
            return self._judged(session_id, one)
        except Exception as error:  # noqa: BLE001  # one record's trouble keeps nothing from the others
            self._log(what="retention", session_id=session_id, error=repr(error))
            return None

    def _ended_at(self, session_id: SessionId) -> datetime | None:
        try:
            return self._store.tail(session_id).session.ended_at
        except NoSuchSession:
            return None

    def _mark(self, mark: Watermark, until: datetime, left: list[SessionId]) -> None:
        changed = mark.model_copy(
            update={"version": mark.version + 1, "until": until, "left": left[:MOST_LEFT]}
        )
        if (changed.until, changed.left) == (mark.until, mark.left):
            return
        try:
            if mark.version:
                self._watermarks.replace(changed)
            else:
                self._watermarks.create(changed)
        except (AlreadyExists, StaleVersion):
            self._log(what="retention", where="another run was here")

    def _receipt(self, receipt: Receipt) -> None:
        """One a run that let something go."""
        if not (receipt.sessions or receipt.files or receipt.pages):
            return
        try:
            self._receipts.create(receipt)
        except AlreadyExists:
            self._log(what="retention", count=receipt.sessions)

    def receipts(self) -> list[Receipt]:
        return self._receipts.all()
