"""Letting go of what is older than its source keeps it: rows, words and files, with a receipt that tells no more than how many.

Every night from the oldest month on, as much as one run may take; what is left is the next night's. A legal hold stays.
"""

from datetime import datetime, timedelta

from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import AlreadyExists, DirectoryItem, Documents
from chalicelib.kit.log import Log
from chalicelib.kit.values import Instant, Value
from chalicelib.records.erasure import Erasure
from chalicelib.records.store import Filter, RecordStore
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.store import SessionStore
from chalicelib.sources.store import SourceStore

AT_MOST = 300
"""Sessions let go in one run."""
LOOKED_BACK = timedelta(days=366 * 12)
"""No record is older: the first release is younger."""
GONE_DAYS = 1095
"""How long the records of a source are kept that is there no more."""


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
    ) -> None:
        self._sources = sources
        self._store = store
        self._records = records
        self._erasure = erasure
        self._log = log
        self._now = clock
        self._receipts = Documents(DirectoryItem, "retention receipt", Receipt, lambda r: r.id)

    def run(self) -> int:
        """How many sessions went. Twice in a night, late or overlapping only goes on with what is due."""
        now = self._now()
        days: dict[str, int] = {s.id: s.retention.messages_days for s in self._sources.all()}
        cutoff = now - timedelta(days=min([*days.values(), GONE_DAYS]))
        gone, held, cursor = 0, 0, None
        wanted = Filter(since=now - LOOKED_BACK, until=cutoff)
        while gone < AT_MOST:
            page = self._records.ended(wanted, 100, cursor, oldest_first=True)
            for session_id in page.items:
                try:
                    session = self._store.tail(session_id).session
                    if session.legal_hold:
                        held += 1
                    elif _is_due(session, days.get(session.source_id, GONE_DAYS), now):
                        self._erasure.erase_session(session)
                        gone += 1
                except NoSuchSession:
                    continue
                except Exception as error:  # noqa: BLE001  # one record's trouble keeps nothing from the others
                    self._log(what="retention", session_id=session_id, error=repr(error))
            cursor = page.next_cursor
            if cursor is None:
                break
        self._receipt(now, gone, held)
        return gone

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


def _is_due(session: Session, days: int, now: datetime) -> bool:
    return session.over and session.ended_at is not None and session.ended_at + timedelta(days=days) <= now
