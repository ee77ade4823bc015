"""Customers, and the one live session each has at a source.

    customer_id  ·  "profile"        →  name, source, …
    customer_id  ·  "live:<source>"  →  session_id

The live session is claimed in the transaction that makes it and freed in the one that ends it.
"""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.customers.model import Customer
from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.table import Delete, Put, Table, get_raw, named
from chalicelib.kit.values import CustomerId, SessionId, SourceId


class CustomerItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute(null=True)
    source_id = UnicodeAttribute(null=True)
    verified = BooleanAttribute(null=True)
    level = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    session_id = UnicodeAttribute(null=True)
    schema = NumberAttribute(default=1)


class CustomerStore:
    def create(self, customer: Customer) -> None:
        CustomerItem(
            customer.id,
            "profile",
            name=customer.name,
            source_id=customer.source_id,
            verified=customer.verified,
            level=customer.level,
            created_at=to_ms(customer.created_at),
        ).save(condition=CustomerItem.customer_id.does_not_exist())

    def find(self, customer_id: CustomerId) -> Customer | None:
        raw = get_raw(CustomerItem, customer_id, "profile")
        if raw is None:
            return None
        item = CustomerItem.from_raw_data(raw)
        return Customer(
            id=customer_id,
            name=item.name,
            source_id=SourceId(item.source_id),
            verified=item.verified,
            level=item.level,
            created_at=from_ms(item.created_at),
        )

    def live_session(self, customer_id: CustomerId, source_id: SourceId) -> SessionId | None:
        raw = get_raw(CustomerItem, customer_id, f"live:{source_id}")
        return SessionId(raw["session_id"]["S"]) if raw else None


def live_claimed(customer_id: CustomerId, source_id: SourceId, session_id: SessionId) -> Put:
    """The write that makes a session the customer's live one at a source; refused while another is."""
    return Put(
        CustomerItem(customer_id, f"live:{source_id}", session_id=session_id),
        CustomerItem.customer_id.does_not_exist() | (CustomerItem.session_id == session_id),
    )


def live_freed(customer_id: CustomerId, source_id: SourceId, session_id: SessionId) -> Delete:
    """The write that ends that; refused if it is another's turn by now."""
    return Delete(
        CustomerItem(customer_id, f"live:{source_id}"),
        CustomerItem.customer_id.does_not_exist() | (CustomerItem.session_id == session_id),
    )
