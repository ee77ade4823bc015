"""Which agent takes the next session. Pure and deterministic: the whole policy is `choose`.

The same state gives the same answer; ties go to whoever has waited longest for work, then to the smaller id.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Self

from chalicelib.agents.model import SLOT, Agent
from chalicelib.kit.values import AgentId, Value
from chalicelib.queues.model import Member, Queue

Rule = Literal[
    "disabled", "not_connected", "not_accepting", "off_duty", "leaving", "full", "refused_at_claim"
]
"""`leaving`: the shift ends too soon for anything new. `refused_at_claim`: able when read, and not any more when the claim was written, or this very session was let go by them."""


@dataclass(frozen=True)
class Candidate:
    """A member of the queue as dispatch sees them."""

    agent: Agent
    member: Member

    @property
    def limit(self) -> int:
        """Hundredths of a slot: the agent's capacity, or the membership's own where that is smaller."""
        own = self.member.capacity
        return (self.agent.capacity if own is None else min(own, self.agent.capacity)) * SLOT

    def busier(self, now: datetime) -> Self:
        """With one session more on the desk."""
        return replace(self, agent=replace(self.agent, load=self.agent.load + SLOT, last_assigned_at=now))

    def excluded_by(self, machine_now: datetime, now: datetime, *, ignores_duty: bool = False) -> Rule | None:
        """The first rule that keeps them from work, or None."""
        if not self.agent.enabled:
            return "disabled"
        if not self.agent.connected(machine_now):
            return "not_connected"
        not_yet = self.agent.accepts_from is not None and self.agent.accepts_from > now
        if self.agent.routing_status != "accepting" or not_yet:
            return "not_accepting"
        if not ignores_duty and not self.agent.works(now):
            return "leaving" if self.agent.duty(now) in ("on_shift", "overtime") else "off_duty"
        if self.agent.load + SLOT > self.limit:
            return "full"
        return None


class Considered(Value):
    """One candidate in an explanation."""

    agent_id: str
    name: str | None = None
    load: float
    capacity: float
    excluded_by: Rule | None = None


class Explanation(Value):
    """Why this one: kept with the assignment. `by`: the agent who decided it, `over_capacity`: although the desk was full."""

    strategy: str
    by: str | None = None
    over_capacity: bool = False
    chosen: str | None
    runner_up: str | None = None
    candidates: list[Considered]


def choose(
    queue: Queue,
    candidates: Sequence[Candidate],
    machine_now: datetime,
    now: datetime,
    refused: Container[AgentId] = frozenset(),
    prefers: AgentId | None = None,
) -> tuple[Candidate | None, Explanation]:
    """The agent who takes the next session of the queue, if anybody can, and why. `refused`: at this session's claim already;
    `prefers`: who served it before, and comes first if able.
    """
    judged: list[tuple[Candidate, Rule | None]] = [
        (
            c,
            "refused_at_claim"
            if c.agent.id in refused
            else c.excluded_by(machine_now, now, ignores_duty=queue.ignore_duty),
        )
        for c in sorted(candidates, key=lambda c: c.agent.id)
    ]
    able = sorted(
        (c for c, rule in judged if rule is None),
        key=lambda c: (c.agent.id != prefers, _preference(queue, c)),
    )
    return (able[0] if able else None), Explanation(
        strategy="returning" if able and able[0].agent.id == prefers else queue.strategy,
        chosen=able[0].agent.id if able else None,
        runner_up=able[1].agent.id if len(able) > 1 else None,
        candidates=[
            Considered(
                agent_id=c.agent.id,
                name=c.agent.alias,
                load=c.agent.load / SLOT,
                capacity=c.limit / SLOT,
                excluded_by=rule,
            )
            for c, rule in judged
        ],
    )


def _preference(queue: Queue, candidate: Candidate) -> tuple[int, float, datetime, str]:
    """Smallest first. A membership's priority comes before any strategy."""
    idle_since = candidate.agent.last_assigned_at or datetime.min.replace(tzinfo=UTC)
    ratio = candidate.agent.load / candidate.limit if queue.strategy == "least_loaded" else 0.0
    return (-candidate.member.priority, ratio, idle_since, candidate.agent.id)
