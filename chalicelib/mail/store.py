"""The outbox. A letter stands in it from the transaction that decided it until it is sent.

    mail:<id>  ·  ~mail        →  to, subject, text, tries
    due        due · check_at     those to try, by when; the index that sessions which time may change stand in too

Writing one costs 2 write units with its transaction and 1 of the index; each try 2, and 1 when it is sent.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.table import Put, Table, get_raw, named, query_page, update_only, was_refused
from chalicelib.kit.values import SessionId
from chalicelib.mail.model import Mail

TO_SEND = "due:mail"
_PARTITION, _PLACE = "mail:", "~mail"


class Due(GlobalSecondaryIndex[Any]):
    """The index that the session item declares."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    check_at = NumberAttribute(range_key=True)


class MailItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    due_index = Due()
    of_session = UnicodeAttribute()
    to = UnicodeAttribute()
    subject = UnicodeAttribute()
    text = UnicodeAttribute()
    written_at = NumberAttribute()
    tries = NumberAttribute()
    due = UnicodeAttribute()
    check_at = NumberAttribute()
    schema = NumberAttribute(default=1)


class MailStore:
    def find(self, mail_id: str) -> Mail | None:
        raw = get_raw(MailItem, f"{_PARTITION}{mail_id}", _PLACE)
        if raw is None:
            return None
        item = MailItem.from_raw_data(raw)
        return Mail(
            id=mail_id,
            session_id=SessionId(item.of_session),
            to=item.to,
            subject=item.subject,
            text=item.text,
            written_at=from_ms(item.written_at),
            tries=int(item.tries),
        )

    def begin(self, mail: Mail, now: datetime) -> bool:
        """One more try; False where somebody else has begun it. Until the next one is due, nobody else does."""
        try:
            update_only(
                _item(mail.id),
                [MailItem.tries.set(mail.tries + 1), MailItem.check_at.set(to_ms(mail.next_try_at(now)))],
                MailItem.tries == mail.tries,
            )
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def forget(self, mail_id: str) -> None:
        _item(mail_id).delete()

    def due(self, now: datetime, limit: int) -> Iterator[str]:
        """Ids of those to try, the longest due first. From the index: the item decides."""
        page = query_page(MailItem, TO_SEND, MailItem.check_at <= to_ms(now), index="due", limit=limit)
        yield from (raw["session_id"]["S"].removeprefix(_PARTITION) for raw in page.items)


def written(mail: Mail) -> Put:
    """The write that comes with what decided it."""
    return Put(
        MailItem(
            f"{_PARTITION}{mail.id}",
            _PLACE,
            of_session=mail.session_id,
            to=mail.to,
            subject=mail.subject,
            text=mail.text,
            written_at=to_ms(mail.written_at),
            tries=mail.tries,
            due=TO_SEND,
            check_at=to_ms(mail.written_at),
        )
    )


def _item(mail_id: str) -> MailItem:
    return MailItem(f"{_PARTITION}{mail_id}", _PLACE)
