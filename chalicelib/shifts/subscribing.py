"""Who may read a calendar without signing in: whoever has its key, which ends with all else that the agent is signed in by."""

import hashlib
import hmac
from datetime import timedelta

from chalicelib.agents.model import Agent, NoSuchAgent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.outside import SigningKeys
from chalicelib.kit.values import AgentId
from chalicelib.shifts.feed import as_calendar, events
from chalicelib.shifts.model import NoSuchShift
from chalicelib.shifts.reach import Reaches
from chalicelib.shifts.store import ShiftStore

BACK, AHEAD = timedelta(weeks=4), timedelta(weeks=8)


class Subscribing:
    def __init__(
        self, store: ShiftStore, reaches: Reaches, agents: AgentStore, keys: SigningKeys, clock: Clock
    ) -> None:
        self._store = store
        self._reaches = reaches
        self._agents = agents
        self._keys = keys
        self._now = clock

    def key(self, caller: Caller, agent_id: str) -> str:
        """One's own calendar's, or another's whose shifts one sees. Nothing is stored of it: it follows from the agent."""
        self._reaches.must(caller, "shift.read", agent_id)
        return _key(self._keys.keys[self._keys.current], self._agents.get(AgentId(agent_id)))

    def calendar(self, agent_id: str, key: str) -> str:
        """A wrong key and an unknown agent look the same."""
        try:
            agent = self._agents.get(AgentId(agent_id))
        except NoSuchAgent as error:
            raise NoSuchShift("There is no such calendar.") from error
        right = [hmac.compare_digest(_key(s, agent).encode(), key.encode()) for s in self._keys.keys.values()]
        if not any(right) or not agent.enabled:
            raise NoSuchShift("There is no such calendar.")
        now = self._now()
        roster = self._store.roster(agent, now - BACK, now + AHEAD)
        templates = {t.id: t for t in self._store.templates.all()}
        return as_calendar(
            events(roster, templates, now - BACK, now + AHEAD), f"Shifts of {agent.alias}", now
        )


def _key(secret: bytes, agent: Agent) -> str:
    said = f"shifts.ics\x00{agent.id}\x00{agent.epoch}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:40]
