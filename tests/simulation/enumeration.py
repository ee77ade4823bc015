"""A scenario again and again: with a crash at each of its steps in turn, or with somebody else's act in the middle of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tests.simulation.checkers.books import Books
from tests.simulation.scenarios import (
    IN_A_TALK,
    IN_THE_QUEUE,
    IN_WRAP_UP,
    SHIFT_ENDS,
    SILENCE,
    STAYS_ON,
    Act,
    Scenario,
    Stage,
    waiting,
    wrapping_up,
)
from tests.simulation.seam import WRITES
from tests.simulation.weather import CALM
from tests.simulation.world import Violation, World, world_of

ACTED_WITHIN = 240.0
"""Seconds of an act with all its retries, at most."""
STALLS_FOR = 3.0
"""Seconds that one function stands still while somebody else's act is carried out; an act of time takes longer."""


class Point(NamedTuple):
    step: int
    side: str
    what: str

    def __str__(self) -> str:
        return f"{self.side} step {self.step} ({self.what})"


PATIENT = {"first_reply_limit_s": 3_600}
"""Nobody replies in most scenarios: who got a session keeps it."""


@dataclass
class Ran:
    trail: list[str]
    violations: list[Violation]
    counts: Counter[str]


def run(scenario: Scenario, at: Point | None = None, meanwhile: Act | None = None) -> Ran:
    """Once: prepared in peace, acted, and then looked at after two periods of the sweep."""
    with world_of(scenario.name, CALM, {**PATIENT, **scenario.queue}) as world:
        stage = Stage(world)
        _finish(world, lambda: scenario.prepare(stage))
        crashes = world.crashes
        crashes.counting, crashes.counted = True, scenario.counted
        crashes.at = (at.step, at.side) if at else None
        if meanwhile is not None:
            crashes.instead = lambda: _stalls(stage, meanwhile)
        _finish(world, lambda: scenario.act(stage))
        trail = list(crashes.trail)
        crashes.counting = crashes.at is not None  # the last step may still be under way
        world.hub.spawn(world.rounds)
        world.ends(periods=2.1)
        if not world.violations and meanwhile is None:
            books = Books.of(world.ledger.items)
            is_now = books.sessions[stage.session_id].state
            if is_now != scenario.state:
                world.broken("the act", f"{scenario.name} leaves the session {is_now}, not {scenario.state}")
        if at is not None and crashes.at is not None:
            world.broken("the enumeration", f"{scenario.name} never came {at}")
        return Ran(trail, world.violations, world.counts)


def crash_points(scenario: Scenario) -> Iterator[Point]:
    for step, what in enumerate(run(scenario).trail, start=1):
        yield Point(step, "before", what)
        yield Point(step, "after", what)


class Race(NamedTuple):
    """An act that stalls, and what somebody else does meanwhile."""

    scenario: Scenario
    other: str
    meanwhile: Act


def races() -> Iterator[Race]:
    """Each act in the middle of each other one that may happen at the same time."""
    for prepare, acts in ((Stage.talk, IN_A_TALK), (waiting, IN_THE_QUEUE), (wrapping_up, IN_WRAP_UP)):
        for name, act in acts.items():
            for other, meanwhile in acts.items():
                if (name, other) != (
                    "Cleo writes again",
                    "Cleo writes again",
                ):  # one browser opens one at a time
                    yield Race(Scenario(name, prepare, act), other, meanwhile)
    yield Race(SILENCE, "Cleo writes", IN_A_TALK["Cleo writes"])
    yield Race(SHIFT_ENDS, "Ann stays on", STAYS_ON)


def stall_points(scenario: Scenario) -> Iterator[Point]:
    """Before each write: what was read stands still, and the world does not."""
    for step, what in enumerate(run(scenario).trail, start=1):
        if what in WRITES:
            yield Point(step, "before", what)


def _stalls(stage: Stage, meanwhile: Act) -> None:
    done: list[bool] = []

    def act() -> None:
        meanwhile(stage)
        done.append(True)

    stage.world.hub.spawn(act)
    stage.until(lambda: bool(done), at_most=STALLS_FOR)


def _finish(world: World, act: Callable[[], object]) -> None:
    """Carries out an act on the hub, and no further."""
    done: list[bool] = []

    def acted() -> None:
        act()
        done.append(True)

    world.hub.spawn(acted)
    ends_at = world.hub.now + ACTED_WITHIN
    while not done and world.hub.now < ends_at and not world.hub.stopped:
        world.hub.run(world.hub.now + 0.5)
