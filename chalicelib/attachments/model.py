"""An attachment, its states and its rules. Pure.

pending ──completed──> ready ──said──> sent ──recalled──> gone
   └── its bytes lie ──> refused           (whatever is not sent in time is swept: gone)
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Self

from chalicelib.attachments.names import RUNS, extension, safe_name
from chalicelib.kit.errors import Conflict, Invalid, NotFound
from chalicelib.kit.values import SessionId
from chalicelib.protocol.contents import Attachment as Facts, FileKind
from chalicelib.protocol.rest import NewAttachment

State = Literal["pending", "ready", "sent", "refused", "gone"]

_MB = 1024 * 1024
LARGEST: Final[dict[FileKind, int]] = {
    "image": 20 * _MB,
    "file": 20 * _MB,
    "video": 50 * _MB,
    "voice": 8 * _MB,
}
"""Bytes; two minutes of voice have 2 MB as browsers record them, and 8 at the best quality they offer."""
LONGEST_VOICE = timedelta(seconds=120)
UPLOAD_WITHIN = timedelta(minutes=10)
LINK_LASTS = timedelta(minutes=5)
UNFINISHED_FOR = timedelta(hours=1)
UNSENT_FOR = timedelta(days=1)
"""A message may wait in its sender's outbox that long; what was refused is remembered as long, so that asking again is told the same."""
SHOWN: Final = ("image/", "video/", "audio/")
"""Types that are let in and begin so are shown or played in their place; anything else is only ever saved."""


class NoSuchAttachment(NotFound):
    """No attachment of that id, or not for this caller."""

    code = "not_found"


class AttachmentTooLarge(Invalid):
    """More bytes than a file of its kind may have."""


class VoiceTooLong(Invalid):
    """A voice message of more than two minutes."""


class ContentNotAllowed(Invalid):
    """What it is, is not taken here."""


class NotUploaded(Conflict):
    """The file has not come yet."""


class AttachmentNotReady(Conflict):
    """It was not completed, or was refused, or belongs to another conversation or sender."""


class AttachmentSent(Conflict):
    """It stands in another message already."""


class AttachmentGone(Conflict):
    """Its message was recalled, or it was never sent and is swept."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """`uploader` is a person's key. `secret` is what its objects are named by; `stored_as` what links read, once it is ready.

    `check_at`: when it is swept unless it was sent.
    """

    session_id: SessionId
    uploader: str
    secret: str
    facts: Facts
    state: State = "pending"
    check_at: datetime
    stored_as: str | None = None
    refusal: str | None = None

    @property
    def id(self) -> str:
        return self.facts.attachment_id

    @property
    def quarantined_as(self) -> str:
        """Where its upload lands: nothing is ever given out from there."""
        return f"quarantine/{self.secret}"

    @property
    def inline(self) -> bool:
        return self.facts.content_type.startswith(SHOWN)

    def completed(self, stored_as: str, now: datetime, **facts: str | int) -> Self:
        """Ready to be sent, with what its bytes say in place of what was said of them."""
        told = self.facts.model_copy(update=facts)
        return replace(self, state="ready", facts=told, stored_as=stored_as, check_at=now + UNSENT_FOR)

    def turned_away(self, why: str, now: datetime) -> Self:
        return replace(self, state="refused", refusal=why, check_at=now + UNSENT_FOR)

    @property
    def unbound(self) -> bool:
        """Uploaded before there was a session: its uploader's until it is sent, in whichever of theirs that is."""
        return self.session_id == self.uploader

    def may_be_sent(self, session_id: SessionId, sender: str, kind: str) -> None:
        """Raises what keeps it from being sent there, by this person, as a message of this kind."""
        elsewhere = self.session_id != session_id and not self.unbound
        if elsewhere or self.uploader != sender or self.state in ("pending", "refused"):
            raise AttachmentNotReady(
                "This file is not ready to be sent here. Upload it in this conversation, and complete it."
            )
        if self.state == "gone":
            raise AttachmentGone("This file is not kept any more. Upload it again.")
        if self.state == "sent":
            raise AttachmentSent("This file was sent already. Upload it again to send it again.")
        if self.facts.kind != kind:
            raise Invalid(
                f"This was uploaded as {self.facts.kind}, so it can't be sent as {kind}.",
                errors=(("kind", f"is not {self.facts.kind}, as the attachment is"),),
            )


def opened(
    new: NewAttachment,
    *,
    attachment_id: str,
    uploader: str,
    secret: str,
    thumbnail: str | None,
    now: datetime,
) -> Attachment:
    """Raises what is wrong with it before a byte is sent."""
    limit = LARGEST[new.kind]
    if new.size > limit:
        raise AttachmentTooLarge(
            f"This file has {new.size / _MB:,.1f} MB; {limit // _MB} MB is the most here.",
            errors=(("size", f"is more than {limit}"),),
        )
    if (
        new.kind == "voice"
        and new.duration_ms
        and new.duration_ms > LONGEST_VOICE / timedelta(milliseconds=1)
    ):
        raise VoiceTooLong(
            "A voice message lasts two minutes at most.", errors=(("duration_ms", "is more than 120000"),)
        )
    name = safe_name(new.name)
    if extension(name) in RUNS:
        raise ContentNotAllowed(
            "Programs, scripts and web pages are not taken here.",
            errors=(("name", "ends like something that runs"),),
        )
    facts = Facts(
        attachment_id=attachment_id,
        kind=new.kind,
        name=name,
        size=new.size,
        content_type="application/octet-stream",
        width=new.width,
        height=new.height,
        duration_ms=new.duration_ms,
        waveform=new.waveform,
        thumbnail=thumbnail,
    )
    return Attachment(
        session_id=SessionId(new.session_id or uploader),
        uploader=uploader,
        secret=secret,
        facts=facts,
        check_at=now + UNFINISHED_FOR,
    )
