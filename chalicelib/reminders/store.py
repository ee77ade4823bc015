"""Reminders, each with the session or the customer it is on: what erases those erases them.

    <session> or customer:<customer>  ·  ~r<reminder>  →  whose, when, of what

    waiting (index)   remind:<agent> · when         an agent's open ones, the first due first; sparse
    due (index)       reminders · check_at          those that nobody was told of yet; sparse

The indexes are the sessions' own, under names no queue and no sweep has. Making one costs 3 write units, a list a Query and a batch
of Gets, the minute's look one Query.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib.kit.clock import from_ms, from_ms_or_none, to_ms
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import (
    KeyMap,
    Table,
    get_raw,
    named,
    query_all,
    query_page,
    update_only,
    was_refused,
)
from chalicelib.kit.values import AgentId, CustomerId, SessionId
from chalicelib.reminders.model import NoSuchReminder, Reminder
from chalicelib.sessions.items import SessionItem

PLACE: Final = "~r"
DUE: Final = "reminders"


class ReminderItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    remind = UnicodeAttribute()
    on_session = UnicodeAttribute(null=True)
    on_customer = UnicodeAttribute()
    remind_at = NumberAttribute()
    note = UnicodeAttribute(null=True)
    made_at = NumberAttribute()
    told_at = NumberAttribute(null=True)
    done_at = NumberAttribute(null=True)
    waiting = UnicodeAttribute(null=True)
    rank = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    check_at = NumberAttribute(null=True)


class ReminderStore:
    def add(self, reminder: Reminder) -> None:
        _to_item(reminder).save(condition=ReminderItem.session_id.does_not_exist())

    def of_agent(self, agent_id: AgentId, limit: int, cursor: str | None = None) -> Slice[Reminder]:
        """The open ones, by their time."""
        start: KeyMap | None = None
        if cursor:
            at = from_cursor(cursor, about=SOME_ID, id=SOME_ID, rank=r"\d{15}:[\w-]{1,80}")
            start = {
                "waiting": {"S": _open_of(agent_id)},
                "rank": {"S": at["rank"]},
                "session_id": {"S": at["about"]},
                "place": {"S": PLACE + at["id"]},
            }
        page = query_page(SessionItem, _open_of(agent_id), index="waiting", limit=limit, after=start)
        more = None
        if page.last_key:
            more = to_cursor(
                {
                    "about": page.last_key["session_id"]["S"],
                    "id": page.last_key["place"]["S"].removeprefix(PLACE),
                    "rank": page.last_key["rank"]["S"],
                }
            )
        keys = [(raw["session_id"]["S"], raw["place"]["S"]) for raw in page.items]
        found = [_from_item(item) for item in ReminderItem.batch_get(keys)] if keys else []
        return Slice(sorted((r for r in found if not r.done_at), key=lambda r: (r.at, r.id)), more)

    def find(self, agent_id: AgentId, reminder_id: str, about: str) -> Reminder:
        """One of this agent's own."""
        raw = get_raw(ReminderItem, about, PLACE + reminder_id)
        found = _from_item(ReminderItem.from_raw_data(raw)) if raw else None
        if found is None or found.agent_id != agent_id:
            raise NoSuchReminder("There is no such reminder.")
        return found

    def due(self, by: datetime) -> Iterator[Reminder]:
        """Those whose time has come and nobody was told. From the index: the item decides."""
        start: KeyMap | None = None
        while True:
            where = SessionItem.check_at <= to_ms(by)
            page = query_page(SessionItem, DUE, where, index="due", limit=100, after=start)
            for raw in page.items:
                whole = get_raw(ReminderItem, raw["session_id"]["S"], raw["place"]["S"])
                if whole:
                    yield _from_item(ReminderItem.from_raw_data(whole))
            start = page.last_key
            if start is None:
                return

    def replace(self, reminder: Reminder) -> bool:
        """The next version over the one it was made from; False where somebody was quicker."""
        item = _to_item(reminder)
        attributes: dict[str, Any] = dict(ReminderItem.get_attributes())
        names = ("version", "told_at", "done_at", "waiting", "rank", "due", "check_at")
        actions = [
            attributes[name].remove() if value is None else attributes[name].set(value)
            for name, value in ((name, getattr(item, name)) for name in names)
        ]
        key = ReminderItem(reminder.about, PLACE + reminder.id)
        try:
            update_only(key, actions, ReminderItem.version == reminder.version - 1)
        except UpdateError as error:
            if not was_refused(error):
                raise
            return False
        return True

    def erase(self, customer_id: CustomerId) -> None:
        """Those on a customer; those on a session go with it."""
        for raw in query_all(ReminderItem, f"customer:{customer_id}", consistent=True):
            ReminderItem(raw["session_id"]["S"], raw["place"]["S"]).delete()


def _open_of(agent_id: AgentId) -> str:
    return f"remind:{agent_id}"


def _to_item(reminder: Reminder) -> ReminderItem:
    opened, untold = reminder.done_at is None, reminder.told_at is None and reminder.done_at is None
    return ReminderItem(
        reminder.about,
        PLACE + reminder.id,
        version=reminder.version,
        remind=reminder.agent_id,
        on_session=reminder.session_id,
        on_customer=reminder.customer_id,
        remind_at=to_ms(reminder.at),
        note=reminder.note or None,
        made_at=to_ms(reminder.created_at),
        told_at=to_ms(reminder.told_at) if reminder.told_at else None,
        done_at=to_ms(reminder.done_at) if reminder.done_at else None,
        waiting=_open_of(reminder.agent_id) if opened else None,
        rank=f"{to_ms(reminder.at):015d}:{reminder.id}" if opened else None,
        due=DUE if untold else None,
        check_at=to_ms(reminder.at) if untold else None,
    )


def _from_item(item: ReminderItem) -> Reminder:
    return Reminder(
        id=item.place.removeprefix(PLACE),
        version=int(item.version),
        agent_id=AgentId(item.remind),
        session_id=SessionId(item.on_session) if item.on_session else None,
        customer_id=CustomerId(item.on_customer),
        at=from_ms(item.remind_at),
        note=item.note or "",
        created_at=from_ms(item.made_at),
        told_at=from_ms_or_none(item.told_at),
        done_at=from_ms_or_none(item.done_at),
    )
