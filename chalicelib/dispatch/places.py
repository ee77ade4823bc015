"""Telling those who wait where they stand: each of the first, where their place has changed."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from chalicelib.connections.model import Person
from chalicelib.delivery.service import Delivery
from chalicelib.kit.values import QueueId, SessionId
from chalicelib.protocol.events import QueueMoved
from chalicelib.sessions.model import Session
from chalicelib.sessions.store import SessionStore
from chalicelib.sessions.waiting import Place

EXACT_TO: Final = 20
"""How far positions are exact, and pushed."""
USUAL_TALK = timedelta(minutes=4)
"""The handling time that waits are estimated from until figures are kept."""


class Places:
    def __init__(self, store: SessionStore, delivery: Delivery) -> None:
        self._store = store
        self._delivery = delivery

    def tell(
        self,
        queue_id: QueueId,
        behind: str,
        left: Collection[SessionId] = frozenset(),
        newly: Session | None = None,
    ) -> None:
        """To those whose rank is above `behind`, and to who is new: nobody else's place is another. The index may still have those
        who have left, and not yet who is new.
        """
        places = [p for p in self._store.waiting(queue_id, EXACT_TO + len(left)) if p.session_id not in left]
        if newly is not None and newly.waits_in_queue and newly.id not in {p.session_id for p in places}:
            places.append(Place(newly.rank, newly.id, newly.customer_id))
        new = newly.id if newly else None
        for position, place in enumerate(sorted(places)[:EXACT_TO], 1):
            if place.rank > behind or place.session_id == new:
                event = moved_to(place.session_id, position)
                self._delivery.tell_person(Person("customer", place.customer_id), event)

    def of(self, session: Session) -> QueueMoved:
        """Where a session stands in its queue."""
        position = self._store.position(session, EXACT_TO)
        return moved_to(session.id, position if position <= EXACT_TO else None)


def moved_to(session_id: SessionId, position: int | None) -> QueueMoved:
    """Position and a range of waiting, from so many usual talks ahead; beyond what is counted, neither."""
    if position is None:
        return QueueMoved(session_id=session_id, position=None)
    usual = int(USUAL_TALK.total_seconds())
    return QueueMoved(
        session_id=session_id,
        position=position,
        wait_low_s=(position - 1) * usual // 2,
        wait_high_s=position * usual,
    )
