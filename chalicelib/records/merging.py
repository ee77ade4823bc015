"""Merging two customers who turned out to be one, and undoing it. The history follows; a talk that goes on stays where it is.

In steps that are each safe twice: what is cut short is finished by asking again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.archive.service import Archive
from chalicelib.connections.model import Person
from chalicelib.customers.merges import MergeStore, session_moved, session_moved_back
from chalicelib.customers.model import Customer, CustomerMerged, Merge
from chalicelib.customers.store import CustomerStore, live_claimed, live_freed
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Clash, Write
from chalicelib.kit.values import CustomerId, SessionId
from chalicelib.protocol.values import By, SystemLine
from chalicelib.sessions.entries import SYSTEM, Party
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import Sessions, anyone
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sign_in.service import SignIn

UNDONE_WITHIN: Final = timedelta(days=30)
AT_ONCE: Final = 50
GOES_ON: Final = frozenset({"queued", "offered", "active", "on_hold"})
"""The states in which a session is its customer's live one."""


class MergeWithItself(Invalid):
    """Nobody is merged into themselves."""


class CustomerTalking(Conflict):
    """They are in a talk that their browser would lose."""


class NotMerged(Conflict):
    """They were merged into nobody, or it was undone already."""


class MergeTooOld(Conflict):
    """A merge is undone within thirty days."""


MERGING = (MergeWithItself, CustomerMerged, CustomerTalking, StaleVersion)
"""What a merge may be refused with."""


@dataclass(frozen=True)
class Merging:
    customers: CustomerStore
    merges: MergeStore
    sessions: Sessions
    store: SessionStore
    archive: Archive
    sign_in: SignIn
    ids: Ids
    clock: Clock

    def merge(self, merged_id: CustomerId, into_id: CustomerId, by: By) -> None:
        """Done already: nothing changes but what was left over.

        Their browsers become the other's, unless that one was proved by their site's signature and this one was not: such a history
        is opened by a signature alone.
        """
        merged, into = self._both(merged_id, into_id)
        becomes = merged.source_id == into.source_id and (merged.verified or not into.verified)
        if not becomes and self._live(merged.id):
            raise CustomerTalking(
                "This customer is in a conversation that their browser would lose. End it first, or let them sign in on your site."
            )
        self._begin(merged, into, by)
        self._move_all(merged.id, into)
        for one in (merged.id, *self.merges.everyone(merged.id)):
            if becomes:
                self.sign_in.become(Person("customer", one), into.id)
            else:
                self.sign_in.end_all(Person("customer", one))

    def absorb(self, merged_id: CustomerId, into: Customer) -> None:
        """Somebody signed in on their site: what this browser said before is theirs, and it comes back with tokens of its own."""
        merged = self.customers.find(merged_id)
        if merged is None or merged.id == into.id or merged.verified:
            return
        if merged.merged_into not in (None, into.id):
            return
        self._begin(merged, into, By(role="customer", id=into.id, name=into.name))
        self._move_all(merged.id, into)
        for one in (merged.id, *self.merges.everyone(merged.id)):
            self.sign_in.end_all(Person("customer", one))

    def unmerge(self, merged_id: CustomerId) -> CustomerId:
        """Each session that it moved goes back. Gives whom they were merged into."""
        merged = self.customers.get(merged_id)
        into_id = merged.merged_into
        found = self.merges.find(merged.id, into_id) if into_id else None
        if into_id is None or found is None:
            raise NotMerged("This customer was not merged into another, or it was undone already.")
        if self.clock() > found.at + UNDONE_WITHIN:
            raise MergeTooOld("This was merged more than thirty days ago and can't be undone any more.")
        for session_id in self.merges.moved(merged.id):
            self._move(session_id, into_id, merged, undo=True)
        self.merges.undo(merged, into_id, self.clock(), self.ids.new())
        self.sign_in.become(Person("customer", merged.id), None)
        for one in self.merges.everyone(merged.id):
            self.sign_in.become(Person("customer", one), merged.id)
        return into_id

    def _both(self, merged_id: CustomerId, into_id: CustomerId) -> tuple[Customer, Customer]:
        if merged_id == into_id:
            raise MergeWithItself(
                "A customer can't be merged into themselves.", errors=(("into", "is the same"),)
            )
        merged, into = self.customers.get(merged_id), self.customers.get(into_id)
        if into.merged_into:
            raise CustomerMerged(
                "The other customer was merged already. Merge into the one who has their history."
            )
        if merged.merged_into not in (None, into.id):
            raise CustomerMerged("This customer was merged into another already. Undo that first.")
        return merged, into

    def _begin(self, merged: Customer, into: Customer, by: By) -> None:
        if merged.merged_into == into.id:
            return
        try:
            self.merges.begin(merged, into, by, self.clock(), self.ids.new())
        except Clash as clash:
            again = self.customers.get(merged.id)
            if again.merged_into != into.id:
                raise StaleVersion("Somebody changed one of them just now. Look again.") from clash

    def _move_all(self, merged_id: CustomerId, into: Customer) -> None:
        """A talk that goes on first, which the index may not have heard of."""
        self._settle_live(merged_id, into.id)
        for session_id in self.customers.live_sessions(merged_id):
            self._move(session_id, merged_id, into, undo=False)
        cursor = None
        while True:
            page = self.store.of_customer(merged_id, AT_ONCE, cursor)
            for session_id in page.items:
                self._move(session_id, merged_id, into, undo=False)
            cursor = page.next_cursor
            if cursor is None:
                return

    def _settle_live(self, merged_id: CustomerId, into_id: CustomerId) -> None:
        """Where both have a talk at one source, the one that is served goes on, of two alike the newer."""
        theirs = {s.source_id: s for s in self._live(into_id)}
        for session in self._live(merged_id):
            other = theirs.get(session.source_id)
            if other is not None and other.id != session.id:
                ends, _ = sorted((session, other), key=lambda s: (s.agent is not None, s.created_at, s.id))
                self.archive.end(ends.id, SYSTEM, anyone, reason="merged")

    def _live(self, customer_id: CustomerId) -> list[Session]:
        found = []
        for session_id in self.customers.live_sessions(customer_id):
            try:
                session = self.store.tail(session_id).session
            except NoSuchSession:
                continue
            if session.state in GOES_ON:
                found.append(session)
        return found

    def _move(self, session_id: SessionId, was: CustomerId, now: Customer, *, undo: bool) -> None:
        """One session, with its claim of being the live one, and the record by which it finds back."""

        def decide(read: Read) -> tuple[Session, SystemLine]:
            session = read.session
            if session.customer_id == was:
                session = session.of_customer(now.id, now.name, verified=now.verified)
            return session, SystemLine(code="customer_became", about={"customer": now.name})

        def also(before: Session, after: Session) -> Sequence[Write]:
            record = session_moved_back(now.id, after.id) if undo else session_moved(was, now.id, after.id)
            if before.state not in GOES_ON:
                return [record]
            return [
                record,
                live_freed(was, after.source_id, after.id),
                live_claimed(now.id, after.source_id, after.id),
            ]

        try:
            self.sessions.move(session_id, Party("system"), anyone, decide, also=also, staff=True)
        except NoSuchSession:
            return


def merges_of(found: Sequence[Merge]) -> list[Merge]:
    """As a customer's record tells them, the newest first."""
    return sorted(found, key=lambda m: m.at, reverse=True)
