"""Routes of attachments, for both sides alike."""

from chalicelib.attachments.model import (
    AttachmentGone,
    AttachmentNotReady,
    AttachmentTooLarge,
    ContentNotAllowed,
    NotUploaded,
    VoiceTooLong,
)
from chalicelib.attachments.service import Attachments
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Refusals, Routes
from chalicelib.protocol.contents import Attachment
from chalicelib.protocol.rest import AttachmentLink, AttachmentOpened, NewAttachment, Nothing

_SAYS = "customer or session.reply"


def routes(attachments: Attachments, saying: Refusals) -> Routes:
    """`saying`: what a session in which nothing can be said refuses with."""
    on = Routes()

    @on.post(
        "/v1/attachments",
        allow=_SAYS,
        body=NewAttachment,
        answers=AttachmentOpened,
        status=201,
        refuses=(AttachmentTooLarge, VoiceTooLong, ContentNotAllowed, *saying),
        limits={"files": "customer"},
    )
    def open_attachment(caller: Caller, body: NewAttachment) -> AttachmentOpened:
        return attachments.open(caller, body)

    @on.post(
        "/v1/attachments/{attachment_id}/complete",
        allow=_SAYS,
        body=Nothing,
        answers=Attachment,
        refuses=(NotUploaded, ContentNotAllowed, AttachmentGone),
    )
    def complete_attachment(caller: Caller, attachment_id: str, body: Nothing) -> Attachment:
        return attachments.complete(caller, attachment_id)

    @on.get(
        "/v1/attachments/{attachment_id}/link",
        allow="customer or session.read",
        answers=AttachmentLink,
        refuses=(AttachmentNotReady, AttachmentGone),
    )
    def attachment_link(caller: Caller, attachment_id: str) -> AttachmentLink:
        return attachments.link(caller, attachment_id)

    return on
