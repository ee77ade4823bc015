"""A left message: a session whose customer is not here to be served. Pure.

left_message ──answered──> answered ── filed, ended, its time passed ──> closed
queued ──────^   ^── nobody's, or somebody's: taken, handed out, given back
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from chalicelib.kit.errors import Conflict
from chalicelib.kit.ids import derived
from chalicelib.protocol.left_messages import Contact
from chalicelib.protocol.values import AgentBrief, Segment
from chalicelib.sessions.model import NotQueued, Session

FILED_WITHIN: Final = timedelta(hours=48)
"""How long an answered one can be filed before it closes by itself."""


class NotLeft(Conflict):
    """It is no left message, or was answered already."""


class LeftByColleague(Conflict):
    """A colleague takes care of it."""


def left(session: Session, contact: Contact, due_at: datetime, now: datetime) -> Session:
    """Out of the queue. Left already: the first answer may have been lost."""
    if session.state == "left_message":
        return session
    if session.state != "queued":
        raise NotQueued("You are being served already. End the conversation instead.")
    return replace(
        session,
        state="left_message",
        contact=contact,
        due_at=due_at,
        check_at=None,
        left_at=None,
        waits_for=None,
        waits_since=None,
        queued_at=session.queued_at or now,
        segments=(*_over(session, now, "left_message"), Segment(queue_id=session.queue_id, started_at=now)),
        version=session.version + 1,
    )


def taken(session: Session, agent: AgentBrief, now: datetime) -> Session:
    """Whose it is from now on. Theirs already is no error."""
    _is_open(session)
    if session.owner_id == agent.id:
        return session
    if session.agent is not None:
        raise LeftByColleague(f"{session.agent.name} takes care of this message.")
    return _given(session, agent, now)


def given(session: Session, agent: AgentBrief, now: datetime) -> Session:
    """By a supervisor: whoever had it."""
    _is_open(session)
    return session if session.owner_id == agent.id else _given(session, agent, now)


def given_back(session: Session, now: datetime) -> Session:
    """To nobody in particular."""
    _is_open(session)
    if session.agent is None:
        return session
    segments = (*_over(session, now, "requeued"), Segment(queue_id=session.queue_id, started_at=now))
    return replace(session, agent=None, segments=segments, version=session.version + 1)


def answered(
    session: Session, by: AgentBrief, how: Literal["email", "call", "next_visit"], now: datetime
) -> Session:
    """It lies on nobody's desk any more, and its customer is owed nothing. In this way already: the first answer may have been lost."""
    if session.state == "answered" and session.segments[-1].ended_how == f"answered_by_{how}":
        return session
    _is_open(session)
    owned = session if session.agent else _given(session, by, now)
    return replace(
        owned,
        state="answered",
        ended_at=now,
        close_reason=session.close_reason or "agent_ended",
        segments=_over(owned, now, f"answered_by_{how}"),
        wrap_up_until=now + FILED_WITHIN,
        check_at=now + FILED_WITHIN,
        version=session.version + 1,
    )


def unanswered(session: Session, now: datetime) -> Session:
    """The letter never arrived: it is work again, of the same agent if nothing else came in between."""
    if session.state not in ("answered", "closed"):
        return session
    return replace(
        session,
        state="left_message",
        agent=None,
        ended_at=None,
        closed_at=None,
        close_reason=None,
        wrap_up_until=None,
        check_at=None,
        segments=(*session.segments, Segment(queue_id=session.queue_id, started_at=now)),
        version=session.version + 1,
    )


def letter_id(session: Session) -> str:
    """What the letter that answers it now is called."""
    return derived(session.id, "answer", str(len(session.segments)))


def letters_of(session: Session) -> list[str]:
    """What any letter that answered it may be called: its periods only ever become more."""
    return [derived(session.id, "answer", str(n)) for n in range(len(session.segments) + 1)]


def _is_open(session: Session) -> None:
    if session.state != "left_message":
        raise NotLeft("This is no left message that waits for an answer: it was answered, or never left.")


def _given(session: Session, agent: AgentBrief, now: datetime) -> Session:
    period = Segment(queue_id=session.queue_id, agent=agent, started_at=now)
    segments = (*_over(session, now, "assigned"), period)
    return replace(session, agent=agent, assigned_at=now, segments=segments, version=session.version + 1)


def _over(session: Session, now: datetime, how: str) -> tuple[Segment, ...]:
    if not session.segments:
        return ()
    last = session.periods[-1].model_copy(update={"ended_at": now, "ended_how": how})
    return (*session.segments[:-1], last)
