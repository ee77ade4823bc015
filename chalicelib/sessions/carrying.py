"""What a message carries: looked up and checked, and what must be written with it, so that it is used up once.

An attachment costs a Get more than a text, and the transaction 2 units for the attachment and 1 of its index; an answer to a form a
Get of the form, and 2 units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.attachments.model import (
    AttachmentGone,
    AttachmentNotReady,
    AttachmentSent,
    NoSuchAttachment,
)
from chalicelib.attachments.store import AttachmentStore, sent
from chalicelib.connections.model import Person
from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.table import Write
from chalicelib.sessions.content import Content
from chalicelib.sessions.entries import Draft, Entry, Party
from chalicelib.sessions.forms import AnswerDoesNotFit, fits
from chalicelib.sessions.store import SessionStore, answered


class FormAnswered(Conflict):
    """A form is answered once."""


CARRYING = (AttachmentGone, AttachmentNotReady, AttachmentSent, AnswerDoesNotFit, FormAnswered)
"""What saying something may be refused with on account of what it carries."""


@dataclass(frozen=True)
class Carried:
    """The entry with all that it carries, and the writes that come with it."""

    entry: Entry
    writes: Sequence[Write] = ()


class Carrying:
    def __init__(self, attachments: AttachmentStore, store: SessionStore) -> None:
        self._attachments = attachments
        self._store = store

    def carried(self, entry: Entry, draft: Draft) -> Carried:
        """Raises what keeps it from being said; asked anew at each attempt, since another may have used it up meanwhile."""
        if draft.attachment_id is not None:
            return self._with_attachment(entry, draft.attachment_id)
        if draft.content.form_answer is not None:
            return self._with_answer(entry, draft)
        return Carried(entry)

    def _with_attachment(self, entry: Entry, attachment_id: str) -> Carried:
        try:
            attachment = self._attachments.get(attachment_id)
        except NoSuchAttachment as unknown:
            raise _not_ready() from unknown
        attachment.may_be_sent(entry.session_id, _person(entry.by).key, entry.kind)
        content = Content(attachment=attachment.facts)
        return Carried(replace(entry, content=content), [sent(attachment, entry.session_id)])

    def _with_answer(self, entry: Entry, draft: Draft) -> Carried:
        form = self._store.entry(entry.session_id, draft.reply_to or 0)
        asked, answer = form.content.form if form else None, draft.content.form_answer
        if form is None or asked is None or answer is None:
            raise Invalid(
                "There is no form at that place of the conversation.",
                errors=(("reply_to", "names no form of this conversation"),),
            )
        if form.answer_seq is not None:
            raise FormAnswered("This form was answered already.")
        fits(asked, answer)
        return Carried(entry, [answered(form, entry.seq)])


def _person(by: Party) -> Person:
    return Person("agent" if by.role == "agent" else "customer", by.id or "")


def _not_ready() -> AttachmentNotReady:
    return AttachmentNotReady(
        "This file is not ready to be sent here. Upload it in this conversation, and complete it."
    )
