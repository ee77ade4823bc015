"""Customers as staff and admins see them: reading, changing, their history, export and erasure."""

from contextlib import suppress

from chalicelib.customers.merges import MergeStore
from chalicelib.customers.model import Customer, Merge
from chalicelib.customers.store import CustomerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import CustomerId, SessionId, Value
from chalicelib.protocol.left_messages import Contact
from chalicelib.protocol.pages import PageSeen
from chalicelib.protocol.rest import CustomerChange, Page
from chalicelib.protocol.values import Customer as CustomerRead, Message, Session as SessionRead
from chalicelib.records.merging import merges_of
from chalicelib.records.service import Records
from chalicelib.records.trail import Trail
from chalicelib.sessions.access import Access
from chalicelib.sessions.acquaintance import Acquaintance
from chalicelib.sessions.model import NoSuchSession
from chalicelib.sessions.reading import for_staff, masked
from chalicelib.sessions.store import SessionStore

SESSIONS_AT_ONCE = 5
"""Whole sessions in one page of an export: with the longest logs it stays below what one answer carries."""


class Exported(Value):
    """One session with what was said in it, notes too, and how they asked to be reached. `goes_on_after`: the rest is in its transcript, from that
    seq on.
    """

    session: SessionRead
    contact: Contact | None = None
    messages: list[Message]
    goes_on_after: int | None = None


class Person(CustomerRead):
    """A customer whole, with nothing masked."""

    pages: list[PageSeen] = []


class CustomerExport(Page[Exported]):
    """`customer`: what is kept of them besides what was said, on every page."""

    customer: Person


class Customers:
    def __init__(
        self,
        customers: CustomerStore,
        merges: MergeStore,
        store: SessionStore,
        records: Records,
        trail: Trail,
        access: Access,
    ) -> None:
        self._access = access
        self._known = Acquaintance(access, store)
        self._trail = trail
        self._customers = customers
        self._merges = merges
        self._store = store
        self._records = records

    def of(self, caller: Caller, customer_id: CustomerId) -> CustomerRead:
        """To whom a talk of theirs lies in reach."""
        self._known.may(caller, "customer.read", customer_id)
        return self.get(customer_id)

    def get(self, customer_id: CustomerId) -> CustomerRead:
        """With who was merged into them."""
        return read(self._customers.get(customer_id), merges_of(self._merges.of(customer_id)))

    def change(self, customer_id: CustomerId, change: CustomerChange, version: int) -> CustomerRead:
        customer = self._customers.get(customer_id)
        if customer.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        changed = customer.changed(change.model_dump(exclude_none=True))
        self._customers.replace(changed)
        return read(changed, merges_of(self._merges.of(customer_id)))

    def history(
        self, caller: Caller, customer_id: CustomerId, limit: int, cursor: str | None
    ) -> Slice[SessionRead]:
        """Their sessions, newest first. A page may be short: what the caller may not read is not in it."""
        self._known.may(caller, "customer.read", customer_id)
        self._customers.get(customer_id)
        page = self._store.of_customer(customer_id, limit, cursor)
        may, found = self._access.may(caller, "session.read"), []
        for session_id in page.items:
            with suppress(NoSuchSession):
                read_now = self._store.tail(session_id)
                may(read_now.session)
                found.append(for_staff(read_now))
        return Slice(found, page.next_cursor)

    def export(self, caller: Caller, customer_id: CustomerId, cursor: str | None) -> CustomerExport:
        """Everything kept of them and of what was said with them, a few sessions a page, newest first."""
        customer = self._customers.get(customer_id)
        told = read(customer, merges_of(self._merges.of(customer_id))).model_dump()
        person = Person(
            **{**told, "email": customer.email, "phone": customer.phone},
            pages=self._trail.of(customer.id, customer.source_id),
        )
        page = self._store.of_customer(customer_id, SESSIONS_AT_ONCE, cursor)
        items = [self._whole(caller, i) for i in page.items]
        return CustomerExport(items=items, next_cursor=page.next_cursor, customer=person)

    def _whole(self, caller: Caller, session_id: SessionId) -> Exported:
        found = self._records.transcript(caller, session_id, 0, staff=True)
        return Exported(
            session=found.session,
            contact=self._store.tail(session_id).session.contact,
            messages=found.messages,
            goes_on_after=found.goes_on_after,
        )


def read(customer: Customer, merges: list[Merge]) -> CustomerRead:
    contact = masked(Contact.model_construct(email=customer.email, phone=customer.phone))
    return CustomerRead(
        email=contact.email,
        phone=contact.phone,
        language=customer.language,
        merged_into=customer.merged_into,
        merges=merges,
        id=customer.id,
        name=customer.name,
        verified=customer.verified,
        level=customer.level,
        version=customer.version,
        source_id=customer.source_id,
        remark=customer.remark,
        attributes=dict(customer.attributes),
        created_at=customer.created_at,
    )
