"""Handing waiting sessions to agents. `drain` answers every event that could help; the minute's sweep is the net."""

from bisect import insort
from collections.abc import Callable
from datetime import timedelta

from chalicelib.agents.model import SLOT, Agent, AgentUnable, Weights
from chalicelib.agents.store import AgentStore, ready, slot_taken
from chalicelib.connections.model import Person
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.model import Candidate, Considered, Explanation, choose
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Conflict
from chalicelib.kit.log import Log
from chalicelib.kit.table import Condition, Write
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.protocol.events import QueueMoved
from chalicelib.protocol.values import SystemLine
from chalicelib.queues.model import Member, Queue
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.model import NoSuchSession, NotQueued, Session, assigned_line
from chalicelib.sessions.service import Sessions, anyone
from chalicelib.sessions.store import Read, SessionStore, Waits

LOOKED_AT = 20
"""Sessions looked at from a queue's front in one drain; also how far positions are exact and pushed."""
USUAL_TALK = timedelta(minutes=4)
"""The handling time that waits are estimated from until figures are kept."""


class DeskFull(Conflict):
    """No free slot to take it with."""


class Dispatch:
    def __init__(
        self,
        store: SessionStore,
        sessions: Sessions,
        agents: AgentStore,
        queues: QueueStore,
        delivery: Delivery,
        log: Log,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._agents = agents
        self._queues = queues
        self._delivery = delivery
        self._log = log
        self._now = clock
        self._machine_now = machine_clock

    def drain(self, queue_id: QueueId, newly: Session | None = None) -> int:
        """Assigns from the queue's front until nobody is free or nothing waits. Returns how many.

        `newly`: has just been queued, which the index may not have heard of yet.
        """
        queue = self._queues.get(queue_id)
        if queue.mode != "auto":
            return 0
        waiting = self._front(queue_id, newly)
        candidates = self._candidates(queue_id) if waiting else []
        assigned = 0
        for session_id in waiting:
            prefers = newly.prefers if newly and newly.id == session_id else None
            try:
                candidates, served = self._serve(queue, session_id, candidates, prefers)
            except Exception as error:  # noqa: BLE001  # one session's trouble keeps nobody behind it waiting
                self._log(what="claim", session_id=session_id, queue_id=queue_id, error=repr(error))
                continue
            if served is None:
                break
            assigned += served
        if assigned or newly:
            self.tell_positions(queue_id)
        return assigned

    def ring(self, queue_id: QueueId, newly: Session | None = None) -> None:
        """A doorbell: what was stored stands whatever fails here, and the minute's net makes it good."""
        self._quietly(lambda: self.drain(queue_id, newly))

    def ring_for(self, agent: Agent) -> None:
        """After something made this agent able: all their queues."""
        for queue_id in sorted(agent.queue_ids):
            self.ring(queue_id)

    def freed(self, session: Session) -> None:
        """A slot is free, which may be what somebody waits for: in this queue or another of the agent's."""
        agent = session.agent
        if agent:
            self._quietly(lambda: self.ring_for(self._agents.get(agent.id)))

    def moved_up(self, queue_id: QueueId) -> None:
        """Somebody left the queue: those behind hear their new places."""
        self._quietly(lambda: self.tell_positions(queue_id))

    def _quietly(self, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001
            self._log(what="doorbell", error=repr(error))

    def _front(self, queue_id: QueueId, newly: Session | None) -> list[SessionId]:
        waiting = self._store.waiting(queue_id, LOOKED_AT)
        if newly is not None and newly.waits_in_queue:
            its_place = Waits(newly.rank, newly.id)
            if its_place not in waiting:
                insort(waiting, its_place)
        return [w.session_id for w in waiting[:LOOKED_AT]]

    def _serve(
        self, queue: Queue, session_id: SessionId, candidates: list[Candidate], prefers: AgentId | None
    ) -> tuple[list[Candidate], bool | None]:
        """Finds an agent for this one session before any behind it is looked at.

        The candidates as they are now; whether it was assigned; None: nobody is able, whoever comes next. Whom only this
        session can't go to may serve those behind it.
        """
        refused: set[AgentId] = set()
        while True:
            chosen, why = choose(queue, candidates, self._machine_now(), self._now(), refused, prefers)
            if chosen is None:
                return candidates, False if refused else None
            try:
                self._claim(session_id, chosen, why, Weights.of_queue(queue), self._ready(queue))
            except AgentUnable:
                refused.add(chosen.agent.id)
                candidates = self._candidates(queue.id)
            except (NotQueued, NoSuchSession):
                return candidates, False  # another function got there first: its dispatch, its event
            else:
                return [c.busier(self._now()) if c is chosen else c for c in candidates], True

    def can_serve(self, queue_id: QueueId) -> bool:
        """Whether somebody could take a session of this queue at once."""
        queue = self._queues.get(queue_id)
        return choose(queue, self._candidates(queue_id), self._machine_now(), self._now())[0] is not None

    def _ready(self, queue: Queue) -> Condition:
        return ready(self._machine_now(), self._now(), ignores_duty=queue.ignore_duty)

    def take(self, agent: Agent, session: Session) -> None:
        """An agent takes a waiting session by their own choice, within their capacity. Having it already is no error."""
        if session.owner_id == agent.id:
            return
        member = self._queues.find_member(session.queue_id, agent.id) or Member(agent_id=agent.id)
        candidate = Candidate(agent, member)
        considered = Considered(
            agent_id=agent.id, name=agent.alias, load=agent.load / SLOT, capacity=candidate.limit / SLOT
        )
        why = Explanation(strategy="taken", chosen=agent.id, candidates=[considered])
        if agent.load + SLOT > candidate.limit:
            raise DeskFull("You have no free slot. End or file a conversation first.")
        try:
            self._claim(session.id, candidate, why, Weights.of_queue(self._queues.get(session.queue_id)))
        except AgentUnable as error:
            raise DeskFull(
                "Your desk filled up or changed just now. Look again, and try once more."
            ) from error
        self.tell_positions(session.queue_id)

    def give(self, session: Session, to: Agent) -> bool:
        """A waiting session goes to this very agent, if they have room and are here; whether it did."""
        queue = self._queues.get(session.queue_id)
        candidate = Candidate(to, self._queues.find_member(queue.id, to.id) or Member(agent_id=to.id))
        considered = Considered(
            agent_id=to.id, name=to.alias, load=to.load / SLOT, capacity=candidate.limit / SLOT
        )
        why = Explanation(strategy="handed_over", chosen=to.id, candidates=[considered])
        here = ready(self._machine_now(), self._now())
        try:
            self._claim(session.id, candidate, why, Weights.of_queue(queue), here)
        except (AgentUnable, NotQueued, NoSuchSession):
            return False
        return True

    def _claim(
        self,
        session_id: SessionId,
        by: Candidate,
        why: Explanation,
        weights: Weights,
        only_if: Condition | None = None,
    ) -> None:
        """Session and slot in one transaction; `only_if`: the house assigns it, and not to one who let it go. Raises `NotQueued` where somebody else was quicker, `AgentUnable` where the
        agent can't any more; a message that takes the place first is gone behind.
        """
        agent, now = by.agent, self._now()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if only_if is not None and agent.id in read.session.tried:
                raise AgentUnable
            return read.session.claimed(agent.brief, now, weights), assigned_line(agent.brief)

        def slot(_: Session, after: Session) -> list[Write]:
            return [slot_taken(agent, by.limit, after.id, now, only_if=only_if)]

        self._sessions.move(session_id, SYSTEM, anyone, decide, also=slot, why=why.model_dump_json())

    def tell_positions(self, queue_id: QueueId) -> None:
        """Each of the first who wait hears their place."""
        position = 0
        for waits in self._store.waiting(queue_id, LOOKED_AT):
            try:
                session = self._store.tail(waits.session_id, consistent=False).session
            except NoSuchSession:
                continue
            if session.waits_in_queue:
                position += 1
                event = moved_to(session.id, position)
                self._delivery.tell_person(Person("customer", session.customer_id), event)

    def position(self, session: Session) -> QueueMoved:
        """Where a session stands in its queue."""
        position = self._store.position(session, LOOKED_AT)
        return moved_to(session.id, position if position <= LOOKED_AT else None)

    def _candidates(self, queue_id: QueueId) -> list[Candidate]:
        members = {m.agent_id: m for m in self._queues.members(queue_id)}
        return [Candidate(a, members[a.id]) for a in self._agents.several(sorted(members))]


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
