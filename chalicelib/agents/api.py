"""Reading agents: oneself, or others as far as one's grants reach."""

from chalicelib.agents.model import NoSuchAgent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.clock import Clock
from chalicelib.kit.paging import BadCursor, Slice
from chalicelib.kit.values import AgentId
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.values import Agent
from chalicelib.units.service import Units


def routes(agents: AgentStore, units: Units, clock: Clock, machine_clock: Clock) -> Routes:
    on = Routes()

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
        agent = agents.get(AgentId(agent_id))
        if not units.reach(caller, "agent.read").covers(owner_id=agent.id, unit_id=agent.unit_id):
            raise NoSuchAgent("There is no such agent.")
        return agent.read(machine_clock(), clock())

    return on
