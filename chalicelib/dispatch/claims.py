"""The one transaction of an assignment and of an offer: session, slot, and why, or nothing."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.agents.model import AgentUnable, Weights
from chalicelib.agents.store import ready, slot_taken
from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.model import Candidate
from chalicelib.kit.table import Condition, Write
from chalicelib.kit.values import SessionId
from chalicelib.protocol.offers import Explanation
from chalicelib.protocol.values import HowGot, Offer, SystemLine
from chalicelib.queues.model import Queue
from chalicelib.sessions.entries import SYSTEM
from chalicelib.sessions.model import Session, assigned_line
from chalicelib.sessions.offered import assigned, offer_made
from chalicelib.sessions.offers import offered
from chalicelib.sessions.service import Moved, anyone
from chalicelib.sessions.store import Read


class Claims:
    """Each raises `NotQueued` where somebody else was quicker, `AgentUnable` where the agent can't any more; a message that takes the
    place first is gone behind.
    """

    def __init__(self, ground: Ground) -> None:
        self._on = ground

    def assign(self, session_id: SessionId, to: Candidate, why: Explanation, queue: Queue) -> Moved:
        """By the house: to one who is ready, and has not let it go."""
        return self._claim(session_id, to, why, queue, only_if=self._ready(queue))

    def take(self, session_id: SessionId, by: Candidate, why: Explanation, queue: Queue) -> Moved:
        """By the agent's own choice."""
        return self._claim(session_id, by, why, queue)

    def offer(self, session_id: SessionId, to: Candidate, why: Explanation, queue: Queue) -> Moved:
        """By the house, to one who is ready, until the queue's time for answering is over."""
        on, now, agent = self._on, self._on.clock(), to.agent
        offer = Offer(
            offer_id=on.ids.new(),
            agent=agent.brief,
            how="ring",
            made_at=now,
            deadline=now + timedelta(seconds=queue.offer_timeout_s),
        )

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if agent.id in read.session.tried:
                raise AgentUnable
            line = SystemLine(code="offered", about={"agent": agent.alias})
            return offered(read.session, offer, now), line

        def slot(_: Session, after: Session) -> Sequence[Write]:
            taken = slot_taken(agent, to.limit, after.id, now, only_if=self._ready(queue))
            return [taken, offer_made(after.id, offer, why)]

        moved = on.sessions.move(session_id, SYSTEM, anyone, decide, also=slot, staff=True)
        on.look_at(session_id, offer.deadline)
        return moved

    def _claim(
        self,
        session_id: SessionId,
        by: Candidate,
        why: Explanation,
        queue: Queue,
        only_if: Condition | None = None,
    ) -> Moved:
        on, now, agent = self._on, self._on.clock(), by.agent
        offer_id = on.ids.new()
        how: HowGot = "taken" if only_if is None else "auto"

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if only_if is not None and agent.id in read.session.tried:
                raise AgentUnable
            weights = Weights.of_queue(queue)
            after = read.session.claimed(agent.brief, now, how, offer_id, weights)
            return after, assigned_line(agent.brief)

        def slot(_: Session, after: Session) -> Sequence[Write]:
            taken = slot_taken(agent, by.limit, after.id, now, only_if=only_if)
            return [taken, assigned(after.id, offer_id, agent.id, now, how, why)]

        moved = on.sessions.move(session_id, SYSTEM, anyone, decide, also=slot)
        if how == "auto":
            on.look_at(session_id, now + timedelta(seconds=queue.first_reply_limit_s))
        return moved

    def _ready(self, queue: Queue) -> Condition:
        now = self._on.now
        return ready(now.machine, now.business, ignores_duty=queue.ignore_duty)
