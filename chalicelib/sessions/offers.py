"""Offers: a session is put to one agent, who accepts it in time, or it goes back to where it was. Pure.

The house offers what waits (`offered` out of the queue, its time kept); an agent offers what is theirs, and keeps it meanwhile.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from chalicelib.agents.model import Weights
from chalicelib.kit.errors import Conflict
from chalicelib.kit.values import AgentId
from chalicelib.protocol.values import AgentBrief, Offer, Segment, SystemLine
from chalicelib.sessions.model import CAME_BY_ITSELF, LOOK_AFTER, NotActive, NotQueued, Session

Unanswered = Literal["declined", "expired", "withdrawn"]


class OfferGone(Conflict):
    """It is not offered to you any more: declined, withdrawn, or somebody else has it."""


class OfferExpired(Conflict):
    """The time for answering it is over."""


class OfferPending(Conflict):
    """It is offered to somebody already."""


def offered(session: Session, offer: Offer, now: datetime) -> Session:
    """Out of the queue, or beside its owner."""
    if offer.how == "ring":
        if not session.waits_in_queue:
            raise NotQueued("This conversation does not wait any more: somebody took it, or it has ended.")
        return session.moved(now, state="offered", offer=offer, check_at=offer.deadline)
    if session.state not in ("active", "on_hold") or offer.by is None or session.owner_id != offer.by.id:
        raise NotActive("Only a conversation that you serve can be handed on.")
    if session.offer is not None:
        raise OfferPending(
            f"This conversation is offered to {session.offer.agent.name} already. Wait, or cancel."
        )
    return session.moved(now, offer=offer, check_at=offer.deadline)


def accepted(session: Session, agent: AgentBrief, now: datetime, weights: Weights) -> Session:
    """Theirs. Accepting twice is not an error: the first answer may have been lost."""
    offer = session.offer
    if offer is None or offer.agent.id != agent.id:
        if session.owner_id == agent.id and session.state == "active":
            return session
        raise OfferGone("This conversation is not offered to you any more.")
    if now >= offer.deadline:
        raise OfferExpired("This offer has expired. The conversation goes on to somebody else.")
    period = Segment(
        queue_id=session.queue_id,
        agent=agent,
        started_at=now,
        how=offer.how,
        offer_id=offer.offer_id,
        offered_at=offer.made_at,
        accepted_at=now,
    )
    if offer.how == "ring":
        return session.given(agent, now, period, weights)
    given = session.given(agent, now, period, weights, "transferred", offer.comment)
    return replace(given, transfers=session.transfers + 1)


def unanswered(session: Session, agent_id: AgentId, how: Unanswered, now: datetime) -> Session:
    """Back to the queue with its time, or still its owner's; and not to this agent again while that lasts.

    Declining what one declined already is not an error.
    """
    offer = session.offer
    if offer is None or offer.agent.id != agent_id:
        if how == "declined" and agent_id in session.tried | session.declined:
            return session
        raise OfferGone("This conversation is not offered to you any more.")
    if offer.how == "ring":
        facts: dict[str, Any] = {"state": "queued", "tried": session.tried | {agent_id}}
    elif how == "withdrawn":
        facts = {}
    else:
        facts = {"declined": session.declined | {agent_id}}
    return session.moved(now, offer=None, check_at=now + LOOK_AFTER, **facts)


def lapsed(session: Session, now: datetime) -> Session:
    """Without an answer in time. One that was answered, or has time yet, stays as it is."""
    offer = session.offer
    if offer is None or now < offer.deadline:
        return session
    return unanswered(session, offer.agent.id, "expired", now)


def reply_due_at(session: Session, limit_s: int) -> datetime | None:
    """By when whoever got it by itself must have said something; None where nothing is due."""
    last = session.segments[-1] if session.segments else None
    came_by_itself = last is not None and last.how in CAME_BY_ITSELF
    if session.state != "active" or session.replied_at or not session.assigned_at or not came_by_itself:
        return None
    return session.assigned_at + timedelta(seconds=limit_s)


def missed(session: Session, limit_s: int, now: datetime) -> Session:
    """Nobody answered in time: on to the next with the time it had, and never back to this one. Answered meanwhile: nothing."""
    due = reply_due_at(session, limit_s)
    if due is None or now < due or session.owner_id is None:
        return session
    return session.back_in_queue(now, "missed", tried=session.tried | {session.owner_id})


def unanswered_line(offer: Offer, how: Unanswered, reason: str = "") -> SystemLine:
    about = {"agent": offer.agent.name} | ({"reason": reason} if reason else {})
    if offer.how == "ring":
        return SystemLine(code="offer_declined" if how == "declined" else "offer_expired", about=about)
    match how:
        case "declined":
            return SystemLine(code="transfer_declined", about=about)
        case "expired":
            return SystemLine(code="transfer_expired", about=about)
        case "withdrawn":
            return SystemLine(code="transfer_cancelled", about=about)
