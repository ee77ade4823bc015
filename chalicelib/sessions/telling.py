"""Who hears what of a session: its customer's sockets, its agent's, and the watchers of its queue."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from chalicelib.connections.model import Connection, Person
from chalicelib.delivery.service import Delivery
from chalicelib.kit.clock import Clock
from chalicelib.kit.values import QueueId, SessionId, Value
from chalicelib.protocol.events import (
    ListChanged,
    LiveChanged,
    MarkMoved,
    MessageRecalled,
    MessageSent,
    OfferMade,
    OfferWithdrawn,
    QueueStatusChanged,
    RatingAsked,
    SessionBrief,
    SessionChanged,
    TypingSeen,
)
from chalicelib.protocol.values import AgentBrief, By, Mark, Role, SystemLine
from chalicelib.sessions.entries import Entry, Party
from chalicelib.sessions.model import Session
from chalicelib.sessions.reading import for_staff, seen_by_customer
from chalicelib.sessions.store import Read, SessionStore


class Telling:
    """Everything here is best effort and comes after saving. `but`: the socket that asked, which has its answer."""

    def __init__(self, delivery: Delivery, store: SessionStore, machine_clock: Clock) -> None:
        self._delivery = delivery
        self._store = store
        self._machine_now = machine_clock

    def message(
        self, session: Session, entry: Entry, here: list[Connection], but: Connection | None = None
    ) -> None:
        """`here` are the customer's sockets, as the Query that stored the message brought them; the dead are forgotten."""
        if entry.staff_seq is None:
            for gone in self._delivery.tell(here, _sent(entry, "customer"), but=but):
                self._store.left(session.id, gone.id)
        if session.agent:
            self._delivery.tell_person(Person("agent", session.agent.id), _sent(entry, "agent"), but=but)
        if self._is_watched(session):
            self._look_on(session, _sent(entry, "agent"), but=but)

    def changed_for(self, agent: AgentBrief | None, session: Session) -> None:
        """To an agent who had it until now."""
        if agent and agent.id != session.owner_id:
            self._delivery.tell_person(Person("agent", agent.id), _changed(session))

    def changed(self, session: Session, before: Session | None = None) -> None:
        """A transition, to both sides, and to whoever watches its queue, the lists it stands in, or itself."""
        event = _changed(session)
        for_customer = event.model_copy(update={"state": seen_by_customer(session.state)})
        self._delivery.tell_person(Person("customer", session.customer_id), for_customer)
        if session.agent:
            self._delivery.tell_person(Person("agent", session.agent.id), event)
        for queue_id in {session.queue_id, before.queue_id if before else session.queue_id}:
            self._delivery.tell_watchers(f"queue:{queue_id}", _news(session, before, queue_id))
        if self._is_watched(session):
            self._look_on(session, event)
            if before and before.queue_id != session.queue_id:  # who may look on there may not here
                self._delivery.forget_watchers(watch_of(session.id))

    def _is_watched(self, session: Session) -> bool:
        return session.watched_until is not None and session.watched_until > self._machine_now()

    def _look_on(self, session: Session, event: Value, but: Connection | None = None) -> None:
        """To supervisors who look on; its own agent hears it as such."""
        owner = Person("agent", session.agent.id) if session.agent else None
        self._delivery.tell_watchers(watch_of(session.id), {"session": event}, besides=owner, but=but)

    def offers(self, before: Session, after: Read, line: SystemLine) -> None:
        """To whom it is offered now, and to whom no more."""
        session, old = after.session, before.offer
        new = session.offer
        if new and new != old:
            made = OfferMade(
                offer_id=new.offer_id,
                session=for_staff(after),
                deadline=new.deadline,
                comment=new.comment,
                by=new.by,
                why=new.how,
            )
            self._delivery.tell_person(Person("agent", new.agent.id), made)
        if old and old != new and session.owner_id != old.agent.id:
            gone = OfferWithdrawn(
                offer_id=old.offer_id,
                session_id=session.id,
                session=SessionBrief(session_id=session.id, number=session.number),
                deadline=old.deadline,
                why="ended" if session.over else _WHY_GONE.get(line.code, "withdrawn"),
            )
            self._delivery.tell_person(Person("agent", old.agent.id), gone)

    def ask_rating(self, session: Session) -> None:
        event = RatingAsked(session_id=session.id, open_until=session.rating_open_until)
        self._delivery.tell_person(Person("customer", session.customer_id), event)

    def to_agent(self, session: Session, event: Value) -> None:
        if session.agent:
            self._delivery.tell_person(Person("agent", session.agent.id), event)

    def to_both(self, session: Session, event: Value, but: Connection | None = None) -> None:
        self._delivery.tell_person(Person("customer", session.customer_id), event, but=but)
        if session.agent:
            self._delivery.tell_person(Person("agent", session.agent.id), event, but=but)
        if self._is_watched(session):
            self._look_on(session, event, but=but)

    def mark(self, session: Session, side: Role, mark: Mark, but: Connection | None) -> None:
        event = MarkMoved(session_id=session.id, by="customer" if side == "customer" else "agent", mark=mark)
        self.to_both(session, event, but)

    def typing(self, session: Session, by: Party, *, on: bool) -> None:
        """To the other side alone."""
        event = TypingSeen(session_id=session.id, by=By(role=by.role, id=by.id, name=by.name), on=on)
        if by.role == "customer":
            if session.agent:
                self._delivery.tell_person(Person("agent", session.agent.id), event)
        else:
            self._delivery.tell_person(Person("customer", session.customer_id), event)
        if self._is_watched(session):
            self._look_on(session, event)


def watch_of(session_id: SessionId) -> str:
    """What those who look on at a session watch."""
    return f"session:{session_id}"


def _news(session: Session, before: Session | None, queue_id: QueueId) -> dict[str, Value]:
    """By kind: `team` and `live` hear of every transition, `queue` and `status` of those in the queue itself."""
    facts: Any = {"session_id": session.id, "version": session.version}
    news: dict[str, Value] = {
        "team": ListChanged(tab="team", **facts),
        "live": LiveChanged(queue_id=queue_id, **facts),
    }
    if before is None or before.waits_in_queue or session.waits_in_queue:
        news["queue"] = ListChanged(tab="queue", **facts)
        news["status"] = QueueStatusChanged(queue_id=queue_id, **facts)
    return news


_WHY_GONE: Final[Mapping[str, Literal["declined", "expired"]]] = {
    "offer_declined": "declined",
    "transfer_declined": "declined",
    "offer_expired": "expired",
    "transfer_expired": "expired",
}


def _changed(session: Session) -> SessionChanged:
    return SessionChanged(
        session_id=session.id,
        number=session.number,
        state=session.state,
        version=session.version,
        agent=session.agent,
        queue_id=session.queue_id,
        close_reason=session.close_reason,
        segment=len(session.segments),
    )


def _sent(entry: Entry, reader: Role) -> MessageSent | MessageRecalled:
    message = dict(entry.message(reader))
    if entry.kind == "recall":
        return MessageRecalled.model_construct(type="message.recalled", **message)
    return MessageSent.model_construct(type="message.sent", **message)
