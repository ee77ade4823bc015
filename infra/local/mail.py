"""What carries e-mail away from one machine: a folder to look into, or a server that speaks SMTP."""

import smtplib
import ssl
from contextlib import suppress
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from chalicelib.kit.outside import MailRefused
from infra.local.folder import write_whole

_TIMEOUT_S = 20
_FOR_GOOD = 500


class FolderMailer:
    """Each letter is a file by its id: sent again it is written again, the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail_id: str, recipient: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self._file(mail_id), content)

    def forget(self, mail_id: str) -> None:
        with suppress(FileNotFoundError):
            self._file(mail_id).unlink()

    def _file(self, mail_id: str) -> Path:
        return self._folder / f"{mail_id}.eml"


class SmtpMailer:
    """`smtp://user:password@host:587` upgrades to TLS before it says anything, `smtps://…:465` begins with it. On loopback, where
    a relay of one's own listens, `smtp://` goes as it is.
    """

    def __init__(self, address: str) -> None:
        self._at = urlsplit(address)

    def send(self, mail_id: str, recipient: str, content: bytes) -> None:
        sender = parseaddr(str(message_from_bytes(content)["From"]))[1]
        try:
            with self._connected() as server:
                server.sendmail(sender, [recipient], content)
        except smtplib.SMTPRecipientsRefused as error:
            (code, _), *_ = error.recipients.values()
            if code >= _FOR_GOOD:
                raise MailRefused(str(code)) from error
            raise
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            if error.smtp_code >= _FOR_GOOD:
                raise MailRefused(str(error.smtp_code)) from error
            raise

    def forget(self, mail_id: str) -> None:
        """It was carried away."""

    def _connected(self) -> smtplib.SMTP:
        host, tls = self._at.hostname or "localhost", ssl.create_default_context()
        if self._at.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self._at.port or 465, timeout=_TIMEOUT_S, context=tls
            )
        else:
            server = smtplib.SMTP(host, self._at.port or 587, timeout=_TIMEOUT_S)
            if host not in ("localhost", "127.0.0.1", "::1"):
                server.starttls(context=tls)
        if self._at.username:
            server.login(unquote(self._at.username), unquote(self._at.password or ""))
        return server
