"""Recounting what lies on each desk. Every write keeps it equal to the sessions; a drift would be a fault of ours, so it is
mended and said.
"""

from collections import defaultdict

from chalicelib.agents.model import ON_HOLD, Agent
from chalicelib.agents.store import AgentStore
from chalicelib.kit.log import Log
from chalicelib.kit.values import AgentId, SessionId
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
        lies_on = self._desks()
        drifted, cursor = 0, None
        while True:
            page = self._agents.page(PAGE, cursor)
            for agent in page.items:
                try:
                    drifted += self._recount(self._agents.get(agent.id), lies_on[agent.id])
                except Exception as error:  # noqa: BLE001  # one desk's trouble keeps nothing from the others
                    self._log(what="recount", agent_id=agent.id, error=repr(error))
            cursor = page.next_cursor
            if cursor is None:
                return drifted

    def _desks(self) -> defaultdict[AgentId, set[str]]:
        """What lies on each desk by the sessions themselves: a read for each that is live, so that a slot that is missing is found."""
        lies_on = defaultdict[AgentId, set[str]](set)
        for session_id in self._store.live():
            try:
                session = self._store.tail(session_id, consistent=False).session
            except NoSuchSession:
                continue
            for agent_id in session.desks:
                lies_on[agent_id].add(session_id)
        return lies_on

    def _recount(self, agent: Agent, lying: set[str]) -> bool:
        """From the sessions as they are at this moment: the desk is mended only if it is still the one that was read before."""
        lies_on = [session for s in sorted(agent.slots | lying) if (session := self._on_desk(agent, s))]
        states = [(s.weights, s.desks[agent.id]) for s in lies_on]
        load = sum(weights.of(state) for weights, state in states)
        held = [state for _, state in states].count(ON_HOLD)
        slots = frozenset(str(session.id) for session in lies_on)
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
        return session if agent.id in session.desks else None
