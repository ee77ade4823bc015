"""Handing waiting sessions to agents. `drain` answers every event that could help; the minute's sweep is the net."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.agents.model import SLOT, Agent
from chalicelib.agents.store import AgentStore, ready, slot_taken
from chalicelib.connections.model import Person
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.model import Candidate, Considered, Explanation, choose
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Conflict
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Clash
from chalicelib.kit.values import MessageId, QueueId, SessionId
from chalicelib.protocol.events import QueueMoved
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import SYSTEM, Entry
from chalicelib.sessions.model import ENGLISH, NoSuchSession, NotQueued, Session, assigned_line
from chalicelib.sessions.store import SessionStore
from chalicelib.sessions.telling import Telling

LOOKED_AT = 20
"""Sessions looked at from a queue's front in one drain; also how far positions are exact and pushed."""
USUAL_TALK = timedelta(minutes=4)
"""The handling time that waits are estimated from until figures are kept."""


class DeskFull(Conflict):
    """No free slot to take it with."""


class Dispatch:
    def __init__(
        self,
        sessions: SessionStore,
        agents: AgentStore,
        queues: QueueStore,
        telling: Telling,
        delivery: Delivery,
        ids: Ids,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._agents = agents
        self._queues = queues
        self._telling = telling
        self._delivery = delivery
        self._ids = ids
        self._now = clock
        self._machine_now = machine_clock

    def drain(self, queue_id: QueueId) -> int:
        """Assigns from the queue's front until nobody is free or nothing waits. Returns how many."""
        queue = self._queues.get(queue_id)
        if queue.mode != "auto":
            return 0
        waiting = self._sessions.waiting(queue_id, LOOKED_AT).items
        if not waiting:
            return 0
        candidates = self._candidates(queue_id)
        assigned = 0
        for session_id in waiting:
            chosen, why = choose(queue, candidates, self._machine_now())
            if chosen is None:
                break
            if self._claim(session_id, chosen.agent, why) is None:
                candidates = self._candidates(queue_id)  # a race was lost: see what is true now
                continue
            assigned += 1
            busier = replace(chosen.agent, load=chosen.agent.load + SLOT, last_assigned_at=self._now())
            candidates = [replace(c, agent=busier) if c is chosen else c for c in candidates]
        self.tell_positions(queue_id)
        return assigned

    def drain_for(self, agent: Agent) -> int:
        """After something made this agent able: all their queues."""
        return sum(self.drain(queue_id) for queue_id in sorted(agent.queue_ids))

    def can_serve(self, queue_id: QueueId) -> bool:
        """Whether somebody could take a session of this queue at once."""
        queue = self._queues.get(queue_id)
        return choose(queue, self._candidates(queue_id), self._machine_now())[0] is not None

    def take(self, agent: Agent, session_id: SessionId) -> Session:
        """An agent takes a waiting session by their own choice, within their capacity."""
        if agent.load + SLOT > agent.capacity * SLOT:
            raise DeskFull("You have no free slot. End or file a conversation first.")
        considered = Considered(agent_id=agent.id, load=agent.load / SLOT, capacity=float(agent.capacity))
        why = Explanation(strategy="taken", chosen=agent.id, candidates=[considered])
        session = self._claim(session_id, agent, why, taken=True)
        if session is None:
            raise NotQueued("Somebody else was quicker: this conversation is taken.")
        self.tell_positions(session.queue_id)
        return session

    def tell_positions(self, queue_id: QueueId) -> None:
        """Each of the first who wait hears their place."""
        for position, session_id in enumerate(self._sessions.waiting(queue_id, LOOKED_AT).items, 1):
            try:
                session = self._sessions.tail(session_id, consistent=False).session
            except NoSuchSession:
                continue
            event = moved_to(session_id, position)
            self._delivery.tell_person(Person("customer", session.customer_id), event)

    def position(self, session: Session) -> QueueMoved:
        """Where a session stands in its queue."""
        position = self._sessions.position(session, LOOKED_AT)
        return moved_to(session.id, position if position <= LOOKED_AT else None)

    def _candidates(self, queue_id: QueueId) -> list[Candidate]:
        members = {m.agent_id: m for m in self._queues.members(queue_id)}
        return [Candidate(a, members[a.id]) for a in self._agents.several(sorted(members))]

    def _claim(
        self, session_id: SessionId, agent: Agent, why: Explanation, *, taken: bool = False
    ) -> Session | None:
        """Session and slot in one transaction, or None: another function got there first, its dispatch, its event."""
        now, message_id = self._now(), MessageId(self._ids.new())
        for attempt in range(LOOKED_AT):
            read = self._sessions.tail(session_id)
            try:
                after = read.session.claimed(agent.brief, now)
            except NotQueued:
                return None
            line = assigned_line(agent.brief)
            entry = Entry(
                session_id=session_id,
                seq=read.head + 1,
                message_id=message_id,
                kind="system",
                by=SYSTEM,
                sent_at=now,
                text=ENGLISH[line.code].format(**line.about),
                system=line,
                why=why.model_dump_json(),
            )
            slot = slot_taken(agent, session_id, now, only_if=None if taken else ready(self._machine_now()))
            try:
                self._sessions.move(read.session, after, entry, [slot], token=f"{message_id}{attempt}")
            except Clash as clash:
                if 2 in clash.refused:  # noqa: PLR2004  # the slot's place among the writes
                    return None
                continue  # a message took the place first: the claim goes behind it
            here = self._sessions.read(session_id, entry.seq, self._machine_now()).here
            self._telling.message(after, entry, here)
            self._telling.changed(after)
            return after
        return None


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
