"""Reading a record whole. What may not be read does not exist."""

from collections.abc import Iterator

from chalicelib.gateway.caller import Caller
from chalicelib.kit.values import SessionId
from chalicelib.protocol.values import Message
from chalicelib.records.store import RecordStore
from chalicelib.records.transcript import Transcript
from chalicelib.records.words import distinct
from chalicelib.sessions.access import Access
from chalicelib.sessions.entries import Entry
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.reading import for_staff
from chalicelib.sessions.store import SessionStore

MOST_BYTES = 900_000
"""Of one transcript: Lambda answers 6 MB at most, and a page may write a letter in six."""
AT_ONCE = 500


class Records:
    def __init__(self, store: SessionStore, records: RecordStore, access: Access) -> None:
        self._store = store
        self._records = records
        self._access = access

    def index(self, session: Session) -> None:
        """From now on the session is found by its words. Cut short, the next look does it again, to the same places."""
        words = self.words(session.id)
        self._records.index(session.id, session.created_at, words)
        try:
            self._store.tail(session.id)
        except NoSuchSession:  # erased meanwhile
            self._records.forget(session.id, session.created_at, words)
            return
        self._store.look_no_more(session)

    def words(self, session_id: SessionId) -> list[str]:
        """The words it is found by."""
        return distinct(e.text for e in self.log(session_id) if e.text and e.kind != "system")

    def log(self, session_id: SessionId) -> Iterator[Entry]:
        """All of it, staff lines too."""
        position = (0, 0)
        while page := self._store.after(session_id, position, AT_ONCE, staff=True):
            yield from page
            position = page[-1].position

    def transcript(self, caller: Caller, session_id: SessionId, after: int, *, staff: bool) -> Transcript:
        """From `after` on, as much as one answer carries. `staff`: with notes, and lines for staff alone."""
        read = self._store.tail(session_id)
        self._access.may(caller, "session.read")(read.session)
        messages: list[Message] = []
        left, position = MOST_BYTES, (after, 9_999)
        while page := self._store.after(session_id, position, AT_ONCE, staff=staff):
            for entry in page:
                message = entry.message("agent")
                left -= len(message.model_dump_json().encode())
                if left < 0 and (whole := [m for m in messages if m.seq < entry.seq]):
                    return Transcript(session=for_staff(read), messages=whole, goes_on_after=entry.seq - 1)
                messages.append(message)
            position = page[-1].position
        return Transcript(session=for_staff(read), messages=messages)

    def timeline(self, caller: Caller, session_id: SessionId) -> list[Message]:
        """Everything that happened to it, oldest first: the lines of the house's own, those for staff too."""
        read = self._store.tail(session_id)
        self._access.may(caller, "session.read")(read.session)
        return [e.message("agent") for e in self.log(session_id) if e.kind == "system"]
