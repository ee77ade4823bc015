"""Which session next, and which agent takes it. Pure and deterministic: the whole policy is `choose`, and `Waits` sorts by rank.

The same state gives the same answer; ties go to whoever has waited longest for work, then to the smaller id.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

from chalicelib.agents.model import SLOT, Agent
from chalicelib.dispatch.strategies import Able, preference
from chalicelib.kit.values import AgentId
from chalicelib.protocol.offers import Considered, Explanation, Rule
from chalicelib.queues.model import Member, Queue
from chalicelib.sessions.skills import Skills
from chalicelib.sessions.waiting import Waits


@dataclass(frozen=True)
class Instants:
    """Now, by both clocks."""

    business: datetime
    machine: datetime


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

    def away(self, queue: Queue, now: Instants) -> Rule | None:
        """The first of the rules that keep them from any work of the queue, a full desk aside."""
        if not self.agent.enabled:
            return "disabled"
        if not self.agent.connected(now.machine):
            return "not_connected"
        not_yet = self.agent.accepts_from is not None and self.agent.accepts_from > now.business
        if self.agent.routing_status != "accepting" or not_yet:
            return "not_accepting"
        if self.off_duty(queue, now):
            return "leaving" if self.agent.duty(now.business) in ("on_shift", "overtime") else "off_duty"
        return None

    def off_duty(self, queue: Queue, now: Instants) -> bool:
        return not queue.ignore_duty and not self.agent.works(now.business)

    @property
    def free(self) -> float:
        """In slots."""
        return max(0, self.limit - self.agent.load) / SLOT

    @property
    def full(self) -> bool:
        return self.agent.load + SLOT > self.limit

    def considered(self, asked: Skills, rule: Rule | None) -> Considered:
        return Considered(
            agent_id=self.agent.id,
            name=self.agent.alias,
            load=self.agent.load / SLOT,
            capacity=self.limit / SLOT,
            shortfall=asked.shortfall(self.agent.skills),
            excluded_by=rule,
        )


@dataclass(frozen=True)
class Choice:
    """Who takes it, if anybody can, and why. `nobody_free`: nobody could take anything of this queue."""

    chosen: Candidate | None
    why: Explanation
    nobody_free: bool


def choose(
    queue: Queue,
    waits: Waits,
    candidates: Sequence[Candidate],
    now: Instants,
    refused: Container[AgentId] = frozenset(),
) -> Choice:
    """The agent for this session. `refused`: at its claim already, just now."""
    relaxed = _is_relaxed(queue, waits, now.business)
    in_order = sorted(candidates, key=lambda c: c.agent.id)
    judged = {c.agent.id: _rule(queue, waits, c, now, refused, relaxed=relaxed) for c in in_order}
    if _is_kept(waits, judged, now.business):
        judged = {a: "kept_for_another" if rule is None else rule for a, rule in judged.items()}
    able = [Able(c.agent, c.limit, c.member.priority) for c in in_order if judged[c.agent.id] is None]
    order = preference(queue.strategy, waits.skills, able)
    ranked = sorted(able, key=lambda a: (a.agent.id != waits.prefers, order(a)))
    ids = [a.agent.id for a in ranked]
    by_id = {c.agent.id: c for c in in_order}
    why = Explanation(
        strategy="returning" if ids and ids[0] == waits.prefers else queue.strategy,
        chosen=ids[0] if ids else None,
        runner_up=ids[1] if len(ids) > 1 else None,
        required_skills=list(waits.skills.asked),
        relaxed=relaxed,
        candidates=[c.considered(waits.skills, judged[c.agent.id]) for c in in_order],
    )
    nobody = all(rule in _OF_ANY_WORK for rule in judged.values())
    return Choice(by_id[ids[0]] if ids else None, why, nobody_free=nobody)


def hides_others(choice: Choice, waits: Waits) -> bool:
    """Whether those who ask for the same skills and wait behind it may be served though it can't: what keeps it is its own."""
    own = ("let_it_go", "refused_at_claim", "kept_for_another")
    its_own = any(c.excluded_by in own for c in choice.why.candidates)
    return its_own or (not choice.why.relaxed and waits.ahead_of_its_time)


_OF_ANY_WORK: Final = ("disabled", "not_connected", "not_accepting", "off_duty", "leaving", "full")


def _rule(
    queue: Queue,
    waits: Waits,
    candidate: Candidate,
    now: Instants,
    refused: Container[AgentId],
    *,
    relaxed: bool,
) -> Rule | None:
    """The first rule that keeps an agent from this session, or None."""
    if away := candidate.away(queue, now):
        return away
    if candidate.full:
        return "full"
    if not relaxed and waits.skills.shortfall(candidate.agent.skills):
        return "lacks_skill"
    if candidate.agent.id in waits.tried:
        return "let_it_go"
    return "refused_at_claim" if candidate.agent.id in refused else None


def _is_relaxed(queue: Queue, waits: Waits, now: datetime) -> bool:
    after = queue.relax_after_s
    return bool(waits.skills.asked) and after is not None and now - waits.since >= timedelta(seconds=after)


def _is_kept(waits: Waits, judged: dict[AgentId, Rule | None], now: datetime) -> bool:
    """Whether it waits a moment for the one agent who served its customer before and is here, with a full desk."""
    if waits.prefers is None or waits.kept_until is None or now >= waits.kept_until:
        return False
    return judged.get(waits.prefers) == "full"
