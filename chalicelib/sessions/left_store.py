"""Finding left messages: the index `left`, by queue. The session item decides.

A page of the tab costs a Query a queue, whatever was answered and closed before.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import merge
from typing import Final

from chalicelib.kit.clock import to_ms
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import query_page
from chalicelib.kit.values import QueueId, SessionId
from chalicelib.sessions.items import (
    LEFT_ANSWERED,
    LEFT_CLOSED,
    LEFT_OWNED,
    LEFT_UNOWNED,
    SessionItem,
)

_RANGES: Final = {
    None: (LEFT_UNOWNED, LEFT_CLOSED),
    "left_message": (LEFT_UNOWNED, LEFT_ANSWERED),
    "answered": (LEFT_ANSWERED, LEFT_CLOSED),
    "closed": (LEFT_CLOSED, "5:"),
}
"""Which part of the index a state is; none named: all that is not closed."""


class LeftStore:
    def nobodys(self, queue_id: QueueId, limit: int) -> list[SessionId]:
        """Those nobody takes care of, the first due first."""
        where = SessionItem.left_place.between(LEFT_UNOWNED, LEFT_OWNED)
        page = query_page(SessionItem, queue_id, where, index="left", limit=limit)
        return [SessionId(raw["session_id"]["S"]) for raw in page.items]

    def page(
        self, queue_ids: Iterable[QueueId], state: str | None, limit: int, cursor: str | None
    ) -> Slice[SessionId]:
        """Of several queues together, in one order."""
        first, end = _RANGES[state]
        if cursor:
            first = from_cursor(cursor, place=rf"[1-4]:\d{{15}}:{SOME_ID}")["place"] + "!"
        places = list(merge(*(self._places(q, first, end, limit + 1) for q in queue_ids)))
        more = to_cursor({"place": places[limit - 1]}) if len(places) > limit else None
        return Slice([_session_in(place) for place in places[:limit]], more)

    def count(self, queue_ids: Iterable[QueueId], at_most: int) -> int:
        """How many are to be answered, counted no further."""
        found = 0
        for queue_id in queue_ids:
            if found < at_most:
                found += len(self._places(queue_id, LEFT_UNOWNED, LEFT_ANSWERED, at_most - found))
        return found

    def untouched_since(self, queue_id: QueueId, due_before: datetime) -> Iterator[SessionId]:
        """Left, nobody's, and due before an instant: what retention lets go."""
        places = self._places(queue_id, LEFT_UNOWNED, f"{LEFT_UNOWNED}{to_ms(due_before):015d}", 100)
        yield from map(_session_in, places)

    @staticmethod
    def _places(queue_id: QueueId, first: str, end: str, limit: int) -> list[str]:
        where = SessionItem.left_place.between(first, end)
        page = query_page(SessionItem, queue_id, where, index="left", limit=limit)
        return [raw["left_place"]["S"] for raw in page.items]


def _session_in(place: str) -> SessionId:
    return SessionId(place.split(":", 2)[2])
