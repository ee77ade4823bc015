"""Handing a session on: to an agent by an offer, to a queue at once. What can't work is refused before anything is sent."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from chalicelib.agents.model import Agent, AgentUnable, NoSuchAgent, Weights
from chalicelib.agents.store import on_hand, slot_taken
from chalicelib.dispatch.barriers import CLOSED, FULL, NO_ROUTE, Barrier, agent_barrier
from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.model import Candidate
from chalicelib.dispatch.places import moved_to
from chalicelib.dispatch.service import DeskFull, Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import Invalid, NotFound
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Write
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.permissions.model import UNIT_SCOPES, scopes
from chalicelib.protocol.offers import Explanation, Transferring, TransferTarget
from chalicelib.protocol.values import AgentBrief, Offer, SystemLine
from chalicelib.queues.model import Queue
from chalicelib.sessions.entries import Party
from chalicelib.sessions.model import NotActive, Session
from chalicelib.sessions.offered import assigned, offer_made
from chalicelib.sessions.offers import offered, unanswered, unanswered_line
from chalicelib.sessions.service import May, Moved
from chalicelib.sessions.skills import Skills
from chalicelib.sessions.store import Read
from chalicelib.sessions.transfers import (
    MOST_TRANSFERS,
    TooManyTransfers,
    handed_to_queue,
    pulled_back,
)

ANSWERED_WITHIN: Final = timedelta(seconds=30)
COUNTED_TO: Final = 100


class UnknownTarget(Invalid):
    """No agent or queue of that id."""


class Transfers:
    def __init__(self, ground: Ground, dispatch: Dispatch) -> None:
        self._on = ground
        self._dispatch = dispatch

    def transfer(self, caller: Caller, session_id: SessionId, new: Transferring, may: May) -> None:
        session = self._on.sessions.get(session_id, may).session
        if new.to_agent_id is not None:
            self._to_agent(caller, session, AgentId(new.to_agent_id), new.comment, may)
        else:
            self._to_queue(caller, session, QueueId(new.to_queue_id or ""), new.comment, may)

    def _to_agent(self, caller: Caller, session: Session, agent_id: AgentId, comment: str, may: May) -> None:
        on, now = self._on, self._on.clock()
        _transferable(session, caller)
        if session.offer and session.offer.agent.id == agent_id:
            return  # the first answer may have been lost
        agent = self._agent(agent_id)
        queue = on.queues.get(session.queue_id)
        target = on.candidate(agent, queue)
        if barrier := agent_barrier(target, session, queue, on.now):
            raise barrier.refusal(agent.alias)
        offer = Offer(
            offer_id=on.ids.new(),
            agent=agent.brief,
            how="transfer",
            made_at=now,
            deadline=now + ANSWERED_WITHIN,
            by=_brief(caller, session),
            comment=comment,
        )
        asked = Skills(session.required_skills)
        why = Explanation(
            strategy="transfer",
            chosen=agent.id,
            required_skills=list(asked.asked),
            candidates=[target.considered(asked, None)],
        )

        def decide(read: Read) -> tuple[Session, SystemLine]:
            _transferable(read.session, caller)
            about = {"agent": agent.alias, "by": caller.name}
            return offered(read.session, offer, now), SystemLine(code="transfer_offered", about=about)

        def also(_: Session, after: Session) -> Sequence[Write]:
            is_here = on_hand(on.machine_clock(), now, ignores_duty=queue.ignore_duty)
            taken = slot_taken(agent, target.limit, after.id, now, only_if=is_here)
            return [taken, offer_made(after.id, offer, why)]

        try:
            on.sessions.move(session.id, _party(caller), may, decide, also=also, staff=True)
            on.look_at(session.id, offer.deadline)
        except AgentUnable as unable:
            again = on.candidate(self._agent(agent_id), queue)
            barrier = agent_barrier(again, session, queue, on.now) or FULL
            raise barrier.refusal(agent.alias) from unable

    def _to_queue(self, caller: Caller, session: Session, queue_id: QueueId, comment: str, may: May) -> None:
        on, now = self._on, self._on.clock()
        queue = self._queue(queue_id)
        asked = self._on.asked(queue, session)
        if barrier := self._queue_barrier(queue, asked):
            raise barrier.refusal(queue.name)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if not read.session.unserved:
                _transferable(read.session, caller)
            by = _brief(caller, read.session)
            about = {"queue": queue.name, "by": caller.name}
            after = handed_to_queue(read.session, by, queue_id, asked.asked, comment, now)
            return after, SystemLine(code="transferred_to_queue", about=about)

        moved = on.sessions.move(session.id, _party(caller), may, decide)
        if moved.happened:
            on.telling.changed_for(moved.before.agent, moved.after)
            self._dispatch.ring(queue_id, newly=moved.after)
            self._freed_by(moved)

    def cancel(self, caller: Caller, session_id: SessionId, may_read: May) -> None:
        """Back to whom it comes from: an offer is withdrawn, and what stands in a queue is had back, if there is a slot."""
        session = self._on.sessions.get(session_id, may_read).session
        offer = session.offer
        if offer and offer.how == "transfer":
            self._cancel_offer(caller, session, offer, may_read)
        else:
            self._pull_back(caller, session, may_read)

    def _cancel_offer(self, caller: Caller, session: Session, offer: Offer, may_read: May) -> None:
        on, now = self._on, self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            same = read.session.offer == offer
            after = unanswered(read.session, offer.agent.id, "withdrawn", now) if same else read.session
            return after, unanswered_line(offer, "withdrawn")

        on.sessions.move(session.id, _party(caller), may_read, decide, staff=True)
        self._dispatch.freed_of(offer.agent.id)

    def _pull_back(self, caller: Caller, session: Session, may_read: May) -> None:
        on, now = self._on, self._on.clock()
        agent, offer_id = on.agents.get(AgentId(caller.id)), on.ids.new()
        back = session.handed_over.from_queue_id if session.handed_over else session.queue_id
        queue = on.queues.get(back)
        mine, weights = on.candidate(agent, queue), Weights.of_queue(queue)
        considered = mine.considered(Skills(session.required_skills), None)
        why = Explanation(strategy="pulled_back", chosen=agent.id, candidates=[considered])

        def decide(read: Read) -> tuple[Session, SystemLine]:
            line = SystemLine(code="pulled_back", about={"agent": agent.alias})
            return pulled_back(read.session, agent.brief, now, offer_id, weights), line

        def also(before: Session, _: Session) -> Sequence[Write]:
            taken = slot_taken(agent, mine.limit, before.id, now)
            put = assigned(before.id, offer_id, agent.id, now, "pulled_back", why)
            return [taken, put]

        try:
            moved = on.sessions.move(session.id, _party(caller), may_read, decide, also=also)
        except AgentUnable as unable:
            raise DeskFull("You have no free slot any more. End or file a conversation first.") from unable
        if moved.happened:
            if moved.before.waits_in_queue:
                self._dispatch.moved_up(moved.before.queue_id, moved.before)
            if moved.before.offered_to:
                self._dispatch.freed_of(moved.before.offered_to)

    # whom it could go to

    def agents(
        self, session_id: SessionId, limit: int, cursor: str | None, may: May
    ) -> Slice[TransferTarget]:
        """Colleagues by name, whether they can take it, and if not, why."""
        session = self._on.sessions.get(session_id, may).session
        queue = self._on.queues.get(session.queue_id)
        page = self._on.agents.page(limit, cursor)
        return Slice([self._target(a, session, queue) for a in page.items if a.enabled], page.next_cursor)

    def queues(
        self, session_id: SessionId, limit: int, cursor: str | None, may: May
    ) -> Slice[TransferTarget]:
        """Queues, how many wait in each, and whether it could go there."""
        session = self._on.sessions.get(session_id, may).session
        page = self._on.queues.page(limit, cursor)
        return Slice([self._queue_target(q, session) for q in page.items], page.next_cursor)

    def _target(self, agent: Agent, session: Session, queue: Queue) -> TransferTarget:
        on = self._on
        target = on.candidate(agent, queue)
        barrier = agent_barrier(target, session, queue, on.now)
        return TransferTarget(
            kind="agent",
            id=agent.id,
            name=agent.alias,
            why_not=barrier.code if barrier else None,
            connected=agent.connected(on.machine_clock()),
            routing_status=agent.routing_status,
            duty=agent.duty(on.clock()),
            duty_until=agent.roster.until(on.clock()) if agent.roster else None,
            load=target.considered(Skills(), None).load,
            capacity=target.considered(Skills(), None).capacity,
            free=target.free,
        )

    def _queue_target(self, queue: Queue, session: Session) -> TransferTarget:
        barrier = self._queue_barrier(queue, self._on.asked(queue, session))
        waiting = len(self._on.store.waiting(queue.id, COUNTED_TO))
        wait = moved_to(session.id, waiting + 1)
        return TransferTarget(
            kind="queue",
            id=queue.id,
            name=queue.name,
            why_not=barrier.code if barrier else None,
            mode=queue.mode,
            waiting=waiting,
            wait_low_s=wait.wait_low_s,
            wait_high_s=wait.wait_high_s,
        )

    def _queue_barrier(self, queue: Queue, asked: Skills) -> Barrier | None:
        """Nobody there who could ever serve it, or a queue that takes nobody in."""
        candidates = self._on.candidates(queue)
        if not any(_could_serve(c, queue, asked) for c in candidates):
            return NO_ROUTE
        return CLOSED if queue.max_waiting == 0 else None

    def _agent(self, agent_id: AgentId) -> Agent:
        try:
            return self._on.agents.get(agent_id)
        except NoSuchAgent as unknown:
            problem = (("to_agent_id", "names no agent"),)
            raise UnknownTarget("There is no such agent.", errors=problem) from unknown

    def _queue(self, queue_id: QueueId) -> Queue:
        try:
            return self._on.queues.get(queue_id)
        except NotFound as unknown:
            problem = (("to_queue_id", "names no queue"),)
            raise UnknownTarget("There is no such queue.", errors=problem) from unknown

    def _freed_by(self, moved: Moved) -> None:
        self._dispatch.freed(moved.before)
        if moved.before.offered_to:
            self._dispatch.freed_of(moved.before.offered_to)


def _could_serve(candidate: Candidate, queue: Queue, asked: Skills) -> bool:
    able = not asked.shortfall(candidate.agent.skills) or queue.relax_after_s is not None
    return candidate.agent.enabled and candidate.limit > 0 and able


def _transferable(session: Session, caller: Caller) -> None:
    """Raises what keeps it from being handed on at all."""
    if session.state not in ("active", "on_hold") or session.agent is None:
        raise NotActive("Only a conversation that somebody serves can be handed on.")
    supervises = bool(scopes(caller.role_ids, "session.transfer") & (UNIT_SCOPES | {"all"}))
    if session.transfers >= MOST_TRANSFERS and not supervises:
        raise TooManyTransfers(
            f"This conversation was handed on {MOST_TRANSFERS} times. Ask a supervisor to do it once more."
        )


def _brief(caller: Caller, session: Session) -> AgentBrief:
    """Whose it is: a supervisor hands it on in its owner's name, to whom it comes back."""
    return session.agent or AgentBrief(id=AgentId(caller.id), name=caller.name)


def _party(caller: Caller) -> Party:
    return Party("agent", caller.id, caller.name)
