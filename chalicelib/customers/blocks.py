"""Customers who can't write to us for a while, and the list of them.

    "blocked"     ·  customer_id  →  until when, why, by whom
    customer_id   ·  "profile"    →  blocked_until, so that whoever comes in is judged at no read more

Both are written in one transaction, 4 units. Who reads the list judges by time: what has run out is not on it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.customers.model import Customer, NoSuchCustomer
from chalicelib.customers.store import BLOCKED, CustomerItem
from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import Clash, Delete, Put, Table, Update, named, query_page, transact
from chalicelib.kit.values import AgentId, CustomerId
from chalicelib.protocol.values import AgentBrief

USUAL = timedelta(days=7)
"""How long a block lasts where nobody says."""
LONGEST = timedelta(days=366)


class BlockItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    name = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    blocked_at = NumberAttribute()
    until = NumberAttribute()
    by_id = UnicodeAttribute(null=True)
    by_name = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Blocked:
    customer_id: CustomerId
    name: str
    reason: str
    blocked_at: datetime
    until: datetime
    by: AgentBrief | None


class BlockStore:
    def block(self, customer: Customer, block: Blocked, token: str) -> None:
        """From now on, or until another time than before."""
        item = BlockItem(
            BLOCKED,
            customer.id,
            name=block.name,
            reason=block.reason or None,
            blocked_at=to_ms(block.blocked_at),
            until=to_ms(block.until),
            by_id=block.by.id if block.by else None,
            by_name=block.by.name if block.by else None,
        )
        until = [CustomerItem.blocked_until.set(to_ms(block.until)), CustomerItem.version.add(1)]
        profile = CustomerItem(customer.id, "profile")
        try:
            transact([Put(item), Update(profile, until, CustomerItem.customer_id.exists())], token)
        except Clash as clash:
            raise NoSuchCustomer("There is no such customer.") from clash

    def lift(self, customer_id: CustomerId, token: str) -> None:
        """Lifted already: nothing changes."""
        profile = CustomerItem(customer_id, "profile")
        lifted = [CustomerItem.blocked_until.remove(), CustomerItem.version.add(1)]
        open_again = Update(profile, lifted, CustomerItem.blocked_until.exists(), if_needed=True)
        transact([Delete(BlockItem(BLOCKED, customer_id)), open_again], token)

    def forget(self, customer_id: CustomerId) -> None:
        """They are on no list any more."""
        BlockItem(BLOCKED, customer_id).delete()

    def page(self, now: datetime, limit: int, cursor: str | None) -> Slice[Blocked]:
        """By customer. A page may be short: what has run out is not in it."""
        start = None
        if cursor:
            start = {
                "customer_id": {"S": BLOCKED},
                "part": {"S": from_cursor(cursor, id=SOME_ID)["id"]},
            }
        page = query_page(BlockItem, BLOCKED, limit=limit, after=start)
        more = to_cursor({"id": page.last_key["part"]["S"]}) if page.last_key else None
        found = [_from_item(BlockItem.from_raw_data(raw)) for raw in page.items]
        return Slice([b for b in found if b.until > now], more)


def _from_item(item: BlockItem) -> Blocked:
    by = AgentBrief(id=AgentId(item.by_id), name=item.by_name or "") if item.by_id else None
    return Blocked(
        customer_id=CustomerId(item.part),
        name=item.name,
        reason=item.reason or "",
        blocked_at=from_ms(item.blocked_at),
        until=from_ms(item.until),
        by=by,
    )
