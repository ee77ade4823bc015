"""Who looked at what of a customer is masked for everybody else. Kept with the customer, and goes with them.

customer_id  ·  "reveal:<id>"  →  which field, by whom, when
"""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import KeyMap, Table, named, query_page
from chalicelib.kit.values import AgentId, CustomerId
from chalicelib.protocol.values import AgentBrief

REVEAL = "reveal:"


class RevealItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    field = UnicodeAttribute()
    at = NumberAttribute()
    by_id = UnicodeAttribute()
    by_name = UnicodeAttribute()


@dataclass(frozen=True)
class Reveal:
    id: str
    field: str
    at: datetime
    by: AgentBrief


class RevealStore:
    def note(self, customer_id: CustomerId, reveal: Reveal) -> None:
        RevealItem(
            customer_id,
            REVEAL + reveal.id,
            field=reveal.field,
            at=to_ms(reveal.at),
            by_id=reveal.by.id,
            by_name=reveal.by.name,
        ).save(condition=RevealItem.customer_id.does_not_exist())

    def page(self, customer_id: CustomerId, limit: int, cursor: str | None) -> Slice[Reveal]:
        """Newest first."""
        start: KeyMap | None = None
        if cursor:
            part = REVEAL + from_cursor(cursor, id=SOME_ID)["id"]
            start = {"customer_id": {"S": customer_id}, "part": {"S": part}}
        where = RevealItem.part.startswith(REVEAL)
        page = query_page(RevealItem, customer_id, where, newest_first=True, limit=limit, after=start)
        more = to_cursor({"id": page.last_key["part"]["S"].removeprefix(REVEAL)}) if page.last_key else None
        return Slice([_read(RevealItem.from_raw_data(raw)) for raw in page.items], more)


def _read(item: RevealItem) -> Reveal:
    by = AgentBrief(id=AgentId(item.by_id), name=item.by_name)
    return Reveal(item.part.removeprefix(REVEAL), item.field, from_ms(item.at), by)
