"""Telling who is silent, and who looks after them; and letting somebody else go on. Twice or late makes no difference."""

from dataclasses import dataclass

from chalicelib.agents.model import SLOT, Agent
from chalicelib.agents.store import AgentStore
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.service import Dispatch
from chalicelib.kit.clock import Clock
from chalicelib.kit.values import AgentId
from chalicelib.protocol.events import ReplyLate, ReplyPrompted
from chalicelib.protocol.values import SystemLine
from chalicelib.queues.model import Member
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.model import Session
from chalicelib.sessions.prompting import AGENT, OfferAnew, Prompt, silent
from chalicelib.sessions.service import Sessions, anyone
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.telling import Telling


@dataclass(frozen=True)
class Prompting:
    store: SessionStore
    sessions: Sessions
    agents: AgentStore
    queues: QueueStore
    dispatch: Dispatch
    telling: Telling
    delivery: Delivery
    clock: Clock
    machine_clock: Clock

    def act(self, session: Session, due: Prompt | OfferAnew) -> bool:
        """Whether the session was changed."""
        if isinstance(due, OfferAnew):
            return self._offer_anew(session, due)
        self._prompt(session, due)
        return False

    def _prompt(self, session: Session, due: Prompt) -> None:
        """Whoever notes it first tells it."""
        if not self.store.prompted(session, due.mark, due.at):
            return
        waits_since = session.waits_since or session.created_at
        if due.step == AGENT:
            self.telling.to_agent(session, ReplyPrompted(session_id=session.id, waits_since=waits_since))
            return
        late = ReplyLate(
            session_id=session.id, queue_id=session.queue_id, agent=session.agent, waits_since=waits_since
        )
        self.delivery.tell_watchers(f"queue:{session.queue_id}", {"team": late})

    def _offer_anew(self, session: Session, due: OfferAnew) -> bool:
        """Back to the front of the queue with the time it had; whom nobody else could serve stays where they are."""
        if not self._somebody_else(session):
            self.store.look_again(session, due.at)
            return False
        queue, now = self.queues.get(session.queue_id), self.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            known, line = read.session, SystemLine(code="requeued")
            waits = known.state == "active" and known.waits_for == "us"
            if not waits or known.agent is None or not isinstance(silent(known, queue, now), OfferAnew):
                return known, line
            return known.requeued(known.agent.id, now), line

        moved = self.sessions.move(session.id, SYSTEM, anyone, decide)
        if moved.happened:
            self.telling.changed_for(moved.before.agent, moved.after)
            self.dispatch.ring(moved.after.queue_id, newly=moved.after)
            self.dispatch.freed(moved.before)
        return moved.happened

    def _somebody_else(self, session: Session) -> bool:
        """Whether another member of the queue accepts and has room."""
        members = {m.agent_id: m for m in self.queues.members(session.queue_id)}
        tried = session.tried | ({session.agent.id} if session.agent else set[AgentId]())
        others = self.agents.several(sorted(members.keys() - tried))
        return any(self._could(agent, members[agent.id]) for agent in others)

    def _could(self, agent: Agent, member: Member) -> bool:
        capacity = agent.capacity if member.capacity is None else min(member.capacity, agent.capacity)
        return (
            agent.enabled
            and agent.connected(self.machine_clock())
            and agent.routing_status == "accepting"
            and agent.works(self.clock())
            and agent.load + SLOT <= capacity * SLOT
        )
