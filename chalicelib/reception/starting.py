"""How a talk begins: in the live session if there is one, in the one that has just ended, or in a new one."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.connections.model import Connection
from chalicelib.connections.paces import Paces
from chalicelib.customers.store import CustomerStore, is_known, live_claimed
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.returning import served_last
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import NotSignedIn
from chalicelib.kit.ids import Ids
from chalicelib.kit.limits import Limits
from chalicelib.kit.table import Clash
from chalicelib.kit.values import CustomerId, MessageId, SessionId
from chalicelib.protocol.rest import NewSession
from chalicelib.queues.store import QueueStore
from chalicelib.reception.joining import Joining
from chalicelib.sessions.counting import Counting
from chalicelib.sessions.entries import Draft, Entry
from chalicelib.sessions.forms import answers_fit
from chalicelib.sessions.model import SILENT_TAP, Session
from chalicelib.sessions.service import May, Sessions
from chalicelib.sessions.skills import Skills
from chalicelib.sessions.store import NumberTaken, SessionStore
from chalicelib.sessions.supervising import SET_ASIDE
from chalicelib.sessions.telling import Telling
from chalicelib.sources.model import route
from chalicelib.sources.store import SourceStore

MOST_SEGMENTS = 40
"""There is no endless thread: after so many periods what is said begins a new record."""
RESENDS_LOOK_BACK = 50
"""More than anybody says to one who isn't there."""
BEYOND_ALL = (10**12 - 1, 10**6)


class SourceGone(NotSignedIn):
    """The door this customer came through is there no more."""


@dataclass(frozen=True)
class Starting:
    """What it takes to begin."""

    sources: SourceStore
    customers: CustomerStore
    queues: QueueStore
    sessions: Sessions
    store: SessionStore
    dispatch: Dispatch
    joining: Joining
    delivery: Delivery
    telling: Telling
    counting: Counting
    ids: Ids
    limits: Limits
    paces: Paces
    clock: Clock
    machine_clock: Clock

    def again(self, caller: Caller, new: NewSession, draft: Draft | None, may: May) -> SessionId | None:
        """The session that ended last, if what is said now belongs to it: a word within the reopening window, on the same topic.

        Mere thanks are recorded there and wake nobody; anything else goes on in it. What stands there already, because its answer
        was lost, belongs there however long ago that was. None: it is another matter.
        """
        last = self._last(caller)
        if last is None or draft is None:
            return None
        if self._stands_in(last, caller, draft):
            return last.id
        if not self._goes_on(last, caller, new):
            return None
        if customer := self.customers.find(CustomerId(caller.id)):
            customer.not_blocked(self.clock())
        self._arrived(caller, last.id)
        if draft.is_thanks:
            self.sessions.say(last.id, draft, may, caller.connection)
            return last.id
        try:
            _, session = self.sessions.reopen(last.id, draft, may, caller.connection)
        except Clash:
            return None
        if session.waits_in_queue:
            self.dispatch.ring(session.queue_id, newly=session)
        return last.id

    def _last(self, caller: Caller) -> Session | None:
        newest = self.store.of_customer(CustomerId(caller.id), 1).items
        return self.store.tail(newest[0]).session if newest else None

    def _stands_in(self, last: Session, caller: Caller, draft: Draft) -> bool:
        """Whether it was said among the newest of the session that ended last: one request, however long the talk was."""
        newest = self.store.before(last.id, BEYOND_ALL, RESENDS_LOOK_BACK, staff=True) if last.over else []
        return any(e.client_id == draft.client_id and e.by.is_the_same_as(draft.by) for e in newest)

    def _goes_on(self, last: Session, caller: Caller, new: NewSession) -> bool:
        if not (last.over and last.agent and last.ended_at) or last.source_id != caller.source_id:
            return False
        if len(last.segments) >= MOST_SEGMENTS or last.close_reason in SET_ASIDE:
            return False
        if new.category_id not in (None, last.category_id, last.chosen_category_id):
            return False
        window = timedelta(seconds=self.queues.get(last.queue_id).reopen_window_s)
        return self.clock() < last.ended_at + window

    def anew(self, caller: Caller, session_id: SessionId, new: NewSession, draft: Draft | None) -> bool:
        """Opens a new one; False where this or another of theirs was opened first. Raises RateLimited."""
        self.paces.count("sessions", caller.id)
        session = self._session(caller, session_id, new)
        first = None
        if draft is not None:
            session = session.queued(session.created_at, 1)
            first = Entry(
                session_id=session_id,
                seq=1,
                message_id=MessageId(self.ids.new()),
                kind="text",
                by=draft.by,
                sent_at=session.created_at,
                client_id=draft.client_id,
                text=draft.text,
                paced=self.limits["messages"].paced(None, self.machine_clock()),
            )
        claim = live_claimed(session.customer_id, session.source_id, session_id)
        try:
            self.store.open(session, first, [claim, is_known(session.customer_id)], self.ids.new())
        except NumberTaken:
            return self.anew(caller, session_id, new, draft)
        except Clash:
            return False
        here = self._arrived(caller, session_id)
        if first is not None:
            self.telling.message(session, first, here, but=caller.connection)
            self.telling.changed(session)
            self.counting.moved(None, session)
            self.joining.joined(session)
        return True

    def _session(self, caller: Caller, session_id: SessionId, new: NewSession) -> Session:
        customer = self.customers.find(CustomerId(caller.id))
        if customer is None:
            raise SourceGone("You are not known here any more. Reload the page.")
        customer.not_blocked(self.clock())
        source = self.sources.get(customer.source_id)
        way = route(source, self.sources.categories(), new.category_id)
        answers_fit(way.fields, new.answers)
        queue = self.queues.get(way.queue_id)
        now = self.clock()
        return Session(
            id=session_id,
            number=self.ids.service_number(),
            customer_id=customer.id,
            customer_name=customer.name,
            customer_verified=customer.verified,
            source_id=source.id,
            queue_id=way.queue_id,
            category_id=way.category_id,
            chosen_category_id=way.category_id,
            priority=way.priority + queue.priority,
            prefers=served_last(self.store, customer.id, now),
            required_skills=Skills.of(queue.required_skills, way.required_skills).asked,
            created_at=now,
            check_at=now + SILENT_TAP,
            answers=new.answers,
            page=new.page,
        )

    def _arrived(self, caller: Caller, session_id: SessionId) -> list[Connection]:
        """The customer's sockets, noted with the session."""
        here = self.delivery.connections_of(caller.person)
        if caller.connection and caller.connection not in here:
            here.append(caller.connection)
        for connection in here:
            self.store.arrived(session_id, connection, self.machine_clock())
        return here
