"""One entry of a session's log: a message, a note, or a line of the house's own. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from unicodedata import normalize

from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.values import ClientId, MessageId, SessionId
from chalicelib.protocol.values import TEXT_LIMIT, By, Message, MessageKind, Role, SystemLine
from chalicelib.sessions.thanks import is_mere_thanks


class EmptyMessage(Invalid):
    """A message says something."""


class TextTooLong(Invalid):
    """Longer than a message may be."""


class ClientIdReused(Conflict):
    """The same client_id was stored with another body."""


@dataclass(frozen=True)
class Party:
    """Who speaks or acts in a session."""

    role: Role
    id: str | None = None
    name: str | None = None


SYSTEM = Party("system")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wants to say. `after`: the newest seq its sender knew when composing it, unchanged by resends."""

    by: Party
    client_id: ClientId
    after: int | None
    text: str
    reply_to: int | None = None
    staff: bool = False

    def checked(self) -> "Draft":
        """The draft in NFC, or what is wrong with it."""
        text = normalize("NFC", self.text)
        if not text.strip():
            raise EmptyMessage(
                "Write something first: an empty message is not sent.", errors=(("text", "is empty"),)
            )
        if len(text) > TEXT_LIMIT:
            raise TextTooLong(
                f"This is {len(text):,} characters long; a message has {TEXT_LIMIT:,} at most. Shorten or split it.",
                errors=(("text", f"is longer than {TEXT_LIMIT} characters"),),
            )
        return replace(self, text=text)

    @property
    def is_thanks(self) -> bool:
        """Whether it asks for nothing, and is a customer's."""
        return self.by.role == "customer" and is_mere_thanks(self.text)

    def answers_within(self, head: int) -> None:
        """Raises if it answers what nobody has said yet."""
        if self.reply_to is not None and self.reply_to > head:
            raise Invalid(
                "The message you reply to is not in this conversation.",
                errors=(("reply_to", "names no message of this conversation"),),
            )


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as stored. `staff_seq` is null in what a customer may see. `why` explains an assignment, to staff."""

    session_id: SessionId
    seq: int
    staff_seq: int | None = None
    message_id: MessageId
    kind: MessageKind
    by: Party
    sent_at: datetime
    client_id: ClientId | None = None
    text: str | None = None
    system: SystemLine | None = None
    reply_to: int | None = None
    why: str | None = None

    @property
    def position(self) -> tuple[int, int]:
        return (self.seq, self.staff_seq or 0)

    def is_of(self, draft: Draft) -> bool:
        """Whether this stands for the draft already; the same client_id with another body is refused."""
        if self.client_id != draft.client_id or (self.by.role, self.by.id) != (draft.by.role, draft.by.id):
            return False
        if (self.text, self.reply_to, self.kind == "note") != (draft.text, draft.reply_to, draft.staff):
            raise ClientIdReused(
                "Another message was already sent under this client_id. Send this one under a new one."
            )
        return True

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
            reply_to=self.reply_to,
            sent_at=self.sent_at,
        )
