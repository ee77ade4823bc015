"""What dispatch stands on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.agents.model import Agent
from chalicelib.agents.presence import Presence
from chalicelib.agents.store import AgentStore
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.model import Candidate, Instants
from chalicelib.kit.clock import Clock
from chalicelib.kit.ids import Ids
from chalicelib.kit.log import Log
from chalicelib.kit.outside import Later
from chalicelib.kit.values import AgentId, SessionId
from chalicelib.queues.model import Member, Queue
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.model import Session
from chalicelib.sessions.service import Sessions
from chalicelib.sessions.skills import Skills
from chalicelib.sessions.store import SessionStore
from chalicelib.sessions.telling import Telling
from chalicelib.sources.model import way_of
from chalicelib.sources.store import SourceStore

A_SWEEP: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Ground:
    store: SessionStore
    sessions: Sessions
    agents: AgentStore
    presence: Presence
    queues: QueueStore
    sources: SourceStore
    delivery: Delivery
    telling: Telling
    ids: Ids
    later: Later
    log: Log
    clock: Clock
    machine_clock: Clock

    @property
    def now(self) -> Instants:
        return Instants(self.clock(), self.machine_clock())

    def look_at(self, session_id: SessionId, at: datetime) -> None:
        """Asks to be looked at again then, if that comes before the minute's sweep. What is stored stands whether or not it is heard."""
        after = at - self.clock()
        if after >= A_SWEEP:
            return
        try:
            self.later.look(session_id, after)
        except Exception as error:  # noqa: BLE001
            self.log(what="later", session_id=session_id, error=repr(error))

    def asked(self, queue: Queue, session: Session) -> Skills:
        """What a session asks for in a queue: what the queue does, and its category."""
        by_id = {c.id: c for c in self.sources.categories()}
        chosen = by_id.get(session.category_id) if session.category_id else None
        if chosen is None:
            return Skills.of(queue.required_skills)
        way = way_of(chosen, by_id, self.sources.get(session.source_id))
        return Skills.of(queue.required_skills, way.required_skills)

    def candidates(self, queue: Queue) -> list[Candidate]:
        """The members of a queue as they are: a Query, and a request per hundred."""
        members = {m.agent_id: m for m in self.queues.members(queue.id)}
        return [Candidate(a, members[a.id]) for a in self.agents.several(sorted(members))]

    def candidate(self, agent: Agent, queue: Queue) -> Candidate:
        """One who may be none of its members: then their own capacity alone limits them."""
        return Candidate(
            agent, self.queues.find_member(queue.id, agent.id) or Member(agent_id=AgentId(agent.id))
        )
