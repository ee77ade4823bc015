"""Looking at a customer's phone number or e-mail address, which are masked wherever they are read. Noted first, shown then."""

from contextlib import suppress

from chalicelib.customers.model import Customer
from chalicelib.customers.reveals import Reveal, RevealStore
from chalicelib.customers.store import CustomerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import Conflict
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import AgentId, CustomerId
from chalicelib.protocol.revealing import Masked, Revealed, RevealNoted
from chalicelib.protocol.values import AgentBrief, SystemLine
from chalicelib.sessions.acquaintance import NEWEST, Acquaintance
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import Decide, anyone
from chalicelib.sessions.store import Read
from chalicelib.workbench.service import Ground, party


class NothingToReveal(Conflict):
    """We don't know it."""


class Revealing:
    def __init__(self, ground: Ground, customers: CustomerStore, reveals: RevealStore) -> None:
        self._on = ground
        self._customers = customers
        self._reveals = reveals
        self._known = Acquaintance(ground.access, ground.store)

    def reveal(self, caller: Caller, customer_id: CustomerId, field: Masked) -> Revealed:
        """With a line on the timeline of their newest talk, too."""
        self._known.may(caller, "customer.phone.view", customer_id)
        value = self._value(self._customers.get(customer_id), field)
        by = AgentBrief(id=AgentId(caller.id), name=caller.name)
        self._reveals.note(customer_id, Reveal(self._on.ids.new(), field, self._on.clock(), by))
        for session_id in self._on.store.of_customer(customer_id, 1).items:
            with suppress(NoSuchSession):
                self._on.sessions.move(session_id, party(caller), anyone, self._line(field), staff=True)
        return Revealed(customer_id=customer_id, field=field, value=value)

    def noted(
        self, caller: Caller, customer_id: CustomerId, limit: int, cursor: str | None
    ) -> Slice[RevealNoted]:
        self._known.may(caller, "customer.phone.view", customer_id)
        self._customers.get(customer_id)
        page = self._reveals.page(customer_id, limit, cursor)
        return Slice(
            [RevealNoted(id=r.id, field=r.field, at=r.at, by=r.by) for r in page.items], page.next_cursor
        )

    def _value(self, customer: Customer, field: Masked) -> str:
        """What they told us, or left us with a message lately."""
        value: str | None = getattr(customer, field)
        for session_id in () if value else self._on.store.of_customer(customer.id, NEWEST).items:
            with suppress(NoSuchSession):
                contact = self._on.store.tail(session_id).session.contact
                value = value or (getattr(contact, field) if contact else None)
        if not value:
            raise NothingToReveal(f"We know no {field} of this customer.")
        return value

    def _line(self, field: Masked) -> Decide:
        now = self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            line = SystemLine(code="revealed", about={"field": field})
            return read.session.moved(now, check_at=read.session.check_at), line

        return decide
