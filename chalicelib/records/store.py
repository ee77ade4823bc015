"""What finds a record again. The sessions themselves stay where they are: `sessions/items.py` draws them.

    w:<word>  ·  created_at:session_id          whoever said the word, newest first

    by_month (index)   ended_month · ended_at   with what lists filter by; a Query reads on in it, 100 sessions a request

Indexing a record costs a write unit a different word, `words.MOST` at most; finding by words a Query and a batch of Gets for
each further word.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.kit.clock import to_ms
from chalicelib.kit.paging import SOME_ID, Slice, bad_cursor, from_cursor, to_cursor
from chalicelib.kit.table import KeyMap, Table, named, query_page
from chalicelib.kit.values import SessionId, Value
from chalicelib.sessions.items import HEAD, SessionItem, month_of
from chalicelib.sessions.model import Session

REQUESTS: Final = 4
"""Requests to the store that one page may cost; it may be short, and carries a cursor."""
AT_ONCE: Final = 100
MOST_NAMED: Final = 100
"""Values that one IN of a condition takes."""
MOST_WORDS: Final = 3


class WordItem(Table):
    class Meta(Table.Meta):
        table_name = named("sessions")

    session_id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)


class Filter(Value):
    """What a record must have. `since` and `until`: when it ended, half-open. `within`: one of these queues; none is any."""

    queue_id: str | None = None
    within: Sequence[str] | None = None
    source_id: str | None = None
    category_id: str | None = None
    option_id: str | None = None
    score: int | None = None
    since: datetime
    until: datetime


class RecordStore:
    def index(self, session_id: SessionId, created_at: datetime, words: Sequence[str]) -> None:
        """Twice is nothing: the same words of the same session stand at the same places."""
        with WordItem.batch_write() as batch:
            for word in words:
                batch.save(WordItem(f"w:{word}", _place(created_at, session_id)))

    def forget(self, session_id: SessionId, created_at: datetime, words: Sequence[str]) -> None:
        with WordItem.batch_write() as batch:
            for word in words:
                batch.delete(WordItem(f"w:{word}", _place(created_at, session_id)))

    def having(self, words: Sequence[str], limit: int, cursor: str | None) -> Slice[SessionId]:
        """Sessions in which all of the words were said, newest first; of many words the three longest count.

        The longest, which is likely the rarest, leads; the others are looked up where it stands.
        """
        below = from_cursor(cursor, below=rf"\d{{15}}:{SOME_ID}")["below"] if cursor else "\uffff"
        lead, *others = _counting(words)
        found: list[str] = []
        for _ in range(max(1, REQUESTS // (1 + len(others)))):
            page = query_page(WordItem, f"w:{lead}", WordItem.place < below, newest_first=True, limit=AT_ONCE)
            places = [raw["place"]["S"] for raw in page.items]
            for word in others:
                said = {item.place for item in WordItem.batch_get([(f"w:{word}", p) for p in places])}
                places = [p for p in places if p in said]
            found += places
            below = page.last_key["place"]["S"] if page.last_key else ""
            if not below or len(found) >= limit:
                break
        more = found[limit - 1] if len(found) > limit else below
        ids = [SessionId(place.partition(":")[2]) for place in found[:limit]]
        return Slice(ids, to_cursor({"below": more}) if more else None)

    def saying(self, words: Sequence[str], sessions: Sequence[Session]) -> list[Session]:
        """Those of them in which all of the words were said: one batch of Gets a hundred."""
        keys = [(f"w:{w}", _place(s.created_at, s.id)) for s in sessions for w in _counting(words)]
        said = {(item.session_id, item.place) for item in WordItem.batch_get(keys)} if keys else set()
        return [
            s
            for s in sessions
            if all((f"w:{w}", _place(s.created_at, s.id)) in said for w in _counting(words))
        ]

    def ended(
        self, wanted: Filter, limit: int, cursor: str | None, *, oldest_first: bool = False
    ) -> Slice[SessionId]:
        """Sessions that ended in the time and pass the filter, newest first or oldest, month by month."""
        first, last = month_of(wanted.until), month_of(wanted.since)
        if oldest_first:
            first, last = last, first
        month, start = _position(wanted, cursor) if cursor else (first, None)
        found: list[SessionId] = []
        for _ in range(REQUESTS):
            page = query_page(
                SessionItem,
                month,
                SessionItem.ended_at.between(to_ms(wanted.since), to_ms(wanted.until) - 1),
                index="by_month",
                newest_first=not oldest_first,
                limit=AT_ONCE,
                after=start,
                only=_condition(wanted),
            )
            for raw in page.items:
                found.append(SessionId(raw["session_id"]["S"]))
                if len(found) == limit:
                    position = {"month": month, "id": found[-1], "at": raw["ended_at"]["N"]}
                    return Slice(found, to_cursor(position))
            start = page.last_key
            if start is None:
                if month == last:
                    return Slice(found)
                month = _after(month) if oldest_first else _before(month)
        position = {"month": month, "id": "", "at": ""}
        if start:
            position |= {"id": start["session_id"]["S"], "at": start["ended_at"]["N"]}
        return Slice(found, to_cursor(position))


def _counting(words: Sequence[str]) -> list[str]:
    """Of many words the longest, the likely rarest first."""
    return sorted(set(words), key=lambda w: (-len(w), w))[:MOST_WORDS]


def _position(wanted: Filter, cursor: str) -> tuple[str, KeyMap | None]:
    """Where a list goes on: in which month, behind which session. Raises BadCursor for one of another search."""
    at = from_cursor(cursor, month=r"\d{4}-(0[1-9]|1[0-2])", id=f"({SOME_ID})?", at=r"\d{0,15}")
    month = at["month"]
    if bool(at["id"]) != bool(at["at"]) or not month_of(wanted.since) <= month <= month_of(wanted.until):
        raise bad_cursor()
    if not at["id"]:
        return month, None
    if not to_ms(wanted.since) <= int(at["at"]) < to_ms(wanted.until):
        raise bad_cursor()
    return month, _key(month, at["at"], at["id"])


def _condition(wanted: Filter) -> Condition | None:
    condition: Condition | None = None
    for attribute, value in (
        (SessionItem.queue_id, wanted.queue_id),
        (SessionItem.source_id, wanted.source_id),
        (SessionItem.category_id, wanted.category_id),
        (SessionItem.option_id, wanted.option_id),
        (SessionItem.score, wanted.score),
    ):
        if value is not None:
            one = attribute == value
            condition = one if condition is None else condition & one
    if wanted.within is not None:
        some = [wanted.within[at : at + MOST_NAMED] for at in range(0, len(wanted.within), MOST_NAMED)]
        theirs: Condition = reduce(or_, (SessionItem.queue_id.is_in(*ids) for ids in some))
        condition = theirs if condition is None else condition & theirs
    return condition


def _place(created_at: datetime, session_id: SessionId) -> str:
    return f"{to_ms(created_at):015d}:{session_id}"


def _key(month: str, ended_at: str, session_id: str) -> KeyMap:
    return {
        "ended_month": {"S": month},
        "ended_at": {"N": ended_at},
        "session_id": {"S": session_id},
        "place": {"S": HEAD},
    }


def _before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1):04d}-{(number - 2) % 12 + 1:02d}"


def _after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + (number == 12):04d}-{number % 12 + 1:02d}"  # noqa: PLR2004  # months of a year
