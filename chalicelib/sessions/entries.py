"""One entry of a session's log: a message, a note, or a line of the house's own. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from unicodedata import normalize

from chalicelib.kit.errors import Conflict, Invalid, NotAllowed
from chalicelib.kit.values import ClientId, MessageId, SessionId
from chalicelib.protocol.rest import NewMessage
from chalicelib.protocol.values import TEXT_LIMIT, By, Message, MessageKind, Role, SystemLine
from chalicelib.sessions.content import NOTHING, Content
from chalicelib.sessions.thanks import is_mere_thanks


class EmptyMessage(Invalid):
    """A message says something."""


class TextTooLong(Invalid):
    """Longer than a message may be."""


class KindNotAllowed(NotAllowed):
    """Messages of that kind are the other side's."""


class ClientIdReused(Conflict):
    """The same client_id was stored with another body."""


@dataclass(frozen=True)
class Party:
    """Who speaks or acts in a session."""

    role: Role
    id: str | None = None
    name: str | None = None

    def is_the_same_as(self, other: "Party") -> bool:
        """In one session, which has one customer: they may have been known by another id before."""
        return self.role == other.role and (self.role == "customer" or self.id == other.id)


SYSTEM = Party("system")
SAYS_NOTHING: Final = frozenset({"system", "recall"})
"""Kinds of entries that are nobody's turn to speak."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wants to say. `after`: the newest seq its sender knew when composing it, unchanged by resends.

    `text` is the whole of a text, what stands below anything else, or null. An attachment is named, and looked up when sent.
    """

    by: Party
    client_id: ClientId
    after: int | None
    kind: MessageKind = "text"
    text: str | None
    content: Content = NOTHING
    attachment_id: str | None = None
    reply_to: int | None = None
    staff: bool = False

    @classmethod
    def of(cls, by: Party, new: NewMessage, *, staff: bool = False) -> "Draft":
        plain = new.kind == "text"
        carried = Content(link=new.link, card=new.card, form=new.form, form_answer=new.form_answer)
        return cls(
            by=by,
            client_id=ClientId(new.client_id),
            after=new.after,
            kind=new.kind,
            text=new.text,
            content=NOTHING if plain else carried,
            attachment_id=new.attachment_id,
            reply_to=new.reply_to,
            staff=staff,
        )

    def checked(self) -> "Draft":
        """The draft in NFC, or what is wrong with it."""
        self._is_this_sides()
        text = normalize("NFC", self.text or "")
        if not text.strip():
            if self.kind == "text":
                raise EmptyMessage(
                    "Write something first: an empty message is not sent.", errors=(("text", "is empty"),)
                )
            return replace(self, text=None)
        if len(text) > TEXT_LIMIT:
            raise TextTooLong(
                f"This is {len(text):,} characters long; a message has {TEXT_LIMIT:,} at most. Shorten or split it.",
                errors=(("text", f"is longer than {TEXT_LIMIT} characters"),),
            )
        return replace(self, text=text)

    def _is_this_sides(self) -> None:
        if self.staff and self.kind != "text":
            raise Invalid("A note is words alone.", errors=(("kind", "is not text"),))
        if (self.kind, self.by.role) in (("form", "customer"), ("form_answer", "agent")):
            raise KindNotAllowed("Agents send forms, and customers answer them.")

    @property
    def is_thanks(self) -> bool:
        """Whether it asks for nothing, and is a customer's."""
        return self.by.role == "customer" and self.kind == "text" and is_mere_thanks(self.text or "")

    def answers_within(self, head: int) -> None:
        """Raises if it answers what nobody has said yet."""
        if self.reply_to is not None and self.reply_to > head:
            raise Invalid(
                "The message you reply to is not in this conversation.",
                errors=(("reply_to", "names no message of this conversation"),),
            )


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as stored. `staff_seq` is null in what a customer may see.

    `answer_seq`: where a form's answer stands. A message that was recalled has lost what it said; the recall stands at `recall_seq`.
    `paced`: how fast the customer has been speaking until here (`Limit.paced`), whoever's entry this is.
    """

    session_id: SessionId
    seq: int
    staff_seq: int | None = None
    message_id: MessageId
    kind: MessageKind
    by: Party
    sent_at: datetime
    client_id: ClientId | None = None
    text: str | None = None
    content: Content = NOTHING
    system: SystemLine | None = None
    reply_to: int | None = None
    answer_seq: int | None = None
    recalled_at: datetime | None = None
    recall_seq: int | None = None
    paced: int | None = None

    @property
    def position(self) -> tuple[int, int]:
        return (self.seq, self.staff_seq or 0)

    def is_of(self, draft: Draft) -> bool:
        """Whether this stands for the draft already; the same client_id with another body is refused.

        A session has one customer, whoever they turned out to be since.
        """
        same_sender = self.by.is_the_same_as(draft.by)
        if self.client_id != draft.client_id or not same_sender:
            return False
        if not (self.recalled_at or self._says_the_same_as(draft)):
            raise ClientIdReused(
                "Another message was already sent under this client_id. Send this one under a new one."
            )
        return True

    def _says_the_same_as(self, draft: Draft) -> bool:
        kind = "note" if draft.staff else draft.kind
        attachment_id = self.content.attachment.attachment_id if self.content.attachment else None
        return (self.kind, self.text, self.reply_to, attachment_id, self.content.without_attachment) == (
            kind,
            draft.text,
            draft.reply_to,
            draft.attachment_id,
            draft.content,
        )

    def message(self, reader: Role) -> Message:
        """As told to one side: a client_id goes to its sender's side alone."""
        return Message(
            session_id=self.session_id,
            seq=self.seq,
            staff_seq=self.staff_seq,
            message_id=self.message_id,
            client_id=self.client_id if reader == self.by.role else None,
            kind=self.kind,
            by=By(role=self.by.role, id=self.by.id, name=self.by.name),
            text=self.text,
            system=self.system,
            attachment=self.content.attachment,
            link=self.content.link,
            card=self.content.card,
            form=self.content.form,
            form_answer=self.content.form_answer,
            answer_seq=self.answer_seq,
            recalled_at=self.recalled_at,
            reply_to=self.reply_to,
            sent_at=self.sent_at,
        )
