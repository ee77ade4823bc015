"""Every change of a roster goes through here: read, decide, and save with the fence and the agents' caches in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chalicelib.agents.duty import DutyCache
from chalicelib.agents.model import Agent, NoSuchAgent, RosterMoved
from chalicelib.agents.store import AgentStore
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Clash, Write
from chalicelib.kit.values import AgentId
from chalicelib.shifts.calendar import Roster, cache_of
from chalicelib.shifts.model import RosterBusy
from chalicelib.shifts.moments import AROUND, block_at, moments
from chalicelib.shifts.store import ShiftStore

T = TypeVar("T")
ATTEMPTS = 6
NEAR, FAR = timedelta(days=10), timedelta(weeks=8)
"""How far the cache looks: near first, and far only where near there is too little."""


@dataclass(frozen=True)
class Decided(Generic[T]):
    """What to write, the rosters as they are then, and what to tell whoever asked."""

    value: T
    writes: Sequence[Write] = ()
    rosters: Mapping[AgentId, Roster] = field(default_factory=dict)


class Rosters:
    """`came_on` is told of each agent whom a change lets work now: whoever waits may be served at once."""

    def __init__(
        self, store: ShiftStore, agents: AgentStore, ids: Ids, clock: Clock, came_on: Callable[[Agent], None]
    ) -> None:
        self._store = store
        self._agents = agents
        self._ids = ids
        self._now = clock
        self._came_on = came_on

    def agent(self, agent_id: str, path: str = "agent_id") -> Agent:
        """One that a body names."""
        try:
            return self._agents.get(AgentId(agent_id))
        except NoSuchAgent as error:
            raise Invalid(f"{path}: there is no such agent.", errors=((path, "is no agent's"),)) from error

    def of(self, agent: Agent, since: datetime, until: datetime) -> Roster:
        return self._store.roster(agent, since, until)

    def change(
        self,
        agent_ids: Sequence[AgentId],
        since: datetime,
        until: datetime,
        decide: Callable[[Mapping[AgentId, Roster]], Decided[T]],
        *,
        rings: bool = True,
    ) -> T:
        """Decides on the rosters of `[since, until)` and of the weeks ahead, and saves; beaten to it, decides anew.

        `rings`: whoever waits is served at once; else the minute's net does it.
        """
        now = self._now()
        since, until = min(since, now - AROUND), max(until, now + FAR)
        for _ in range(ATTEMPTS):
            agents = {agent_id: self.agent(agent_id) for agent_id in dict.fromkeys(agent_ids)}
            read = {a: self._store.roster(agent, since, until) for a, agent in agents.items()}
            decided = decide(read)
            if not decided.writes:
                return decided.value
            fences = [
                (
                    a,
                    read[a].version,
                    self.cache(decided.rosters.get(a, read[a]), agents[a], read[a].version + 1),
                )
                for a in agents
            ]
            try:
                self._store.save(decided.writes, fences, now, self._ids.new())
            except (RosterMoved, Clash):
                continue
            if rings:
                self._ring(agents, {a: cache for a, _, cache in fences})
            return decided.value
        raise RosterBusy("Others are changing this roster. Try again.", retry_after_s=1)

    def cache(self, roster: Roster, agent: Agent, version: int) -> DutyCache:
        """What the agent's item is to know. What is due and was not told yet stays due; coming on or leaving by this very change
        is said at the next round.
        """
        now, roster = self._now(), replace(roster, version=version)
        horizon = now + NEAR
        found = cache_of(roster, now, horizon, None)
        if len(found.windows) < 2:  # noqa: PLR2004  # as many as the item has room for
            horizon = now + FAR
            found = cache_of(roster, now, horizon, None)
        upcoming = moments(roster, min(agent.rotated_to or now, now), horizon)
        due_at = upcoming[0].at if upcoming else horizon
        if (block_at(roster, now) is not None) != (agent.on_since is not None):
            due_at = now
        return replace(found, due_at=due_at, rostered=roster.rostered)

    def _ring(self, agents: Mapping[AgentId, Agent], caches: Mapping[AgentId, DutyCache]) -> None:
        for agent_id, cache in caches.items():
            if cache.works(self._now()):
                self._came_on(agents[agent_id])
