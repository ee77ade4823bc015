"""Offers and transfers as an agent meets them: each through what the caller may read and act on."""

from dataclasses import dataclass

from chalicelib.dispatch.answering import OfferAnswers
from chalicelib.dispatch.simulating import SimulatedRouting
from chalicelib.dispatch.transfers import Transfers
from chalicelib.gateway.caller import Caller
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import SessionId
from chalicelib.protocol.offers import Offered, Simulated, Simulating, Transferring, TransferTarget
from chalicelib.protocol.values import Session as SessionRead
from chalicelib.sessions.access import Access, NotYours
from chalicelib.sessions.model import Session
from chalicelib.sessions.offered import OfferStore
from chalicelib.sessions.reading import for_staff
from chalicelib.sessions.service import May, Sessions
from chalicelib.sessions.store import SessionStore


@dataclass(frozen=True)
class HandingOn:
    access: Access
    answering: OfferAnswers
    transfers: Transfers
    simulated: SimulatedRouting
    offers: OfferStore
    sessions: Sessions
    store: SessionStore

    def accept(self, caller: Caller, session_id: SessionId) -> SessionRead:
        self.answering.accept(caller, session_id, self._answers(caller))
        return self._read(session_id)

    def decline(self, caller: Caller, session_id: SessionId, reason: str) -> SessionRead:
        self.answering.decline(caller, session_id, reason, self._answers(caller))
        return self._read(session_id)

    def transfer(self, caller: Caller, session_id: SessionId, new: Transferring) -> SessionRead:
        self.transfers.transfer(caller, session_id, new, self._hands_on(caller))
        return self._read(session_id)

    def cancel(self, caller: Caller, session_id: SessionId) -> SessionRead:
        self.transfers.cancel(caller, session_id, self._takes_back(caller))
        return self._read(session_id)

    def targets(
        self, caller: Caller, session_id: SessionId, kind: str, limit: int, cursor: str | None
    ) -> Slice[TransferTarget]:
        of = self.transfers.agents if kind == "agent" else self.transfers.queues
        return of(session_id, limit, cursor, self._hands_on(caller))

    def offered(
        self, caller: Caller, session_id: SessionId, limit: int, cursor: str | None
    ) -> Slice[Offered]:
        """Every offer and assignment, oldest first, each with why."""
        self.sessions.get(session_id, self._reads(caller))
        return self.offers.page(session_id, limit, cursor)

    def simulate(self, asked: Simulating) -> Simulated:
        return self.simulated.ask(asked)

    def _reads(self, caller: Caller) -> May:
        return self.access.may(caller, "session.read")

    def _answers(self, caller: Caller) -> May:
        """To whom it is offered, or was; or whose it is by now, since the first answer may have been lost."""
        reads = self._reads(caller)

        def may(session: Session) -> None:
            reads(session)
            if caller.id not in {session.offered_to, session.owner_id, *session.tried, *session.declined}:
                raise NotYours("This conversation is not offered to you.")

        return may

    def _takes_back(self, caller: Caller) -> May:
        """Who hands it on, in whose name, and whose it is."""
        reads, acts = self._reads(caller), self._hands_on(caller)

        def may(session: Session) -> None:
            reads(session)
            if session.handed_over is None or session.handed_over.by.id != caller.id:
                acts(session)

        return may

    def _hands_on(self, caller: Caller) -> May:
        return self.access.may(caller, "session.transfer")

    def _read(self, session_id: SessionId) -> SessionRead:
        return for_staff(self.store.tail(session_id))
