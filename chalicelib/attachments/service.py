"""Attachments from the first form to the last sweep. Load → decide → save.

Nobody but its sender knows of an attachment before it is sent, and what was not looked at is never given out: an upload lands in
quarantine, and what is good of it is written anew under another name, in the very version that was looked at.
"""

from collections.abc import Callable

from chalicelib.attachments.model import (
    LARGEST,
    LINK_LASTS,
    UPLOAD_WITHIN,
    Attachment,
    AttachmentGone,
    AttachmentNotReady,
    AttachmentTooLarge,
    ContentNotAllowed,
    NoSuchAttachment,
    NotUploaded,
    opened,
)
from chalicelib.attachments.store import AttachmentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import Ids, derived
from chalicelib.kit.log import Log
from chalicelib.kit.outside import FileFacts, Files, NoSuchFile
from chalicelib.kit.values import SessionId
from chalicelib.protocol.contents import Attachment as Facts
from chalicelib.protocol.rest import AttachmentLink, AttachmentOpened, NewAttachment, UploadForm

Reach = Callable[[Caller, SessionId], object]
"""Raises what a session says to a caller whose business it is not."""

SWEPT_AT_ONCE = 500
"""What one run sweeps at most; the rest is the next one's."""


class Attachments:
    """`may_say`: whether the caller can say something in a session; `may_read`: whether they can read it."""

    def __init__(
        self,
        store: AttachmentStore,
        files: Files,
        ids: Ids,
        clock: Clock,
        machine_clock: Clock,
        log: Log,
        *,
        may_say: Reach,
        may_read: Reach,
    ) -> None:
        self._store = store
        self._files = files
        self._ids = ids
        self._now = clock
        self._machine_now = machine_clock
        self._log = log
        self._may_say = may_say
        self._may_read = may_read

    def open(self, caller: Caller, new: NewAttachment) -> AttachmentOpened:
        """A form for one file. Its policy says how many bytes and where to, so nothing larger comes in."""
        if new.session_id is not None:
            self._may_say(caller, SessionId(new.session_id))
        elif caller.kind != "customer":
            raise Invalid("Say in which conversation.", errors=(("session_id", "is missing"),))
        attachment = opened(
            new,
            attachment_id=self._ids.new(),
            uploader=caller.person.key,
            secret=self._ids.secret(),
            thumbnail=_thumbnail(new.thumbnail),
            now=self._now(),
        )
        self._store.open(attachment)
        expires_at = self._machine_now() + UPLOAD_WITHIN
        form = self._files.form(attachment.quarantined_as, largest=new.size, lasts=UPLOAD_WITHIN)
        return AttachmentOpened(
            attachment_id=attachment.id,
            upload=UploadForm(url=form.url, fields=dict(form.fields)),
            expires_at=expires_at,
        )

    def complete(self, caller: Caller, attachment_id: str) -> Facts:
        """Looks at what came, and keeps or deletes it. Asked again it says the same."""
        attachment = self._store.get(attachment_id)
        if attachment.uploader != caller.person.key:
            raise NoSuchAttachment("There is no such attachment.")
        self._reach(caller, attachment)
        if attachment.state == "pending":
            attachment = self._settled(attachment)
        if attachment.state == "refused":
            raise ContentNotAllowed(attachment.refusal or "")
        if attachment.state == "gone":
            raise AttachmentGone("This file is not kept any more. Upload it again.")
        return attachment.facts

    def link(self, caller: Caller, attachment_id: str) -> AttachmentLink:
        """For whoever reads its session; before it is sent, for its sender alone."""
        attachment = self._store.get(attachment_id)
        if attachment.uploader != caller.person.key and attachment.state not in ("sent", "gone"):
            raise NoSuchAttachment("There is no such attachment.")
        self._reach(caller, attachment)
        if attachment.state == "gone":
            raise AttachmentGone(
                "This file is not kept any more: its message was recalled, or it was never sent."
            )
        if attachment.stored_as is None:
            raise AttachmentNotReady(
                "This file is not ready: complete it first, and see whether it is taken."
            )
        expires_at = self._machine_now() + LINK_LASTS
        url = self._files.link(
            attachment.stored_as,
            name=attachment.facts.name,
            inline=attachment.inline,
            lasts=LINK_LASTS,
        )
        return AttachmentLink(url=url, expires_at=expires_at)

    def sweep(self) -> int:
        """Deletes what was not finished within an hour or not sent within a day, and what was recalled. Gives how many.

        Safe twice, late and cut short: what is given up stays on the list until its objects are deleted.
        """
        now, swept = self._now(), 0
        for attachment_id in self._store.due(now, SWEPT_AT_ONCE):
            try:
                if self._store.give_up(attachment_id, now):
                    self._discard(self._store.get(attachment_id))
                    swept += 1
            except Exception as error:  # noqa: BLE001  # one file's trouble keeps nothing from the others
                self._log(what="sweep", schedule="reap_connections", error=repr(error))
        return swept

    def let_go(self, attachment_id: str) -> None:
        """It is too old to be kept: its bytes go, and who asks for it is told."""
        try:
            attachment = self._store.get(attachment_id)
        except NoSuchAttachment:
            return
        self._delete(attachment)
        self._store.let_go(attachment)

    def erase(self, attachment_id: str) -> None:
        """Whatever of it lies anywhere, and that it ever was. Not there any more: nothing is done."""
        try:
            self._discard(self._store.get(attachment_id))
        except NoSuchAttachment:
            return

    def _reach(self, caller: Caller, attachment: Attachment) -> None:
        """Through its session; before there is one, by who uploaded it alone."""
        if not attachment.unbound:
            self._may_read(caller, attachment.session_id)
        elif attachment.uploader != caller.person.key:
            raise NoSuchAttachment("There is no such attachment.")

    def _settled(self, attachment: Attachment) -> Attachment:
        """What became of an upload. Of two calls at once the first decides, and the other's copy goes."""
        upload = self._files.look(attachment.quarantined_as)
        if upload is None:
            found = self._store.get(attachment.id)
            if found.state == "pending":
                raise NotUploaded("The file has not come yet. Send it with the form, then complete it.")
            return found
        looked = self._looked_at(attachment, upload)
        settled = looked if self._store.settle(looked) else self._store.get(attachment.id)
        if looked.stored_as not in (None, settled.stored_as):
            self._files.delete(_stored_as(attachment, upload))
        self._files.delete(attachment.quarantined_as)
        return settled

    def _looked_at(self, attachment: Attachment, upload: FileFacts) -> Attachment:
        try:
            return self._kept(attachment, upload)
        except (ContentNotAllowed, AttachmentTooLarge) as refusal:
            return attachment.turned_away(refusal.detail, self._now())
        except NoSuchFile as replaced:
            raise NotUploaded(
                "The file was sent once more while we looked at it. Complete it again."
            ) from replaced

    def _kept(self, attachment: Attachment, upload: FileFacts) -> Attachment:
        """The attachment once its good bytes lie where links read. Raises ContentNotAllowed."""
        from chalicelib.attachments.looking import (  # noqa: PLC0415  # most functions never look
            cleaned,
            found_type,
            is_picture,
        )
        from chalicelib.attachments.names import named_as  # noqa: PLC0415
        from chalicelib.attachments.sniffing import HEAD  # noqa: PLC0415

        facts, stored_as = attachment.facts, _stored_as(attachment, upload)
        if upload.size > LARGEST[facts.kind]:
            raise AttachmentTooLarge("This file is larger than was said.")

        def read(first: int, count: int) -> bytes:
            return self._files.read(attachment.quarantined_as, upload.version, first, count)

        head = read(0, HEAD)
        tail = read(max(0, upload.size - HEAD), HEAD) if head.startswith(b"PK") else b""
        found = found_type(facts.kind, facts.name, head, tail)
        name = named_as(facts.name, found.extensions)
        if not is_picture(found):
            self._files.copy(attachment.quarantined_as, upload.version, stored_as, found.content_type)
            return attachment.completed(
                stored_as, self._now(), name=name, content_type=found.content_type, size=upload.size
            )
        picture = cleaned(found, head if upload.size <= HEAD else head + read(HEAD, upload.size - HEAD))
        self._files.put(stored_as, picture.content, found.content_type)
        return attachment.completed(
            stored_as,
            self._now(),
            name=name,
            content_type=found.content_type,
            size=len(picture.content),
            width=picture.width,
            height=picture.height,
        )

    def _discard(self, attachment: Attachment) -> None:
        """Whatever of it may lie anywhere."""
        self._delete(attachment)
        self._store.forget(attachment.id)

    def _delete(self, attachment: Attachment) -> None:
        """Its bytes: a completion that was cut short may have left its copy."""
        upload = self._files.look(attachment.quarantined_as)
        if upload is not None:
            self._files.delete(_stored_as(attachment, upload))
            self._files.delete(attachment.quarantined_as)
        if attachment.stored_as:
            self._files.delete(attachment.stored_as)


def _stored_as(attachment: Attachment, upload: FileFacts) -> str:
    """Named by what was looked at: looking at the same again writes the same, at another upload something else."""
    return f"files/{derived(attachment.secret, upload.version)}"


def _thumbnail(sent: str | None) -> str | None:
    if sent is None:
        return None
    from chalicelib.attachments.looking import thumbnail  # noqa: PLC0415  # few uploads bring one

    return thumbnail(sent)
