"""Lists of sessions."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.rest import Page
from chalicelib.protocol.values import Session, State
from chalicelib.session_list.service import NothingAsked, SessionList, Wanted
from chalicelib.sessions.access import Access

Name = Annotated[str, Field(min_length=1, max_length=80)]


class SessionsQuery(Value):
    """A tab, or a search: by number, customer, words, agent, or time, of which the first named picks the index.

    `from` and `to`: when it ended, half-open; a month back where only others are named. `score` is the rating's.
    """

    tab: Literal["mine", "wrap_up", "to_file", "queue", "left", "closed"] | None = None
    state: State | None = None
    number: Annotated[str, Field(max_length=20)] | None = None
    customer_id: Annotated[str, Field(max_length=80)] | None = None
    agent_id: Annotated[str, Field(max_length=80)] | None = None
    queue_id: Name | None = None
    category_id: Name | None = None
    disposition: Name | None = None
    score: Annotated[int, Field(ge=1, le=5)] | None = None
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None
    q: Annotated[str, Field(max_length=200)] | None = None
    cursor: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25


def routes(lists: SessionList, access: Access) -> Routes:
    on = Routes()

    @on.get(
        "/v1/sessions",
        allow="session.read",
        query=SessionsQuery,
        answers=Page[Session],
        refuses=(BadCursor, NothingAsked),
    )
    def sessions(caller: Caller, query: SessionsQuery) -> Page[Session]:
        wanted = Wanted(**query.model_dump(exclude={"cursor", "limit"}))
        may = access.may(caller, "session.read")
        found = lists.page(caller, wanted, query.limit, query.cursor, may)
        return Page(items=found.items, next_cursor=found.next_cursor)

    return on
