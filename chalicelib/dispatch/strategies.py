"""The order in which able agents are preferred. Pure; each ends with the id, so that no two are equal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.agents.model import Agent
from chalicelib.protocol.queues import Strategy
from chalicelib.sessions.skills import Skills

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Able:
    """Whom nothing keeps from it. `limit` in hundredths of a slot; `priority` is the membership's."""

    agent: Agent
    limit: int
    priority: int

    @property
    def ratio(self) -> float:
        return self.agent.load / self.limit

    @property
    def idle_since(self) -> datetime:
        """When they last got something: whoever never got any has waited longest."""
        return self.agent.last_assigned_at or _NEVER


Order = Callable[[Able], tuple[Any, ...]]


def preference(strategy: Strategy, asked: Skills, able: Sequence[Able]) -> Order:
    """Smallest first. Who lacks least of what is asked for (nothing, unless that was relaxed), then the membership's priority,
    come before any strategy.
    """
    by = _STRATEGIES[strategy](asked, able)

    def order(one: Able) -> tuple[Any, ...]:
        return (asked.shortfall(one.agent.skills), -one.priority, by(one), one.agent.id)

    return order


def _least_loaded(_: Skills, __: Sequence[Able]) -> Order:
    """By the share of one's own capacity."""
    return lambda one: (one.ratio, one.idle_since)


def _longest_idle(_: Skills, __: Sequence[Able]) -> Order:
    return lambda one: (one.idle_since,)


def _round_robin(_: Skills, able: Sequence[Able]) -> Order:
    """In a circle by id: whoever comes after the one who got something last."""
    had_any = [one for one in able if one.agent.last_assigned_at]
    last = max(had_any, key=lambda one: (one.idle_since, one.agent.id)).agent.id if had_any else ""
    return lambda one: (one.agent.id <= last, one.agent.id)


def _skill_best(asked: Skills, _: Sequence[Able]) -> Order:
    """The most levels in all of what is asked for, then the least loaded."""
    return lambda one: (-asked.levels(one.agent.skills), one.ratio, one.idle_since)


_STRATEGIES: dict[Strategy, Callable[[Skills, Sequence[Able]], Order]] = {
    "least_loaded": _least_loaded,
    "longest_idle": _longest_idle,
    "round_robin": _round_robin,
    "skill_best": _skill_best,
}
