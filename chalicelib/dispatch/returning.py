"""Whom a customer who comes again is meant for."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.kit.values import AgentId, CustomerId
from chalicelib.sessions.store import SessionStore

RETURNS_WITHIN: Final = timedelta(hours=24)


def served_last(store: SessionStore, customer_id: CustomerId, now: datetime) -> AgentId | None:
    """Who served this customer's last session, if that is not long ago."""
    newest = store.of_customer(customer_id, 1).items
    if not newest:
        return None
    session = store.tail(newest[0], consistent=False).session
    recent = session.ended_at is not None and now - session.ended_at < RETURNS_WITHIN
    return session.owner_id if recent else None
