"""Letting go of what is older than its source keeps it: rows, words and files, with a receipt that tells no more than how many.

Every night from the oldest month on, as much as one run may take; what is left is the next night's. A legal hold stays.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import AlreadyExists, DirectoryItem, Documents
from chalicelib.kit.log import Log
from chalicelib.kit.values import Instant, SessionId, Value
from chalicelib.records.erasure import Erasure
from chalicelib.records.store import AT_ONCE, Filter, RecordStore
from chalicelib.sessions.model import NoSuchSession
from chalicelib.sessions.store import SessionStore
from chalicelib.sources.store import SourceStore

LASTS = timedelta(minutes=8)
"""How long one run may take; what is left is the next night's."""
LOOKED_BACK = timedelta(days=366 * 12)
"""No record is older: the first release is younger."""


class Receipt(Value):
    """What one night let go."""

    id: str
    at: Instant
    sessions: int
    held: int


class Retention:
    def __init__(
        self,
        sources: SourceStore,
        store: SessionStore,
        records: RecordStore,
        erasure: Erasure,
        log: Log,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._sources = sources
        self._store = store
        self._records = records
        self._erasure = erasure
        self._log = log
        self._now = clock
        self._machine_now = machine_clock
        self._receipts = Documents(DirectoryItem, "retention receipt", Receipt, lambda r: r.id)

    def run(self) -> int:
        """How many sessions went. Twice in a night, late or overlapping only goes on with what is due."""
        now, ends_at = self._now(), self._machine_now() + LASTS
        gone, held = 0, 0
        for source in self._sources.all():
            for session_id in self._due(source.id, now - timedelta(days=source.retention.messages_days), now):
                if self._machine_now() >= ends_at:
                    break
                try:
                    session = self._store.tail(session_id).session
                    held += session.legal_hold
                    if session.over and not session.legal_hold:
                        self._erasure.erase_session(session)
                        gone += 1
                except NoSuchSession:
                    continue
                except Exception as error:  # noqa: BLE001  # one record's trouble keeps nothing from the others
                    self._log(what="retention", session_id=session_id, error=repr(error))
        self._receipt(now, gone, held)
        return gone

    def _due(self, source_id: str, cutoff: datetime, now: datetime) -> Iterator[SessionId]:
        """A source's records that ended before the cutoff, oldest first."""
        wanted, cursor = Filter(source_id=source_id, since=now - LOOKED_BACK, until=cutoff), None
        while True:
            page = self._records.ended(wanted, AT_ONCE, cursor, oldest_first=True)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def _receipt(self, now: datetime, gone: int, held: int) -> None:
        """One a run that let something go."""
        if not gone:
            return
        receipt = Receipt(id=f"{now:%Y%m%dT%H%M%S%f}", at=now, sessions=gone, held=held)
        try:
            self._receipts.create(receipt)
        except AlreadyExists:
            self._log(what="retention", count=gone)

    def receipts(self) -> list[Receipt]:
        return self._receipts.all()
