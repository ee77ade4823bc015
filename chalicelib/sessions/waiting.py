"""A session that waits, as dispatch sees it: all that is asked to serve it, without reading it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kit.values import AgentId, CustomerId, QueueId, SessionId
from chalicelib.sessions.model import Session
from chalicelib.sessions.skills import NO_SKILLS, Skills


@dataclass(frozen=True, kw_only=True)
class Waits:
    """`since`: when this wait in this queue began. `tried`: who let it go meanwhile; `prefers`: who served its customer before, and
    is waited for until `kept_until`.

    `ahead_of_its_time`: those who wait longer than it may stand behind it.
    """

    session_id: SessionId
    queue_id: QueueId
    rank: str
    skills: Skills = NO_SKILLS
    since: datetime
    tried: frozenset[AgentId] = frozenset()
    prefers: AgentId | None = None
    kept_until: datetime | None = None
    ahead_of_its_time: bool = False

    @classmethod
    def of(cls, session: Session) -> "Waits":
        return cls(
            session_id=session.id,
            queue_id=session.queue_id,
            rank=session.rank,
            skills=Skills(session.required_skills),
            since=session.waits_in_queue_since or session.created_at,
            tried=session.tried,
            prefers=session.prefers,
            kept_until=session.kept_until,
            ahead_of_its_time=session.priority + session.boost > 0,
        )


@dataclass(frozen=True, order=True)
class Place:
    """Somebody's place in a queue. They sort as they stand."""

    rank: str
    session_id: SessionId
    customer_id: CustomerId
