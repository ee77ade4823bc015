"""Lists of sessions."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.agents.store import AgentStore
from chalicelib.gateway.answers import done
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.gateway.socket import Commands
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import AgentId, Instant, Value
from chalicelib.kit.zones import UnknownTimeZone, zone_of
from chalicelib.protocol.commands import Unwatch, Watch
from chalicelib.protocol.events import Accepted
from chalicelib.protocol.lists import Counts, Live
from chalicelib.protocol.rest import Page
from chalicelib.protocol.values import Session, State
from chalicelib.session_list.live import LiveBoard, counted
from chalicelib.session_list.service import NothingAsked, SessionList, Wanted
from chalicelib.session_list.watching import Watching
from chalicelib.sessions.access import Access

Name = Annotated[str, Field(min_length=1, max_length=80)]


class SessionsQuery(Value):
    """A tab, or a search: by number, customer, words, agent, or time, of which the first named picks the index.

    `from` and `to`: when it ended, half-open; a month back where only others are named. `score` is the rating's.
    """

    tab: (
        Literal["offered", "mine", "on_hold", "wrap_up", "to_file", "queue", "team", "left", "closed"] | None
    ) = None
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


class LiveQuery(Value):
    """`time_zone`: where today began, an IANA name; `queue_id`: that queue alone."""

    time_zone: Annotated[str, Field(max_length=60)] = "UTC"
    queue_id: Name | None = None


def routes(
    lists: SessionList, access: Access, watching: Watching, board: LiveBoard, agents: AgentStore
) -> Routes:
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

    @on.get("/v1/sessions/counts", allow="session.read", answers=Counts)
    def counts(caller: Caller) -> Counts:
        """What lies on others' desks is counted for those alone who look after all of them: to count a unit's, each would have to be read."""
        team = access.queues_read(caller) is None
        found = lists.counts(agents.get(AgentId(caller.id)), team=team)
        return Counts(tabs={tab: counted(many) for tab, many in found.items()})

    @on.get("/v1/live", allow="report.live", query=LiveQuery, answers=Live, refuses=(UnknownTimeZone,))
    def live(caller: Caller, query: LiveQuery) -> Live:
        zone = zone_of(query.time_zone)
        seen = set(watching.queues_of(caller, "report.live"))
        wanted = seen & {query.queue_id} if query.queue_id else seen
        return board.read([q for q in board.queues.all() if q.id in wanted], zone)

    return on


def commands(on: Commands, watching: Watching) -> None:
    @on.on(Watch, "agent", allow="session.read")
    def watch(caller: Caller, command: Watch) -> Accepted | None:
        watching.watch(caller, command, caller.socket)
        return done(command.client_id)

    @on.on(Unwatch, "agent", allow="session.read")
    def unwatch(caller: Caller, command: Unwatch) -> Accepted | None:
        watching.unwatch(caller, command, caller.socket)
        return done(command.client_id)
