"""The pages a customer looked at, the last fifty: a ring, so that it never grows.

    customer_id  ·  "trail"      →  how many there were
    customer_id  ·  "page:NN"    →  address, title, for how long, when; the fifty-first stands where the first stood

Noting one costs 2 write units to 1 KB, reading them half a unit to 4 KB. What is older than its source keeps it is read by nobody, and
collected by TTL.
"""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute

from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.table import Table, named, query_all
from chalicelib.kit.values import CustomerId
from chalicelib.protocol.pages import NewPage, PageSeen

MOST: Final = 50
_PAGE: Final = "page:"


class TrailItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    seen = NumberAttribute(null=True)


class PageItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    url = UnicodeAttribute()
    title = UnicodeAttribute(null=True)
    dwell_s = NumberAttribute()
    at = NumberAttribute()
    expires = TTLAttribute()


class PageStore:
    def seen(self, customer_id: CustomerId, page: NewPage, at: datetime, kept_for: timedelta) -> None:
        trail = TrailItem(customer_id, "trail")
        trail.update(actions=[TrailItem.seen.add(1)])
        PageItem(
            customer_id,
            f"{_PAGE}{int(trail.seen) % MOST:02d}",
            url=page.url,
            title=page.title or None,
            dwell_s=page.dwell_s,
            at=to_ms(at),
            expires=at + kept_for,
        ).save()

    def of(self, customer_id: CustomerId, since: datetime) -> list[PageSeen]:
        """Newest first."""
        found = []
        for raw in query_all(PageItem, customer_id, PageItem.part.startswith(_PAGE)):
            item = PageItem.from_raw_data(raw)
            at = from_ms(item.at)
            if at > since:
                seen = PageSeen(url=item.url, title=item.title or "", dwell_s=int(item.dwell_s), at=at)
                found.append(seen)
        return sorted(found, key=lambda p: p.at, reverse=True)
