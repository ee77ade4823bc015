"""What becomes of offers, and of what was assigned and not answered: each is judged anew at the write, by whoever asks first.

The agent's click, the console's timer, a doorbell at the deadline and the minute's sweep all come here.
"""

from datetime import datetime
from typing import Final

from chalicelib.agents.model import Agent, Weights
from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.values import AgentId, SessionId
from chalicelib.protocol.values import AgentBrief, By, Offer, SystemLine
from chalicelib.sessions.entries import SYSTEM, Party
from chalicelib.sessions.model import NoSuchSession, Session, assigned_line
from chalicelib.sessions.offers import (
    OfferExpired,
    accepted,
    lapsed,
    missed,
    reply_due_at,
    unanswered,
    unanswered_line,
)
from chalicelib.sessions.service import May, Moved, anyone
from chalicelib.sessions.store import Read

MISSED: Final = "missed"
"""The reason of a break that nobody asked for."""


class OfferAnswers:
    def __init__(self, ground: Ground, dispatch: Dispatch) -> None:
        self._on = ground
        self._dispatch = dispatch

    def accept(self, caller: Caller, session_id: SessionId, may_read: May) -> None:
        """Session and both desks at once. Too late: it is moved on, and refused."""
        on, agent = self._on, AgentBrief(id=AgentId(caller.id), name=caller.name)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            session, now = read.session, on.clock()
            weights = Weights.of_queue(on.queues.get(session.queue_id))
            after = accepted(session, agent, now, weights)
            by = session.offer.by if session.offer else None
            if by is None:
                return after, assigned_line(agent)
            return after, SystemLine(code="transferred", about={"agent": agent.name, "by": by.name})

        try:
            moved = on.sessions.move(session_id, _party(caller), may_read, decide)
        except OfferExpired:
            self.look_quietly(session_id)
            raise
        if moved.before.owner_id and moved.happened:
            on.telling.changed_for(moved.before.agent, moved.after)
            self._dispatch.freed(moved.before)

    def decline(self, caller: Caller, session_id: SessionId, reason: str, may_read: May) -> None:
        """On to the next, or back to whom it comes from."""
        on, agent_id = self._on, AgentId(caller.id)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            after = unanswered(read.session, agent_id, "declined", on.clock())
            offer = read.session.offer
            line = unanswered_line(offer, "declined", reason) if offer else SystemLine(code="offer_declined")
            return after, line

        moved = on.sessions.move(session_id, _party(caller), may_read, decide, staff=True)
        if moved.happened:
            self._went_on(moved, agent_id)

    def look(self, session_id: SessionId) -> bool:
        """Whatever is overdue in it is done; whether anything was. Twice, late or overlapping makes no difference."""
        on = self._on
        session = on.store.tail(session_id).session
        if session.offer is not None and session.offer.deadline <= on.clock():
            return self._lapse(session_id, session.offer)
        due = self._reply_due_at(session)
        if due is not None and due <= on.clock():
            return self._miss(session)
        if session.waits_in_queue:
            self._dispatch.ring(session.queue_id, newly=session)
        return False

    def _lapse(self, session_id: SessionId, offer: Offer) -> bool:
        on = self._on

        def decide(read: Read) -> tuple[Session, SystemLine]:
            same = read.session.offer == offer
            after = lapsed(read.session, on.clock()) if same else read.session
            return after, unanswered_line(offer, "expired")

        moved = on.sessions.move(session_id, SYSTEM, anyone, decide, staff=True, missed_by=offer.agent.id)
        if moved.happened:
            self._missed(moved.before, offer.agent.id)
            self._went_on(moved, offer.agent.id)
        return moved.happened

    def _miss(self, read_as: Session) -> bool:
        on, agent_id = self._on, read_as.owner_id
        if agent_id is None:
            return False
        limit = on.queues.get(read_as.queue_id).first_reply_limit_s
        line = SystemLine(code="reply_missed", about={"agent": read_as.agent.name if read_as.agent else ""})

        def decide(read: Read) -> tuple[Session, SystemLine]:
            same = read.session.owner_id == agent_id
            return missed(read.session, limit, on.clock()) if same else read.session, line

        moved = on.sessions.move(read_as.id, SYSTEM, anyone, decide, staff=True, missed_by=agent_id)
        if moved.happened:
            on.telling.changed_for(moved.before.agent, moved.after)
            self._missed(moved.before, agent_id)
            self._went_on(moved, agent_id)
        return moved.happened

    def _reply_due_at(self, session: Session) -> datetime | None:
        if session.state != "active" or session.replied_at:
            return None
        return reply_due_at(session, self._on.queues.get(session.queue_id).first_reply_limit_s)

    def _went_on(self, moved: Moved, agent_id: AgentId) -> None:
        """To the next who can, and what else waits to the slot that is free."""
        if moved.after.waits_in_queue:
            self._dispatch.ring(moved.after.queue_id, newly=moved.after)
        self._dispatch.freed_of(agent_id)

    def _missed(self, session: Session, agent_id: AgentId) -> None:
        """So many in a row, and they are not there: a break, of which they and their supervisors hear."""
        on = self._on
        agent = on.agents.get(agent_id)
        most = on.queues.get(session.queue_id).max_misses
        if agent.misses < most or agent.routing_status != "accepting":
            return
        if self._answered_meanwhile(agent):
            on.agents.missed_anew(agent_id, on.clock())
            return
        on.presence.set_status(agent_id, "break", MISSED, By(role="system"), MISSED)

    def _answered_meanwhile(self, agent: Agent) -> bool:
        """Whether in one that still goes on they have spoken since their first miss."""
        since = agent.missed_since
        for session_id in sorted(agent.slots):
            try:
                read = self._on.store.tail(SessionId(session_id))
            except NoSuchSession:
                continue
            replied_at = read.session.heard(read.entries).replied_at
            if since and replied_at and replied_at > since:
                return True
        return False

    def look_quietly(self, session_id: SessionId) -> None:
        """By the way, for whoever asks for something else."""
        try:
            self.look(session_id)
        except Exception as error:  # noqa: BLE001  # whoever asked has their answer already
            self._on.log(what="look", session_id=session_id, error=repr(error))


def _party(caller: Caller) -> Party:
    return Party("agent", caller.id, caller.name)
