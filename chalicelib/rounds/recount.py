"""Recounting what lies on each desk. Every write keeps it equal to the sessions; a drift would be a fault of ours, so it is
mended and said.
"""

from chalicelib.agents.model import ON_DESK, ON_HOLD, Agent
from chalicelib.agents.store import AgentStore
from chalicelib.kit.log import Log
from chalicelib.kit.values import SessionId
from chalicelib.sessions.model import NoSuchSession, Session
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
        lying = [session for s in agent.slots if (session := self._on_desk(agent, s))]
        load = sum(session.weights.of(session.state) for session in lying)
        held = [session.state for session in lying].count(ON_HOLD)
        slots = frozenset(str(session.id) for session in lying)
        if (slots, load, held) == (agent.slots, agent.load, agent.held):
            return False
        if not self._agents.mend_desk(agent, load, held, slots):
            return False
        self._log(what="load_drift", agent_id=agent.id, count=load - agent.load)
        return True

    def _on_desk(self, agent: Agent, session_id: str) -> Session | None:
        """The session, if it lies on this desk."""
        try:
            session = self._store.tail(SessionId(session_id)).session
        except NoSuchSession:
            return None
        return session if session.owner_id == agent.id and session.state in ON_DESK else None
