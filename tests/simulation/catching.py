"""The parts of the proof by name, to run one of them against a mutant."""

from collections.abc import Iterator

from tests.simulation.enumeration import crash_points, races, run, stall_points
from tests.simulation.mutants import Mutant
from tests.simulation.scenarios import ABSENCE, SCENARIOS, Scenario
from tests.simulation.world import Violation, simulate

SEEDS = range(200)


def caught(mutant: Mutant) -> tuple[Violation, str] | None:
    """What gives the mutant away, and where; None: nothing that it should break."""
    with mutant.at_large():
        for where, violations in _parts(mutant.found_in):
            for violation in violations:
                if violation.promise in mutant.caught_by:
                    return violation, where
    return None


def _parts(found_in: tuple[str, ...]) -> Iterator[tuple[str, list[Violation]]]:
    match found_in:
        case ("run", name):
            yield name, run(_scenario(name)).violations
        case ("crash", name):
            scenario = _scenario(name)
            for point in crash_points(scenario):
                yield f"{name}, a crash {point}", run(scenario, point).violations
        case ("race", name, other):
            for race in races():
                if (race.scenario.name, race.other) == (name, other):
                    for point in stall_points(race.scenario):
                        where = f"{name}, stalled {point} while {other}"
                        yield where, run(race.scenario, point, race.meanwhile).violations
        case ("seeds",):
            for seed in SEEDS:
                yield f"seed {seed}", simulate(seed).violations


def _scenario(name: str) -> Scenario:
    return next(each for each in (*SCENARIOS, ABSENCE) if each.name == name)
