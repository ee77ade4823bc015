"""Recounting what lies on each desk. Every write keeps it equal to the sessions; a drift would be a fault of ours, so it is
mended and said.
"""

from chalicelib.agents.model import ON_HOLD, WEIGHTS, Agent
from chalicelib.agents.store import AgentStore
from chalicelib.kit.log import Log
from chalicelib.kit.values import SessionId
from chalicelib.sessions.model import NoSuchSession
from chalicelib.sessions.store import SessionStore

PAGE = 100


class Recount:
    def __init__(self, agents: AgentStore, store: SessionStore, log: Log) -> None:
        self._agents = agents
        self._store = store
        self._log = log

    def run(self) -> int:
        """How many desks had drifted. One whose desk moved meanwhile is left to the next round."""
        drifted, cursor = 0, None
        while True:
            page = self._agents.page(PAGE, cursor)
            for agent in page.items:
                try:
                    drifted += self._recount(self._agents.get(agent.id))
                except Exception as error:  # noqa: BLE001  # one desk's trouble keeps nothing from the others
                    self._log(what="recount", agent_id=agent.id, error=repr(error))
            cursor = page.next_cursor
            if cursor is None:
                return drifted

    def _recount(self, agent: Agent) -> bool:
        states = {s: state for s in agent.slots if (state := self._state_on(agent, s))}
        load, held = sum(WEIGHTS[s] for s in states.values()), list(states.values()).count(ON_HOLD)
        if (frozenset(states), load, held) == (agent.slots, agent.load, agent.held):
            return False
        if not self._agents.mend_desk(agent, load, held, frozenset(states)):
            return False
        self._log(what="load_drift", agent_id=agent.id, count=load - agent.load)
        return True

    def _state_on(self, agent: Agent, session_id: str) -> str | None:
        """The state in which a session lies on this desk; None: it doesn't."""
        try:
            session = self._store.tail(SessionId(session_id)).session
        except NoSuchSession:
            return None
        return session.state if session.owner_id == agent.id and session.state in WEIGHTS else None
