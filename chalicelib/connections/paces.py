"""Counting what may be done only so often, in windows: one write each, and nobody waits for another.

"pace:<limit>:<who>"  ·  start of the window, ms  →  counted
"""

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib.kit.clock import Clock, to_ms
from chalicelib.kit.limits import Limits
from chalicelib.kit.table import Table, named, update_only, was_refused

MOST_OF_A_NAME = 200
"""Letters of who is counted: what is longer shares its count with what begins alike."""


class PaceItem(Table):
    class Meta(Table.Meta):
        table_name = named("connections")

    person = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    counted = NumberAttribute()
    expires = TTLAttribute()


class Paces:
    def __init__(self, limits: Limits, machine_clock: Clock) -> None:
        self._limits = limits
        self._now = machine_clock

    def count(self, name: str, who: str) -> None:
        """One more by `who`: one write, refused ones too. Raises RateLimited."""
        limit, now = self._limits[name], self._now()
        if limit.most is None:
            return
        window = limit.window(now)
        item = PaceItem(f"pace:{name}:{who[:MOST_OF_A_NAME]}", f"{to_ms(window):015d}")
        try:
            update_only(
                item,
                [PaceItem.counted.add(1), PaceItem.expires.set(window + 2 * limit.within)],
                PaceItem.counted.does_not_exist() | (PaceItem.counted < limit.most),
            )
        except UpdateError as error:
            if not was_refused(error):
                raise
            raise limit.exceeded(now) from error
