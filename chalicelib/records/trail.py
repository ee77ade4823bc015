"""The pages a customer looked at: noted as they look, read by whoever reads their session, never beyond what the source keeps."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.customers.pages import PageStore
from chalicelib.customers.store import CustomerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import NotSignedIn
from chalicelib.kit.values import CustomerId, SessionId, SourceId
from chalicelib.protocol.pages import NewPage, PageSeen
from chalicelib.sessions.access import Access
from chalicelib.sessions.store import SessionStore
from chalicelib.sources.store import SourceStore


class CustomerGone(NotSignedIn):
    """The customer was erased meanwhile."""


@dataclass(frozen=True)
class Trail:
    customers: CustomerStore
    sources: SourceStore
    pages: PageStore
    store: SessionStore
    access: Access
    clock: Clock

    def saw(self, caller: Caller, page: NewPage) -> None:
        customer = self.customers.find(CustomerId(caller.id))
        if customer is None:
            raise CustomerGone("You are not known here any more. Reload the page.")
        self.pages.seen(customer.id, page, self.clock(), self._kept_for(customer.source_id))

    def of_session(self, caller: Caller, session_id: SessionId) -> list[PageSeen]:
        """Of its customer's."""
        session = self.store.tail(session_id).session
        self.access.may(caller, "session.read")(session)
        return self.of(session.customer_id, session.source_id)

    def of(self, customer_id: CustomerId, source_id: SourceId) -> list[PageSeen]:
        return self.pages.of(customer_id, self.clock() - self._kept_for(source_id))

    def _kept_for(self, source_id: SourceId) -> timedelta:
        return timedelta(days=self.sources.get(source_id).retention.pages_days)
