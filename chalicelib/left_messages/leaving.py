"""Leaving a message: out of the queue, or without ever having been in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.attachments.model import AttachmentGone, AttachmentNotReady, AttachmentSent, NoSuchAttachment
from chalicelib.attachments.store import AttachmentStore, sent
from chalicelib.customers.model import Customer, CustomerBlocked
from chalicelib.customers.store import CustomerStore, is_known
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Invalid, NotSignedIn
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Clash, Put, Write
from chalicelib.kit.values import ClientId, CustomerId, MessageId, QueueId, SessionId
from chalicelib.protocol.left_messages import Contact, NewLeftMessage
from chalicelib.protocol.values import CustomerSession, SystemLine
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.content import Content
from chalicelib.sessions.entries import Draft, Entry, Party
from chalicelib.sessions.items import to_entry_item
from chalicelib.sessions.left import left
from chalicelib.sessions.model import ENGLISH, Session
from chalicelib.sessions.reading import for_customer
from chalicelib.sessions.service import Busy, May, Sessions, freed_for_another
from chalicelib.sessions.store import NumberTaken, Read, SessionStore
from chalicelib.sessions.telling import Telling
from chalicelib.shifts.reading import Looking
from chalicelib.sources.model import route
from chalicelib.sources.store import SourceStore

LINE = SystemLine(code="left_message")
ATTEMPTS = 3


class ContactRequired(Invalid):
    """Nobody could be answered who says neither an address nor a number."""


class NotKnownHere(NotSignedIn):
    """The customer was erased, or the door they came through is there no more."""


LEAVING = (ContactRequired, CustomerBlocked, AttachmentGone, AttachmentNotReady, AttachmentSent, Busy)
"""What leaving a message may be refused with, beside what saying something is."""


@dataclass(frozen=True)
class Leaving:
    sources: SourceStore
    customers: CustomerStore
    queues: QueueStore
    attachments: AttachmentStore
    sessions: Sessions
    store: SessionStore
    telling: Telling
    looking: Looking
    ids: Ids
    clock: Clock

    def out_of_queue(
        self, caller: Caller, session_id: SessionId, contact: Contact, may: May
    ) -> CustomerSession:
        """What was said so far is the message; the customer may begin another talk."""
        contact = self._reachable(self._customer(caller), contact)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            now = self.clock()
            return left(read.session, contact, self._due(read.session.queue_id, now), now), LINE

        self.sessions.move(session_id, _party(caller), may, decide, also=freed_for_another)
        return for_customer(self.store.tail(session_id))

    def at_once(self, caller: Caller, new: NewLeftMessage) -> CustomerSession:
        """Outside the hours, or with nobody on duty, that is why it was left."""
        customer = self._customer(caller)
        contact = self._reachable(customer, new.contact)
        said = Draft(
            by=_party(caller), client_id=ClientId(self.ids.new()), after=None, text=new.text
        ).checked()
        for _ in range(ATTEMPTS):
            session = self._session(customer, new.category_id, contact)
            entries, uses = self._said(session, said, new.attachment_ids)
            rest = [Put(to_entry_item(entry)) for entry in entries[1:]]
            try:
                self.store.open(session, entries[0], [*rest, *uses, is_known(customer.id)], self.ids.new())
            except NumberTaken:
                continue
            except Clash:
                self._customer(caller)
                continue
            self.telling.changed(session)
            return for_customer(Read(session, entries))
        raise Busy("Too much happened at the same moment. Try again.", retry_after_s=1)

    def _customer(self, caller: Caller) -> Customer:
        customer = self.customers.find(CustomerId(caller.id))
        if customer is None:
            raise NotKnownHere("You are not known here any more. Reload the page.")
        customer.not_blocked(self.clock())
        return customer

    @staticmethod
    def _reachable(customer: Customer, contact: Contact) -> Contact:
        """As they say, or else as their site does."""
        known = Contact(
            email=contact.email or customer.email,
            phone=contact.phone or customer.phone,
        )
        if not known.known:
            raise ContactRequired(
                "Say how we can reach you: an e-mail address or a phone number.",
                errors=(("contact", "has neither email nor phone"),),
            )
        return known

    def _session(self, customer: Customer, category_id: str | None, contact: Contact) -> Session:
        source = self.sources.get(customer.source_id)
        way = route(source, self.sources.categories(), category_id)
        now = self.clock()
        opening = self.looking.opening(way.queue_id, now, way.business_hours_id)
        begun = Session(
            id=SessionId(self.ids.new()),
            number=self.ids.service_number(),
            customer_id=customer.id,
            customer_name=customer.name,
            customer_verified=customer.verified,
            source_id=source.id,
            queue_id=way.queue_id,
            category_id=way.category_id,
            chosen_category_id=way.category_id,
            priority=way.priority,
            created_at=now,
            close_reason=None if opening.open else "out_of_hours",
        )
        return left(begun, contact, self._due(way.queue_id, now), now)

    def _said(
        self, session: Session, said: Draft, attachment_ids: list[str]
    ) -> tuple[list[Entry], list[Write]]:
        """The text, each file, and the line that says what this is."""
        entries = [self._entry(session, 1, said, text=said.text)]
        uses: list[Write] = []
        for attachment_id in dict.fromkeys(attachment_ids):
            try:
                attachment = self.attachments.get(attachment_id)
            except NoSuchAttachment as unknown:
                raise AttachmentNotReady(
                    "This file is not ready to be sent. Upload it, and complete it."
                ) from unknown
            attachment.may_be_sent(session.id, f"customer:{session.customer_id}", attachment.facts.kind)
            content = Content(attachment=attachment.facts)
            entries.append(
                self._entry(session, len(entries) + 1, said, kind=attachment.facts.kind, content=content)
            )
            uses.append(sent(attachment, session.id))
        line = {"kind": "system", "text": ENGLISH[LINE.code], "system": LINE}
        return [*entries, self._entry(session, len(entries) + 1, said, **line)], uses

    def _entry(self, session: Session, seq: int, said: Draft, **facts: object) -> Entry:
        return Entry(
            session_id=session.id,
            seq=seq,
            message_id=MessageId(self.ids.new()),
            by=said.by,
            sent_at=session.created_at,
            **{"kind": "text", **facts},  # type: ignore[arg-type]
        )

    def _due(self, queue_id: QueueId, now: datetime) -> datetime:
        due_s = self.queues.get(queue_id).left_messages.due_s
        return self.looking.in_hours(queue_id, now, timedelta(seconds=due_s))


def _party(caller: Caller) -> Party:
    return Party("customer", caller.id, caller.name)
