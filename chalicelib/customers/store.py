"""Customers, and the one live session each has at a source.

    customer_id  ·  "profile"        →  name, source, …
    customer_id  ·  "live:<source>"  →  session_id

The live session is claimed in the transaction that makes it and freed in the one that ends it.
"""

import json
from typing import Final

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib.customers.model import Customer, NoSuchCustomer
from chalicelib.kit.clock import from_ms, from_ms_or_none, to_ms
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.table import (
    Check,
    Delete,
    Put,
    Table,
    get_raw,
    named,
    query_all,
    was_refused,
)
from chalicelib.kit.values import CustomerId, SessionId, SourceId

BLOCKED: Final = "blocked"
"""The partition of those who can't write to us for a while: `blocks`."""


class CustomerItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute(null=True)
    source_id = UnicodeAttribute(null=True)
    verified = BooleanAttribute(null=True)
    level = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    remark = UnicodeAttribute(null=True)
    attributes = UnicodeAttribute(null=True)
    blocked_until = NumberAttribute(null=True)
    version = NumberAttribute(null=True)
    created_at = NumberAttribute(null=True)
    session_id = UnicodeAttribute(null=True)
    schema = NumberAttribute(default=1)


class CustomerStore:
    def create(self, customer: Customer) -> Customer:
        """Them, or the one of that id whom somebody else made first."""
        try:
            _to_item(customer).save(condition=CustomerItem.customer_id.does_not_exist())
        except PutError as error:
            if not was_refused(error):
                raise
            return self.get(customer.id)
        return customer

    def replace(self, customer: Customer) -> None:
        """Stores the next version over the one it was made from."""
        try:
            _to_item(customer).save(condition=CustomerItem.version == customer.version - 1)
        except PutError as error:
            if was_refused(error):
                raise StaleVersion("Somebody changed this since you read it. Read it again.") from error
            raise

    def get(self, customer_id: CustomerId) -> Customer:
        found = self.find(customer_id)
        if found is None:
            raise NoSuchCustomer("There is no such customer.")
        return found

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
            email=item.email,
            phone=item.phone,
            language=item.language,
            merged_into=CustomerId(item.merged_into) if item.merged_into else None,
            remark=item.remark or "",
            attributes=json.loads(item.attributes) if item.attributes else {},
            blocked_until=from_ms_or_none(item.blocked_until),
            version=int(item.version or 1),
            created_at=from_ms(item.created_at),
        )

    def erase(self, customer_id: CustomerId) -> None:
        """All that is kept of them here. Nothing there: it is erased already."""
        for raw in query_all(CustomerItem, customer_id, consistent=True):
            CustomerItem(customer_id, raw["part"]["S"]).delete()
        CustomerItem(BLOCKED, customer_id).delete()

    def live_sessions(self, customer_id: CustomerId) -> list[SessionId]:
        """At every source."""
        parts = query_all(CustomerItem, customer_id, CustomerItem.part.startswith("live:"), consistent=True)
        return [SessionId(raw["session_id"]["S"]) for raw in parts]

    def live_session(self, customer_id: CustomerId, source_id: SourceId) -> SessionId | None:
        raw = get_raw(CustomerItem, customer_id, f"live:{source_id}")
        return SessionId(raw["session_id"]["S"]) if raw else None


def _to_item(customer: Customer) -> CustomerItem:
    return CustomerItem(
        customer.id,
        "profile",
        name=customer.name,
        source_id=customer.source_id,
        verified=customer.verified,
        level=customer.level,
        email=customer.email,
        phone=customer.phone,
        language=customer.language,
        merged_into=customer.merged_into,
        remark=customer.remark or None,
        attributes=json.dumps(dict(customer.attributes), ensure_ascii=False) if customer.attributes else None,
        blocked_until=to_ms(customer.blocked_until) if customer.blocked_until else None,
        version=customer.version,
        created_at=to_ms(customer.created_at),
    )


def live_claimed(customer_id: CustomerId, source_id: SourceId, session_id: SessionId) -> Put:
    """The write that makes a session the customer's live one at a source; refused while another is."""
    return Put(
        CustomerItem(customer_id, f"live:{source_id}", session_id=session_id),
        CustomerItem.customer_id.does_not_exist() | (CustomerItem.session_id == session_id),
    )


def is_known(customer_id: CustomerId) -> Check:
    """That they were neither erased nor merged into another meanwhile."""
    known = CustomerItem.customer_id.exists() & CustomerItem.merged_into.does_not_exist()
    return Check(CustomerItem, customer_id, "profile", known)


def live_freed(customer_id: CustomerId, source_id: SourceId, session_id: SessionId) -> Delete:
    """The write that ends that; refused if it is another's turn by now."""
    return Delete(
        CustomerItem(customer_id, f"live:{source_id}"),
        CustomerItem.customer_id.does_not_exist() | (CustomerItem.session_id == session_id),
    )
