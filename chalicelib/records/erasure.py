"""Erasing one customer: their sessions whole, logs, words, files and numbers, what they are signed in by, and themselves.

A file that was uploaded and never sent goes by the sweep, within a day. In steps that fit into one call, each safe twice: what
is cut short is found again by whoever asks next.
"""

from chalicelib.archive.service import Archive
from chalicelib.attachments.service import Attachments
from chalicelib.connections.model import Person
from chalicelib.customers.blocks import BlockStore
from chalicelib.customers.merges import MergeStore
from chalicelib.customers.model import CustomerMerged
from chalicelib.customers.store import CustomerStore
from chalicelib.kit.values import CustomerId, SessionId
from chalicelib.mail.service import Post
from chalicelib.protocol.rest import Erased
from chalicelib.records.merging import GOES_ON
from chalicelib.records.service import Records
from chalicelib.records.store import RecordStore
from chalicelib.reminders.store import ReminderStore
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.left import letters_of
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
        merges: MergeStore,
        store: SessionStore,
        records: Records,
        record_store: RecordStore,
        archive: Archive,
        attachments: Attachments,
        post: Post,
        sign_in: SignIn,
        reminders: ReminderStore,
        blocks: BlockStore,
    ) -> None:
        self._blocks = blocks
        self._customers = customers
        self._merges = merges
        self._store = store
        self._records = records
        self._record_store = record_store
        self._archive = archive
        self._attachments = attachments
        self._post = post
        self._sign_in = sign_in
        self._reminders = reminders

    def erase(self, customer_id: CustomerId) -> Erased:
        """Nobody can come in as them any more from the first step on; they themselves go last."""
        if self._customers.get(customer_id).merged_into:
            raise CustomerMerged("This customer was merged into another. Erase that one, or undo it first.")
        merged = self._merges.everyone(customer_id)
        for one in merged:
            self._sign_in.end_all(Person("customer", one))
        self._sign_in.end_all(Person("customer", customer_id))
        page = self._store.of_customer(customer_id, AT_ONCE)
        live = self._customers.live_sessions(customer_id)  # which the index may not have heard of
        found = list(dict.fromkeys([*live, *page.items]))
        held = [session_id for session_id in found if not self._erased(session_id)]
        done = page.next_cursor is None and not held
        if done:
            self._reminders.erase(customer_id)
            self._blocks.forget(customer_id)
            for one in merged:
                self._reminders.erase(one)
                self._blocks.forget(one)
                self._customers.erase(one)
            self._customers.erase(customer_id)
        return Erased(done=done, sessions=len(found) - len(held), held=len(held))

    def erase_files(self, session: Session) -> int:
        """What was sent along, and the small pictures of it; how many. What was said stays."""
        gone = 0
        for entry in self._records.log(session.id) if session.over else ():
            if entry.content.attachment and not entry.content.attachment.gone:
                self._attachments.let_go(entry.content.attachment.attachment_id)
                self._store.files_gone(entry)
                gone += 1
        return gone

    def erase_page(self, session: Session) -> int:
        """Where it began."""
        if not (session.over and session.page):
            return 0
        self._store.page_gone(session)
        return 1

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
        if session.state in GOES_ON or (session.state == "left_message" and session.agent):
            self._archive.end(session.id, SYSTEM, anyone, reason="erased")
        session = self._store.tail(session.id).session
        if session.state == "wrap_up":
            self._archive.drop_wrap_up(session.id)
        for entry in self._records.log(session.id):
            if entry.content.attachment:
                self._attachments.erase(entry.content.attachment.attachment_id)
        if session.contact:
            for letter in letters_of(session):
                self._post.forget(letter)
        words = self._records.words(session.id)
        self._record_store.forget(session.id, session.created_at, words)
        self._store.erase(session)
        self._record_store.forget(session.id, session.created_at, words)  # that a round was writing meanwhile
