"""Lists of sessions."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import Value
from chalicelib.protocol.rest import Page
from chalicelib.protocol.values import Session
from chalicelib.session_list.service import NothingAsked, SessionList, Wanted
from chalicelib.sessions.access import Access


class SessionsQuery(Value):
    tab: Literal["mine", "wrap_up", "queue", "closed"] | None = None
    number: Annotated[str, Field(max_length=20)] | None = None
    customer_id: Annotated[str, Field(max_length=80)] | None = None
    agent_id: Annotated[str, Field(max_length=80)] | None = None
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
        wanted = Wanted(
            tab=query.tab, number=query.number, customer_id=query.customer_id, agent_id=query.agent_id
        )
        may = access.may(caller, "session.read")
        found = lists.page(caller, wanted, query.limit, query.cursor, may)
        return Page(items=found.items, next_cursor=found.next_cursor)

    return on
