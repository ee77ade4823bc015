"""A letter as it goes out: RFC 5322 with MIME, in UTF-8 under a transfer encoding that every relay carries.

What is not ours stands in headers without its line breaks and control characters: nobody adds a header, or a recipient, by what they
write.
"""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from chalicelib.mail.model import Mail

_LONGEST_SUBJECT = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_7BIT = SMTP.clone(cte_type="7bit")


def composed(mail: Mail, sender: str) -> bytes:
    """`sender`: an address, or `Name <address>`. The same letter is the same bytes, whenever it is composed."""
    name, address = parseaddr(sender)
    letter = EmailMessage(policy=_7BIT)
    letter["From"] = Address(_one_line(name), addr_spec=address)
    letter["To"] = Address(addr_spec=mail.to)
    letter["Subject"] = _one_line(mail.subject)[:_LONGEST_SUBJECT]
    letter["Date"] = format_datetime(mail.written_at)
    letter["Message-ID"] = f"<{mail.id}@{address.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(mail.text, charset="utf-8")
    return letter.as_bytes()


def _one_line(text: str) -> str:
    """Nor as an encoded word, which the library would decode, line breaks and all."""
    return _UNPRINTABLE.sub(" ", text).replace("=?", "= ?").strip()
