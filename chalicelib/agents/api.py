"""Reading agents: oneself, or all with a wider scope."""

from chalicelib.agents.model import NoSuchAgent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.clock import Clock
from chalicelib.kit.paging import BadCursor, Slice
from chalicelib.kit.values import AgentId
from chalicelib.permissions.model import reads_others, scopes
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.values import Agent


def routes(agents: AgentStore, clock: Clock, machine_clock: Clock) -> Routes:
    on = Routes()

    def sees_all(caller: Caller) -> bool:
        return reads_others(scopes(caller.role_ids, "agent.read"))

    @on.get("/v1/agents", allow="agent.read", query=PageQuery, answers=Page[Agent], refuses=(BadCursor,))
    def list_agents(caller: Caller, query: PageQuery) -> Page[Agent]:
        own = [agents.get(AgentId(caller.id))]
        found = agents.page(query.limit, query.cursor) if sees_all(caller) else Slice(own)
        return Page(
            items=[a.read(machine_clock(), clock()) for a in found.items], next_cursor=found.next_cursor
        )

    @on.get("/v1/agents/{agent_id}", allow="agent.read", answers=Agent)
    def get_agent(caller: Caller, agent_id: str) -> Agent:
        if agent_id != caller.id and not sees_all(caller):
            raise NoSuchAgent("There is no such agent.")
        return agents.get(AgentId(agent_id)).read(machine_clock(), clock())

    return on
