"""Sending what stands in the outbox: at once by who wrote it, and by the minute what that did not do.

A letter is forgotten when it is sent. Who dies between sending and forgetting has it sent once more, as the same letter: its
`Message-ID`, and on one machine its file, are the same.
"""

from collections.abc import Callable
from typing import Literal

from chalicelib.kit.clock import Clock
from chalicelib.kit.log import Log
from chalicelib.kit.outside import Mailer, MailRefused
from chalicelib.mail.mime import composed
from chalicelib.mail.model import Mail, MailNotSetUp
from chalicelib.mail.store import MailStore

AT_ONCE = 50
Fate = Literal["sent", "refused", "later"]
"""`refused`: for good, or so often that it is given up."""


class Post:
    def __init__(self, store: MailStore, mailer: Mailer | None, sender: str, clock: Clock, log: Log) -> None:
        self._store = store
        self._mailer = mailer
        self._sender = sender
        self._now = clock
        self._log = log

    def is_open(self) -> None:
        """Raises `MailNotSetUp`."""
        if self._mailer is None or not self._sender:
            raise MailNotSetUp(
                "No address to send e-mail from is set up here. Answer in another way, or ask who runs Deskbell to set one."
            )

    def send(self, mail_id: str) -> Fate:
        """One try. Sent by another meanwhile, or forgotten: it is sent."""
        mail = self._store.find(mail_id)
        if mail is None:
            return "sent"
        if self._mailer is None:
            return "later"
        if not self._store.begin(mail, self._now()):
            return "later"
        return self._sent(mail, self._mailer)

    def _sent(self, mail: Mail, mailer: Mailer) -> Fate:
        try:
            mailer.send(mail.id, mail.to, composed(mail, self._sender))
        except MailRefused as error:
            self._log(what="mail", session_id=mail.session_id, error=repr(error))
            self._store.forget(mail.id)
            return "refused"
        except Exception as error:  # noqa: BLE001  # whatever keeps it from going out may be over next time
            self._log(what="mail", session_id=mail.session_id, error=repr(error))
            if not mail.on_its_last_try:
                return "later"
            self._store.forget(mail.id)
            return "refused"
        self._store.forget(mail.id)
        return "sent"

    def send_due(self, refused: Callable[[Mail], None]) -> int:
        """Tries what is due; `refused` hears of each that never went out. Gives how many did. Safe twice, late and overlapping."""
        sent = 0
        for mail_id in list(self._store.due(self._now(), AT_ONCE)):
            try:
                mail = self._store.find(mail_id)
                fate = self.send(mail_id)
                if mail and fate == "refused":
                    refused(mail)
                sent += fate == "sent"
            except Exception as error:  # noqa: BLE001  # one letter's trouble keeps nothing from the others
                self._log(what="mail", error=repr(error))
        return sent

    def forget(self, mail_id: str) -> None:
        """Whatever of it lies anywhere here."""
        self._store.forget(mail_id)
        if self._mailer is not None:
            self._mailer.forget(mail_id)
