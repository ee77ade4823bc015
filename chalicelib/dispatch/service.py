"""Handing waiting sessions to agents. `drain` answers every event that could help; the minute's sweep is the net."""

from collections.abc import Callable, Sequence

from chalicelib.agents.model import SLOT, Agent, AgentUnable
from chalicelib.dispatch.claims import Claims
from chalicelib.dispatch.drain import Drain
from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.model import Choice, choose
from chalicelib.dispatch.places import Places
from chalicelib.kit.errors import Conflict
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.protocol.events import QueueMoved
from chalicelib.protocol.offers import Explanation
from chalicelib.queues.model import Queue
from chalicelib.sessions.model import NoSuchSession, NotQueued, Session
from chalicelib.sessions.skills import Skills
from chalicelib.sessions.waiting import Waits

_NEVER_QUEUED = SessionId("")


class DeskFull(Conflict):
    """No free slot to take it with."""


class Dispatch:
    def __init__(self, ground: Ground) -> None:
        self._on = ground
        self._claims = Claims(ground)
        self._places = Places(ground.store, ground.delivery)

    def drain(self, queue_id: QueueId, newly: Session | None = None) -> int:
        """Assigns from the queue's front until nobody is free or nothing waits. Returns how many.

        `newly`: has just been queued, which the index may not have heard of yet.
        """
        return self._drain([queue_id], newly)

    def _drain(self, queue_ids: Sequence[QueueId], newly: Session | None = None) -> int:
        drain = Drain(self._on, self._claims)
        queues = [self._on.queues.get(queue_id) for queue_id in queue_ids]
        waits = Waits.of(newly) if newly and newly.waits_in_queue else None
        drain.run(queues, waits)
        for queue_id in queue_ids:
            gone = {w.session_id: w.rank for w in drain.served if w.queue_id == queue_id}
            new = newly if newly and newly.queue_id == queue_id and newly.id not in gone else None
            if gone or new:
                behind = min([*gone.values(), *([new.rank] if new else [])])
                self._places.tell(queue_id, behind, gone, new)
        return len(drain.served)

    def ring(self, queue_id: QueueId, newly: Session | None = None) -> None:
        """A doorbell: what was stored stands whatever fails here, and the minute's net makes it good."""
        self._quietly(lambda: self.drain(queue_id, newly))

    def ring_for(self, agent: Agent) -> None:
        """After something made this agent able: of all their queues, whoever comes first."""
        self._quietly(lambda: self._drain(sorted(agent.queue_ids)))

    def freed(self, session: Session) -> None:
        """A slot is free, which may be what somebody waits for: in this queue or another of the agent's."""
        if session.agent:
            self.freed_of(session.agent.id)

    def freed_of(self, agent_id: AgentId) -> None:
        """Whose desk is empty by now may want to be something else."""
        self._quietly(lambda: self.ring_for(self._on.presence.take_next(self._on.agents.get(agent_id))))

    def moved_up(self, queue_id: QueueId, left: Session | None = None) -> None:
        """Somebody left the queue: those behind hear their new places."""
        behind, gone = (left.rank, {left.id}) if left else ("", set[SessionId]())
        self._quietly(lambda: self._places.tell(queue_id, behind, gone))

    def _quietly(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001
            self._on.log(what="doorbell", error=repr(error))

    def can_serve(self, queue_id: QueueId) -> bool:
        """Whether somebody could take a session of this queue at once."""
        queue = self._on.queues.get(queue_id)
        return self.would_serve(queue, Skills.of(queue.required_skills)).chosen is not None

    def would_serve(self, queue: Queue, asked: Skills, prefers: AgentId | None = None) -> Choice:
        """Who would get a session that asks for this now, by the very rules that assign it."""
        waits = Waits(
            session_id=_NEVER_QUEUED,
            queue_id=queue.id,
            rank="",
            skills=asked,
            since=self._on.clock(),
            prefers=prefers,
        )
        return choose(queue, waits, self._on.candidates(queue), self._on.now)

    def take(self, agent: Agent, session: Session) -> None:
        """An agent takes a waiting session by their own choice, within their capacity. Having it already is no error."""
        if session.owner_id == agent.id:
            return
        queue = self._on.queues.get(session.queue_id)
        candidate = self._on.candidate(agent, queue)
        considered = candidate.considered(Skills(session.required_skills), None)
        why = Explanation(strategy="taken", chosen=agent.id, candidates=[considered])
        if agent.load + SLOT > candidate.limit:
            raise DeskFull("You have no free slot. End or file a conversation first.")
        try:
            self._claims.take(session.id, candidate, why, queue)
        except AgentUnable as error:
            raise DeskFull(
                "Your desk filled up or changed just now. Look again, and try once more."
            ) from error
        self.moved_up(session.queue_id, session)

    def give(self, session: Session, to: Agent) -> bool:
        """A waiting session goes to this very agent, if they have room and are here; whether it did."""
        queue = self._on.queues.get(session.queue_id)
        candidate = self._on.candidate(to, queue)
        considered = candidate.considered(Skills(session.required_skills), None)
        why = Explanation(strategy="handed_over", chosen=to.id, candidates=[considered])
        try:
            self._claims.assign(session.id, candidate, why, queue)
        except (AgentUnable, NotQueued, NoSuchSession):
            return False
        return True

    def position(self, session: Session) -> QueueMoved:
        """Where a session stands in its queue."""
        return self._places.of(session)
