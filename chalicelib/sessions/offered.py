"""Every offer and assignment of a session with why, beside its log, so that the log does not grow with the members of a queue.

    offers:<session>  ·  <offer_id>   who, when, how, what became of it, and the explanation, packed

Written in the transaction that it explains: 2 write units to a kilobyte, 200 candidates are about six. Read a page a Query.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kit.clock import from_ms, from_ms_or_none, to_ms
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import Put, Table, Update, named, query_all, query_page
from chalicelib.kit.values import AgentId, SessionId
from chalicelib.protocol.offers import Explanation, Offered, Outcome
from chalicelib.protocol.values import HowGot, Offer, SystemLine
from chalicelib.sessions.model import Session

_OF = "offers:"


class OfferItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    agent_id = UnicodeAttribute()
    at = NumberAttribute()
    how = UnicodeAttribute()
    deadline = NumberAttribute(null=True)
    comment = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    outcome_at = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    why = BinaryAttribute(legacy_encoding=False)


class OfferStore:
    def page(self, session_id: SessionId, limit: int, cursor: str | None) -> Slice[Offered]:
        """Oldest first."""
        start = None
        if cursor:
            place = from_cursor(cursor, id=SOME_ID)["id"]
            start = {"session_id": {"S": _OF + session_id}, "place": {"S": place}}
        page = query_page(OfferItem, _OF + session_id, limit=limit, after=start, consistent=True)
        more = to_cursor({"id": page.last_key["place"]["S"]}) if page.last_key else None
        return Slice([_offered(session_id, raw) for raw in page.items], more)

    def erase(self, session_id: SessionId) -> None:
        for raw in query_all(OfferItem, _OF + session_id, consistent=True):
            OfferItem(_OF + session_id, raw["place"]["S"]).delete()


def assigned(
    session_id: SessionId, offer_id: str, agent_id: str, at: datetime, how: HowGot, why: Explanation
) -> Put:
    """The write that comes with an assignment."""
    return Put(_item(session_id, offer_id, agent_id, at, how, why))


def offer_made(session_id: SessionId, offer: Offer, why: Explanation) -> Put:
    """The write that comes with an offer."""
    item = _item(session_id, offer.offer_id, offer.agent.id, offer.made_at, offer.how, why)
    item.deadline = to_ms(offer.deadline)
    item.comment = offer.comment or None
    return Put(item)


def outcomes(
    before: Session, after: Session, line: SystemLine, at: datetime, missed_by: AgentId | None = None
) -> Sequence[Update]:
    """The write that comes with the end of an offer, or of what nobody answered: what became of it, as the line says."""
    last = before.segments[-1] if before.segments else None
    if before.offer is not None and before.offer != after.offer:
        outcome = "accepted" if after.owner_id == before.offered_to else _BECAME.get(line.code, "withdrawn")
        return [_ended(before.id, before.offer.offer_id, outcome, at, line.about.get("reason", ""))]
    if missed_by is not None and last is not None and last.offer_id:
        return [_ended(before.id, last.offer_id, "missed", at)]
    return []


_BECAME: Final[Mapping[str, Outcome]] = {
    "offer_declined": "declined",
    "transfer_declined": "declined",
    "offer_expired": "expired",
    "transfer_expired": "expired",
}


def _ended(session_id: SessionId, offer_id: str, outcome: Outcome, at: datetime, reason: str = "") -> Update:
    actions = [OfferItem.outcome.set(outcome), OfferItem.outcome_at.set(to_ms(at))]
    if reason:
        actions.append(OfferItem.reason.set(reason))
    item = OfferItem(_OF + session_id, offer_id)
    return Update(item, actions, OfferItem.session_id.exists(), if_needed=True)


def _item(
    session_id: SessionId, offer_id: str, agent_id: str, at: datetime, how: HowGot, why: Explanation
) -> OfferItem:
    return OfferItem(
        _OF + session_id,
        offer_id,
        agent_id=agent_id,
        at=to_ms(at),
        how=how,
        why=zlib.compress(why.model_dump_json().encode()),
    )


def _offered(session_id: SessionId, raw: dict[str, Any]) -> Offered:
    item = OfferItem.from_raw_data(raw)
    return Offered(
        offer_id=item.place,
        session_id=session_id,
        agent_id=item.agent_id,
        at=from_ms(item.at),
        how=item.how,
        deadline=from_ms_or_none(item.deadline),
        outcome=item.outcome,
        ended_at=from_ms_or_none(item.outcome_at),
        reason=item.reason or "",
        comment=item.comment or "",
        explanation=Explanation.model_validate_json(zlib.decompress(item.why)),
    )
