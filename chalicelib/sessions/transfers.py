"""Handing a session to a queue: its agent is free at once, it keeps its time and moves forward, and may be had back until taken. Pure.

To an agent a transfer is an offer (`offers`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from chalicelib.agents.model import Weights
from chalicelib.kit.errors import Conflict
from chalicelib.kit.values import QueueId
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import AgentBrief, Segment
from chalicelib.sessions.model import HandedOver, NotActive, Session

MOST_TRANSFERS: Final = 5
BOOST: Final = 1
"""Steps of priority that a session moves forward by for having been handed on."""


class TooManyTransfers(Conflict):
    """It was handed on so often that a supervisor must."""


class NotHandedOver(Conflict):
    """Nothing of yours is on its way to somebody else."""


def handed_to_queue(
    session: Session,
    by: AgentBrief,
    queue_id: QueueId,
    skills: Sequence[SkillLevel],
    comment: str,
    now: datetime,
) -> Session:
    """Having done so just now is not an error: the first answer may have been lost."""
    if (
        session.unserved
        and session.handed_over
        and session.handed_over.by == by
        and session.queue_id == queue_id
    ):
        return session
    if session.state not in ("active", "on_hold") or session.agent is None:
        raise NotActive("Only a conversation that somebody serves can be handed on.")
    return session.back_in_queue(
        now,
        "transferred",
        tried=frozenset({session.agent.id}),
        queue_id=queue_id,
        required_skills=tuple(skills),
        comment=comment,
        transfers=session.transfers + 1,
        boost=BOOST,
        handed_over=HandedOver(
            by=by, from_queue_id=session.queue_id, required_skills=session.required_skills
        ),
    )


def pulled_back(session: Session, by: AgentBrief, now: datetime, offer_id: str, weights: Weights) -> Session:
    """Onto the desk it came from. Back there already: nothing changes."""
    last = session.segments[-1] if session.segments else None
    if session.owner_id == by.id and last and last.how == "pulled_back":
        return session
    handed_over = session.handed_over
    if not session.unserved or handed_over is None or handed_over.by.id != by.id:
        raise NotHandedOver("Nothing of yours can be pulled back here: somebody has it, or it has ended.")
    period = Segment(
        queue_id=handed_over.from_queue_id, agent=by, started_at=now, how="pulled_back", offer_id=offer_id
    )
    return replace(
        session.given(by, now, period, weights, "pulled_back"),
        required_skills=handed_over.required_skills,
        transfers=session.transfers - 1,
    )


def overflowed(session: Session, queue_id: QueueId, skills: Sequence[SkillLevel], now: datetime) -> Session:
    """On to another queue, whose agents may serve it too, with the time it had."""
    if not session.waits_in_queue:
        return session
    return session.moved(
        now,
        queue_id=queue_id,
        required_skills=tuple(skills),
        tried=frozenset(),
        segments=(
            *session.segments_until(now, "overflowed", to_queue_id=queue_id),
            Segment(queue_id=queue_id, started_at=now),
        ),
    )
