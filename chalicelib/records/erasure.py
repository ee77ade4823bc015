"""Erasing one customer: their sessions whole, logs, words, files and numbers, what they are signed in by, and themselves.

A file that was uploaded and never sent goes by the sweep, within a day. In steps that fit into one call, each safe twice: what
is cut short is found again by whoever asks next.
"""

from chalicelib.archive.service import Archive
from chalicelib.attachments.service import Attachments
from chalicelib.connections.model import Person
from chalicelib.customers.store import CustomerStore
from chalicelib.kit.values import CustomerId, SessionId
from chalicelib.protocol.rest import Erased
from chalicelib.records.service import Records
from chalicelib.records.store import RecordStore
from chalicelib.reminders.store import ReminderStore
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import anyone
from chalicelib.sessions.store import SessionStore
from chalicelib.sign_in.service import SignIn

AT_ONCE = 50
"""Sessions erased in one call: some thousands of requests to the store."""


class Erasure:
    def __init__(
        self,
        customers: CustomerStore,
        store: SessionStore,
        records: Records,
        record_store: RecordStore,
        archive: Archive,
        attachments: Attachments,
        sign_in: SignIn,
        reminders: ReminderStore,
    ) -> None:
        self._customers = customers
        self._store = store
        self._records = records
        self._record_store = record_store
        self._archive = archive
        self._attachments = attachments
        self._sign_in = sign_in
        self._reminders = reminders

    def erase(self, customer_id: CustomerId) -> Erased:
        """Nobody can come in as them any more from the first step on; they themselves go last."""
        self._customers.get(customer_id)
        self._sign_in.end_all(Person("customer", customer_id))
        page = self._store.of_customer(customer_id, AT_ONCE)
        live = self._customers.live_sessions(customer_id)  # which the index may not have heard of
        found = list(dict.fromkeys([*live, *page.items]))
        held = [session_id for session_id in found if not self._erased(session_id)]
        done = page.next_cursor is None and not held
        if done:
            self._reminders.erase(customer_id)
            self._customers.erase(customer_id)
        return Erased(done=done, sessions=len(found) - len(held), held=len(held))

    def _erased(self, session_id: SessionId) -> bool:
        """False where a legal hold keeps it."""
        try:
            session = self._store.tail(session_id).session
        except NoSuchSession:
            return True
        if session.legal_hold:
            return False
        self.erase_session(session)
        return True

    def erase_session(self, session: Session) -> None:
        """First it ends, so that no desk keeps a slot for it; the session item goes last, so that it is found again until then."""
        if not session.over:
            self._archive.end(session.id, SYSTEM, anyone, reason="erased")
        session = self._store.tail(session.id).session
        if session.state == "wrap_up":
            self._archive.drop_wrap_up(session.id)
        for entry in self._records.log(session.id):
            if entry.content.attachment:
                self._attachments.erase(entry.content.attachment.attachment_id)
        words = self._records.words(session.id)
        self._record_store.forget(session.id, session.created_at, words)
        self._store.erase(session)
        self._record_store.forget(session.id, session.created_at, words)  # that a round was writing meanwhile
