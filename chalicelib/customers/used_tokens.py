"""Identity tokens that were used, until they would have run out: each is good once.

    connections  "identity:<source>:<fingerprint of jti>" · "used"

One write unit a sign-in; TTL collects them.
"""

from datetime import datetime, timedelta

from pynamodb.attributes import TTLAttribute, UnicodeAttribute

from chalicelib.kit.ids import fingerprint
from chalicelib.kit.table import Table, named, put_if_absent


class UsedItem(Table):
    class Meta(Table.Meta):
        table_name = named("connections")

    person = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    by = UnicodeAttribute()
    expires = TTLAttribute()


def used_now(source_id: str, jti: str, by: str, until: datetime) -> bool:
    """Whether this is its first use. `by` names the use: one's own write whose response was lost is no other."""
    item = UsedItem(
        f"identity:{source_id}:{fingerprint(jti)}", "used", by=by, expires=until + timedelta(hours=1)
    )
    stood = put_if_absent(item, UsedItem.person)
    return stood is None or stood["by"]["S"] == by
