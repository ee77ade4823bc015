"""Each act with a crash at each of its steps, before and after: the client's retries and two sweeps mend whatever is left."""

from collections import Counter

import pytest

from tests.simulation.enumeration import crash_points, run
from tests.simulation.scenarios import ABSENCE, SCENARIOS, Scenario


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_crash_anywhere_is_mended(scenario: Scenario, tried: Counter[str]) -> None:
    points = list(crash_points(scenario))
    assert points, f"{scenario.name} asks nothing of the store"
    for point in points:
        broken = "\n".join(map(str, run(scenario, point).violations))
        assert not broken, f"{scenario.name}: a crash {point} breaks\n{broken}"
        tried["crash points"] += 1


def test_a_resend_after_five_hundred_messages_of_others_and_a_restart_is_still_the_same_message() -> None:
    assert not run(ABSENCE).violations
