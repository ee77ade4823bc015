"""Letters: what goes out is one letter to one recipient, whatever is written in it; and how SES, SMTP and a folder carry it."""

import smtplib
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self, cast

import botocore.session
import pytest
from botocore.stub import Stubber

from chalicelib.cloud import SesMailer
from chalicelib.kit.outside import MailRefused
from chalicelib.kit.values import SessionId
from chalicelib.mail.mime import composed
from chalicelib.mail.model import Mail
from infra.local.mail import FolderMailer, SmtpMailer

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def letter(**facts: Any) -> Mail:
    usual = {
        "id": "M1",
        "session_id": SessionId("S"),
        "to": "cleo@example.com",
        "subject": "Re: your order",
        "text": "It comes tomorrow",
        "written_at": AT,
    }
    return Mail(**{**usual, **facts})  # type: ignore[arg-type]


def read(content: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(content, policy=default))


def test_every_script_arrives_as_it_was_written_and_travels_in_seven_bits() -> None:
    text, subject = "Grüße, 您好 👋🏽\n" + "长" * 2_000 + "\n.\nend", "Заказ 您好"
    content = composed(letter(text=text, subject=subject), "演示商店 <desk@shop.example>")

    found = read(content)
    assert found.get_content().splitlines() == text.splitlines()
    assert (found["Subject"], found["From"]) == (subject, "演示商店 <desk@shop.example>")
    assert content.isascii()
    assert max(len(line) for line in content.splitlines()) <= 998
    assert found["Message-ID"] == "<M1@shop.example>"
    assert found["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "evil",
    [
        "Hi\r\nBcc: all@example.com",
        "Hi\nTo: all@example.com\n\nbody",
        "Hi\x00\x0b\x0c\x1c\x85\u2028Bcc: all@example.com",
        "=?utf-8?q?Hi=0D=0ABcc:_all@example.com?=",
    ],
)
def test_no_header_is_added_by_what_somebody_wrote(evil: str) -> None:
    for mail in (letter(subject=evil), letter(text=evil)):
        found = read(composed(mail, f"{evil} <desk@shop.example>".replace("\x00", "")))

        assert sorted(found.keys()) == sorted(
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "Content-Type",
                "Content-Transfer-Encoding",
                "MIME-Version",
            ]
        )
        assert [a.addr_spec for a in found["To"].addresses] == ["cleo@example.com"]
        assert found["Bcc"] is None


@pytest.mark.parametrize("to", ["a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "nobody", ""])
def test_a_letter_has_one_recipient(to: str) -> None:
    with pytest.raises((ValueError, IndexError, Exception)):
        composed(letter(to=to), "desk@shop.example")


def test_the_same_letter_is_the_same_bytes() -> None:
    assert composed(letter(), "desk@shop.example") == composed(letter(), "desk@shop.example")


# the folder


def test_in_the_folder_a_letter_is_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail")
    for _ in range(2):
        mailer.send("M1", "cleo@example.com", b"content")

    (file,) = (tmp_path / "mail").iterdir()
    assert (file.name, file.read_bytes()) == ("M1.eml", b"content")
    mailer.forget("M1")
    mailer.forget("M1")
    assert list((tmp_path / "mail").iterdir()) == []


# SES


def _ses() -> tuple[SesMailer, Stubber]:
    client = botocore.session.get_session().create_client(
        "ses", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    return SesMailer(lambda: client), Stubber(client)


def test_ses_is_handed_the_letter_as_it_is_for_its_one_recipient() -> None:
    mailer, stub = _ses()
    stub.add_response(
        "send_raw_email",
        {"MessageId": "1"},
        {"Destinations": ["cleo@example.com"], "RawMessage": {"Data": b"content"}},
    )
    with stub:
        mailer.send("M1", "cleo@example.com", b"content")

    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("MessageRejected", MailRefused),
        ("InvalidParameterValue", MailRefused),
        ("Throttling", Exception),
        ("MailFromDomainNotVerifiedException", Exception),
    ],
)
def test_what_ses_refuses_for_good_is_told_from_what_may_go_out_later(
    code: str, raised: type[Exception]
) -> None:
    mailer, stub = _ses()
    stub.add_client_error("send_raw_email", code)
    with stub, pytest.raises(raised) as refusal:
        mailer.send("M1", "cleo@example.com", b"content")

    assert isinstance(refusal.value, MailRefused) == (raised is MailRefused)


# SMTP


class Server:
    """What smtplib would be asked for."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.refuses = refuses
        self.sent: list[tuple[str, list[str], bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def sendmail(self, sender: str, to: list[str], content: bytes) -> None:
        if self.refuses:
            raise self.refuses
        self.sent.append((sender, to, content))


class Relay(SmtpMailer):
    def __init__(self, server: Server) -> None:
        super().__init__("smtp://localhost:2525")
        self.server = server

    def _connected(self) -> Any:
        return self.server


def test_smtp_is_handed_the_letter_from_its_sender_to_its_recipient() -> None:
    server = Server()
    content = composed(letter(), "Demo <desk@shop.example>")

    Relay(server).send("M1", "cleo@example.com", content)

    assert server.sent == [("desk@shop.example", ["cleo@example.com"], content)]


@pytest.mark.parametrize(
    ("refusal", "how_long"),
    [
        (smtplib.SMTPRecipientsRefused({"cleo@example.com": (550, b"unknown")}), "for good"),
        (smtplib.SMTPRecipientsRefused({"cleo@example.com": (450, b"greylisted")}), "for now"),
        (smtplib.SMTPDataError(554, b"no"), "for good"),
        (smtplib.SMTPSenderRefused(451, b"later", "x"), "for now"),
        (ConnectionRefusedError(), "for now"),
    ],
)
def test_what_smtp_refuses_for_good_is_told_from_what_may_go_out_later(
    refusal: Exception, how_long: str
) -> None:
    with pytest.raises(Exception) as raised:
        Relay(Server(refusal)).send("M1", "cleo@example.com", composed(letter(), "desk@shop.example"))

    assert isinstance(raised.value, MailRefused) == (how_long == "for good")
