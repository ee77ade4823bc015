"""Each act while another stands still before one of its writes: what was read is old by then, and the write finds out."""

from collections import Counter

import pytest

from tests.simulation.enumeration import Race, races, run, stall_points


@pytest.mark.parametrize(
    "race", list(races()), ids=lambda race: f"{race.scenario.name}, meanwhile {race.other}"
)
def test_whoever_comes_in_between_breaks_nothing(race: Race, tried: Counter[str]) -> None:
    for point in stall_points(race.scenario):
        broken = "\n".join(map(str, run(race.scenario, point, race.meanwhile).violations))
        assert not broken, f"{race.scenario.name}, stalled {point} while {race.other}, breaks\n{broken}"
        tried["races"] += 1
