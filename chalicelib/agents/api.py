"""Reading agents: oneself, or others as far as one's grants reach."""

from typing import Annotated

from pydantic import Field

from chalicelib.agents.breaks import BreakReasons, BreakReasonTaken
from chalicelib.agents.model import Agent as AgentKept, NoSuchAgent
from chalicelib.agents.statuses import StatusHistory
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor, Slice
from chalicelib.kit.values import AgentId, Instant
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.statuses import BreakReason, BreakReasonChange, NewBreakReason, StatusPeriod
from chalicelib.protocol.values import Agent
from chalicelib.units.service import Units


class HistoryQuery(PageQuery):
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None


def routes(
    agents: AgentStore,
    reasons: BreakReasons,
    history: StatusHistory,
    units: Units,
    clock: Clock,
    machine_clock: Clock,
) -> Routes:
    on = Routes()

    def seen(caller: Caller, agent_id: str) -> AgentKept:
        agent = agents.get(AgentId(agent_id))
        if not units.reach(caller, "agent.read").covers(owner_id=agent.id, unit_id=agent.unit_id):
            raise NoSuchAgent("There is no such agent.")
        return agent

    @on.get("/v1/agents", allow="agent.read", query=PageQuery, answers=Page[Agent], refuses=(BadCursor,))
    def list_agents(caller: Caller, query: PageQuery) -> Page[Agent]:
        """A page may be short and carry a cursor."""
        reach = units.reach(caller, "agent.read")
        if reach.everything:
            found = agents.page(query.limit, query.cursor)
        elif reach.units:
            found = agents.page_of(reach.units, query.limit, query.cursor)
        else:
            found = Slice([agents.get(AgentId(caller.id))])
        return Page(
            items=[a.read(machine_clock(), clock()) for a in found.items], next_cursor=found.next_cursor
        )

    @on.get("/v1/agents/{agent_id}", allow="agent.read", answers=Agent)
    def get_agent(caller: Caller, agent_id: str) -> Agent:
        return seen(caller, agent_id).read(machine_clock(), clock())

    @on.get(
        "/v1/agents/{agent_id}/status-history",
        allow="agent.read",
        query=HistoryQuery,
        answers=Page[StatusPeriod],
        refuses=(BadCursor,),
    )
    def status_history(caller: Caller, agent_id: str, query: HistoryQuery) -> Page[StatusPeriod]:
        """Newest first. `from` and `to` say when they began, half-open."""
        agent = seen(caller, agent_id)
        found = history.page(agent.id, query.since, query.until, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.get(
        "/v1/break-reasons",
        allow="break_reason.read",
        query=PageQuery,
        answers=Page[BreakReason],
        refuses=(BadCursor,),
    )
    def list_break_reasons(caller: Caller, query: PageQuery) -> Page[BreakReason]:
        found = reasons.page(query.limit, query.cursor)
        return Page(items=[r.read() for r in found.items], next_cursor=found.next_cursor)

    @on.post(
        "/v1/break-reasons",
        allow="break_reason.manage",
        body=NewBreakReason,
        answers=BreakReason,
        status=201,
        refuses=(BreakReasonTaken,),
    )
    def create_break_reason(caller: Caller, body: NewBreakReason) -> BreakReason:
        return reasons.create(body).read()

    @on.patch(
        "/v1/break-reasons/{reason_id}",
        allow="break_reason.manage",
        body=BreakReasonChange,
        answers=BreakReason,
        refuses=(StaleVersion,),
    )
    def change_break_reason(
        caller: Caller, reason_id: str, body: BreakReasonChange, version: int
    ) -> BreakReason:
        return reasons.change(reason_id, body, version).read()

    @on.delete("/v1/break-reasons/{reason_id}", allow="break_reason.manage")
    def delete_break_reason(caller: Caller, reason_id: str) -> None:
        reasons.delete(reason_id)

    return on
