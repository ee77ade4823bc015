"""The live board: who waits, who works, and how the day goes. From keys, agents and counters; nothing reads through sessions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.agents.model import SLOT, Agent
from chalicelib.agents.store import AgentStore
from chalicelib.kit.clock import Clock
from chalicelib.kit.values import QueueId
from chalicelib.protocol.lists import Count, Live, LiveAgent, LiveQuarter, LiveQueue, LiveWaiting, Today
from chalicelib.queues.figures import Figures, FigureStore, Quarter
from chalicelib.queues.model import Queue
from chalicelib.queues.store import QueueStore
from chalicelib.session_list.service import COUNTED
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.store import SessionStore
from chalicelib.sessions.waiting import Place

AGENTS_READ = 1_000
"""Of so many it is counted who is free; a request a hundred."""
AGENTS_SHOWN = 200
WAITING_SHOWN = 20
"""One read each."""


@dataclass(frozen=True)
class LiveBoard:
    """A Query a queue for who waits and one for its figures, a request a hundred agents, and a read for each of the first who wait."""

    store: SessionStore
    agents: AgentStore
    queues: QueueStore
    figures: FigureStore
    clock: Clock
    machine_clock: Clock

    def read(self, queues: Iterable[Queue], zone: ZoneInfo) -> Live:
        now = self.clock()
        shown = sorted(queues, key=lambda q: (q.name.casefold(), q.id))
        staff = self._staff({q.id for q in shown})
        fronts = {q.id: self.store.waiting(q.id, COUNTED) for q in shown}
        waiting = self._waiting(fronts)
        return Live(
            now=now,
            queues=[self._queue(q, staff, fronts[q.id], waiting, (midnight(now, zone), now)) for q in shown],
            agents=[self._agent(a) for a in sorted(staff, key=self._shown_first)[:AGENTS_SHOWN]],
            waiting=[_waits(s) for s in waiting[:WAITING_SHOWN]],
        )

    def _staff(self, queue_ids: set[QueueId]) -> list[Agent]:
        """Those who serve any of these queues, as far as there are so many."""
        found: list[Agent] = []
        cursor = None
        while len(found) < AGENTS_READ:
            page = self.agents.page(100, cursor)
            found += [a for a in page.items if a.enabled and a.queue_ids & queue_ids]
            cursor = page.next_cursor
            if cursor is None:
                break
        return found

    def _waiting(self, fronts: dict[QueueId, list[Place]]) -> list[Session]:
        """The first of all who wait, and the first of each queue."""
        first = {front[0].session_id for front in fronts.values() if front}
        by_rank = sorted(w for front in fronts.values() for w in front)
        found = []
        for n, waits in enumerate(by_rank):
            if n < WAITING_SHOWN or waits.session_id in first:
                try:
                    found.append(self.store.tail(waits.session_id, consistent=False).session)
                except NoSuchSession:
                    continue
        return [s for s in found if s.waits_in_queue]

    def _queue(
        self,
        queue: Queue,
        staff: Sequence[Agent],
        front: Sequence[Place],
        waiting: Sequence[Session],
        today: tuple[datetime, datetime],
    ) -> LiveQueue:
        quarters = self.figures.between(queue.id, today[0], today[1] + timedelta(minutes=1))
        members = [a for a in staff if queue.id in a.queue_ids]
        queued = [s.queued_at for s in waiting if s.queue_id == queue.id and s.queued_at]
        return LiveQueue(
            queue_id=queue.id,
            name=queue.name,
            mode=queue.mode,
            answer_target_s=queue.answer_target_s,
            waiting=counted(len(front)),
            oldest_queued_at=min(queued, default=None),
            members=len(members),
            free=sum(1 for a in members if self._is_free(a)),
            today=_today(quarters),
            quarters=[_quarter(q) for q in quarters],
        )

    def _is_free(self, agent: Agent) -> bool:
        return (
            agent.connected(self.machine_clock())
            and agent.routing_status == "accepting"
            and agent.works(self.clock())
            and agent.load + SLOT <= agent.capacity * SLOT
        )

    def _agent(self, agent: Agent) -> LiveAgent:
        return LiveAgent(
            agent=agent.brief,
            connected=agent.connected(self.machine_clock()),
            routing_status=agent.routing_status,
            break_reason=agent.break_reason,
            duty=agent.duty(self.clock()),
            load=agent.load / SLOT,
            capacity=agent.capacity,
            sessions=len(agent.slots),
            queue_ids=sorted(agent.queue_ids),
        )

    def _shown_first(self, agent: Agent) -> tuple[bool, str, str]:
        """Those who are here."""
        return (not agent.connected(self.machine_clock()), agent.alias.casefold(), agent.id)


def counted(many: int) -> Count:
    return Count(count=min(many, COUNTED - 1), more=many >= COUNTED)


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When today began there."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _today(quarters: Iterable[Quarter]) -> Today:
    total = sum((q.figures for q in quarters), Figures())
    return Today(
        queued=total.queued,
        answered=total.answered,
        in_time=total.in_time,
        abandoned=total.abandoned,
        service_level=total.service_level,
    )


def _quarter(quarter: Quarter) -> LiveQuarter:
    figures = quarter.figures
    return LiveQuarter(
        at=quarter.at, queued=figures.queued, answered=figures.answered, abandoned=figures.abandoned
    )


def _waits(session: Session) -> LiveWaiting:
    return LiveWaiting(
        session_id=session.id,
        number=session.number,
        queue_id=session.queue_id,
        customer_name=session.customer_name,
        priority=session.priority,
        queued_at=session.queued_at or session.created_at,
        version=session.version,
    )
