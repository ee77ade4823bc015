"""A log read over REST, page by page, either way."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from chalicelib.kit.paging import from_cursor, to_cursor
from chalicelib.kit.values import Value
from chalicelib.protocol.events import CaughtUp
from chalicelib.protocol.rest import Page
from chalicelib.protocol.values import Message, SaidSeq, Seq

Place = tuple[int, int]
StaffSeq = Annotated[int, Field(ge=0, le=9_999)]


class MessagesQuery(Value):
    """`after` reads on, `before` scrolls up; both leave out what is named. `cursor` goes on where the page before ended."""

    after: Seq = 0
    before: SaidSeq | None = None
    cursor: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 100


def page_of(
    query: MessagesQuery,
    *,
    after: Callable[[Place], CaughtUp],
    before: Callable[[Place], CaughtUp],
    after_staff: int = 0,
    before_staff: int = 0,
) -> Page[Message]:
    """What is asked for, oldest first. A page may be shorter than `limit`: it ends where a post would be full."""
    upwards = query.before is not None
    place = (query.before or 0, before_staff) if upwards else (query.after, after_staff)
    if query.cursor:
        at = from_cursor(query.cursor, way="on|up", seq=r"\d{1,12}", staff=r"\d{1,6}")
        upwards, place = at["way"] == "up", (int(at["seq"]), int(at["staff"]))
    found = before(place) if upwards else after(place)
    if not found.more or not found.messages:
        return Page(items=found.messages)
    end = found.messages[0] if upwards else found.messages[-1]
    position = {"way": "up" if upwards else "on", "seq": str(end.seq), "staff": str(end.staff_seq or 0)}
    return Page(items=found.messages, next_cursor=to_cursor(position))
