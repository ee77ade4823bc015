"""Attachments, each a partition of its own in the sessions' table, beside the logs they are sent into.

    attachment:<id>  ·  ~attachment   →  session, uploader, state, facts (as told, JSON), …
    due              due · check_at      those that are swept if nothing happens: sparse, what was sent is not in it

    open        one Put                                     1 unit to 1 KB, and 1 of the index
    get         one consistent Get                          1 unit to 4 KB
    settle      one Update where it is still pending        1 unit to 1 KB, and 2 of the index
    sent, gone  one Update in the message's transaction     2 units to 1 KB, and 1 of the index
    due         one Query a page                            half a unit to 4 KB

Its thumbnail is most of an attachment's kilobytes: up to 5 with one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.attachments.model import Attachment, NoSuchAttachment, State
from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.table import Table, Update, get_raw, named, query_page, was_refused
from chalicelib.kit.values import SessionId
from chalicelib.protocol.contents import Attachment as Facts

SWEPT = "due:attachments"
"""Their partition of the index that sessions which time may change stand in too."""
PAGE = 100
_PARTITION, _PLACE = "attachment:", "~attachment"
_ID_LIMIT = 80


class Due(GlobalSecondaryIndex[Any]):
    """The index that the session item declares."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    check_at = NumberAttribute(range_key=True)


class AttachmentItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    due_index = Due()
    of_session = UnicodeAttribute()
    uploader = UnicodeAttribute()
    secret = UnicodeAttribute()
    facts = UnicodeAttribute()
    attachment_state = UnicodeAttribute()
    stored_as = UnicodeAttribute(null=True)
    refusal = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    check_at = NumberAttribute(null=True)
    schema = NumberAttribute(default=1)


class AttachmentStore:
    def open(self, attachment: Attachment) -> None:
        AttachmentItem(
            *_key(attachment.id),
            of_session=attachment.session_id,
            uploader=attachment.uploader,
            secret=attachment.secret,
            facts=attachment.facts.model_dump_json(),
            attachment_state=attachment.state,
            due=SWEPT,
            check_at=to_ms(attachment.check_at),
        ).save()

    def get(self, attachment_id: str) -> Attachment:
        """Raises NoSuchAttachment."""
        raw = get_raw(AttachmentItem, *_key(attachment_id)) if len(attachment_id) <= _ID_LIMIT else None
        if raw is None:
            raise NoSuchAttachment("There is no such attachment.")
        return _from(raw)

    def settle(self, attachment: Attachment) -> bool:
        """Stores what became of one that was pending; False where another call has settled it."""
        actions = [
            AttachmentItem.attachment_state.set(attachment.state),
            AttachmentItem.facts.set(attachment.facts.model_dump_json()),
            AttachmentItem.check_at.set(to_ms(attachment.check_at)),
        ]
        if attachment.stored_as:
            actions.append(AttachmentItem.stored_as.set(attachment.stored_as))
        if attachment.refusal:
            actions.append(AttachmentItem.refusal.set(attachment.refusal))
        return _updated(attachment.id, actions, AttachmentItem.attachment_state == "pending")

    def due(self, now: datetime, at_most: int) -> Iterator[str]:
        """Ids of those whose time is over, the longest first. From the index: the item itself decides."""
        start, left = None, at_most
        while left > 0:
            page = query_page(
                AttachmentItem,
                SWEPT,
                AttachmentItem.check_at <= to_ms(now),
                index="due",
                limit=min(left, PAGE),
                after=start,
            )
            yield from (raw["session_id"]["S"].removeprefix(_PARTITION) for raw in page.items)
            left, start = left - len(page.items), page.last_key
            if start is None:
                return

    def give_up(self, attachment_id: str, now: datetime) -> bool:
        """Nothing reads or sends it from now on; False where it is gone from the list by now."""
        over = AttachmentItem.check_at <= to_ms(now)
        return _updated(attachment_id, [AttachmentItem.attachment_state.set("gone")], over)

    def let_go(self, attachment: Attachment) -> None:
        """What is left of it: that it was, and is kept no more."""
        actions = [
            AttachmentItem.attachment_state.set("gone"),
            AttachmentItem.facts.set(attachment.facts.remains.model_dump_json()),
            AttachmentItem.stored_as.remove(),
            AttachmentItem.due.remove(),
            AttachmentItem.check_at.remove(),
        ]
        _updated(attachment.id, actions, AttachmentItem.session_id.exists())

    def forget(self, attachment_id: str) -> None:
        AttachmentItem(*_key(attachment_id)).delete()


def sent(attachment: Attachment, session_id: SessionId) -> Update:
    """The write that comes with its message: once, in its own session, by who uploaded it."""
    return Update(
        AttachmentItem(*_key(attachment.id)),
        [
            AttachmentItem.attachment_state.set("sent"),
            AttachmentItem.of_session.set(session_id),
            AttachmentItem.due.remove(),
            AttachmentItem.check_at.remove(),
        ],
        AttachmentItem.attachment_state == "ready",
    )


def taken_back(attachment_id: str, now: datetime) -> Update:
    """The write that comes with its message's recall: no link leads to it, and the next sweep deletes it."""
    return Update(
        AttachmentItem(*_key(attachment_id)),
        [
            AttachmentItem.attachment_state.set("gone"),
            AttachmentItem.due.set(SWEPT),
            AttachmentItem.check_at.set(to_ms(now)),
        ],
        AttachmentItem.attachment_state == "sent",
    )


def _updated(attachment_id: str, actions: Sequence[Action], condition: Condition) -> bool:
    try:
        AttachmentItem(*_key(attachment_id)).update(actions=list(actions), condition=condition)
    except UpdateError as error:
        if not was_refused(error):
            raise
        return False
    return True


def _key(attachment_id: str) -> tuple[str, str]:
    return f"{_PARTITION}{attachment_id}", _PLACE


def _from(raw: dict[str, Any]) -> Attachment:
    item = AttachmentItem.from_raw_data(raw)
    return Attachment(
        session_id=SessionId(item.of_session),
        uploader=item.uploader,
        secret=item.secret,
        facts=Facts.model_validate_json(item.facts),
        state=cast(State, item.attachment_state),
        check_at=from_ms(item.check_at or 0),
        stored_as=item.stored_as,
        refusal=item.refusal,
    )
