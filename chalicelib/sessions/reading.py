"""A session as its customer and as its agents read it. Pure."""

from chalicelib.protocol.left_messages import Contact
from chalicelib.protocol.values import (
    CustomerBrief,
    CustomerSession,
    MaskedContact,
    Role,
    Session as SessionRead,
    State,
)
from chalicelib.sessions.model import Session
from chalicelib.sessions.store import Read


def for_customer(read: Read) -> CustomerSession:
    return CustomerSession(**_facts(read, "customer") | {"state": seen_by_customer(read.session.state)})


def seen_by_customer(state: State) -> State:
    """To whom it is offered is no business of theirs: they wait."""
    return "queued" if state == "offered" else state


def for_staff(read: Read) -> SessionRead:
    session = read.session
    return SessionRead(
        **_facts(read, "agent"),
        customer=CustomerBrief(
            id=session.customer_id, name=session.customer_name, verified=session.customer_verified
        ),
        queue_id=session.queue_id,
        source_id=session.source_id,
        chosen_category_id=session.chosen_category_id,
        priority=session.priority,
        required_skills=list(session.required_skills),
        offer=session.offer,
        first_reply_at=session.first_reply_at,
        waits_for=session.waits_for,
        waits_since=session.waits_since,
        hold=session.hold,
        wrap_up_until=session.wrap_up_until,
        to_file=session.to_file,
        disposition=session.disposition,
        rating=session.rating,
        tags=list(session.tags),
        attributes=dict(session.attributes),
        legal_hold=session.legal_hold,
        answers=dict(session.answers),
        page=session.page,
        due_at=session.due_at,
        contact=masked(session.contact) if session.contact else None,
        segments=list(session.periods),
    )


def masked(contact: Contact) -> MaskedContact:
    """Enough to tell one from another, and not enough to use."""
    name, at, domain = (contact.email or "").partition("@")
    return MaskedContact(
        email=f"{name[:1]}•••{at}{domain}" if contact.email else None,
        phone=f"•••{contact.phone[-2:]}" if contact.phone else None,
    )


def _facts(read: Read, reader: Role) -> dict[str, object]:
    session, last = read.session, read.last_message
    mark = session.marks.customer if reader == "customer" else session.marks.agent
    return {
        "session_id": session.id,
        "number": session.number,
        "state": session.state,
        "version": session.version,
        "agent": session.agent,
        "category_id": session.category_id,
        "created_at": session.created_at,
        "queued_at": session.queued_at,
        "assigned_at": session.assigned_at,
        "ended_at": session.ended_at,
        "closed_at": session.closed_at,
        "close_reason": session.close_reason,
        "idle_ends_at": session.idle_ends_at,
        "rating_open_until": session.rating_open_until,
        "head": read.head,
        "marks": session.marks,
        "unread": _unread(session, read, reader, mark.read),
        "last_message": last.message(reader) if last else None,
    }


def _unread(session: Session, read: Read, reader: Role, up_to: int) -> int:
    """How far a side's read mark is behind the head; none where it spoke last itself."""
    last = read.last_message
    if last is None or last.by.role == reader:
        return 0
    return max(0, read.head - up_to)
