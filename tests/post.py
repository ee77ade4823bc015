"""A tray that letters are put into, and a postman who may refuse or be away."""

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from chalicelib.kit.outside import MailRefused


@dataclass
class Tray:
    """By id, as the folder on one machine keeps them: sent twice it is one."""

    letters: dict[str, bytes] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    away: bool = False

    def send(self, mail_id: str, recipient: str, content: bytes) -> None:
        if self.away:
            raise ConnectionRefusedError("nobody carries letters now")
        if recipient in self.refuses:
            raise MailRefused("550")
        self.sent.append(recipient)
        self.letters[mail_id] = content

    def forget(self, mail_id: str) -> None:
        self.letters.pop(mail_id, None)

    @property
    def read(self) -> list[EmailMessage]:
        return [cast(EmailMessage, message_from_bytes(c, policy=default)) for c in self.letters.values()]
