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

    def reveal(self, caller: Caller, customer_id: CustomerId, field: Masked) -> Revealed:
        """With a line on the timeline of their newest talk, too."""
        value = self._value(self._customers.get(customer_id), field)
        by = AgentBrief(id=AgentId(caller.id), name=caller.name)
        self._reveals.note(customer_id, Reveal(self._on.ids.new(), field, self._on.clock(), by))
        for session_id in self._on.store.of_customer(customer_id, 1).items:
            with suppress(NoSuchSession):
                self._on.sessions.move(session_id, party(caller), anyone, self._line(field), staff=True)
        return Revealed(customer_id=customer_id, field=field, value=value)

    def noted(self, customer_id: CustomerId, limit: int, cursor: str | None) -> Slice[RevealNoted]:
        self._customers.get(customer_id)
        page = self._reveals.page(customer_id, limit, cursor)
        return Slice(
            [RevealNoted(id=r.id, field=r.field, at=r.at, by=r.by) for r in page.items], page.next_cursor
        )

    @staticmethod
    def _value(customer: Customer, field: Masked) -> str:
        value = customer.phone if field == "phone" else customer.email
        if not value:
            raise NothingToReveal(f"We know no {field} of this customer.")
        return value

    def _line(self, field: Masked) -> Decide:
        now = self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            line = SystemLine(code="revealed", about={"field": field})
            return read.session.moved(now, check_at=read.session.check_at), line

        return decide
