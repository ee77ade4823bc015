"""A seed is a whole story: told again in another process it is the same to the letter."""

import os
import subprocess
import sys

import pytest

from chalicelib.rounds.service import Rounds
from tests.simulation.world import ROUNDS

TELLS = """
import hashlib
from tests.simulation.world import World, simulate

heard = hashlib.sha256()

def listen(world: World) -> None:
    world.seam.watchers.append(lambda write: heard.update(repr((write.at, write.by, sorted(map(str, write.changes)))).encode()))

for seed in ({seed}, {seed} + 1):
    simulate(seed, listen)
print(heard.hexdigest())
"""


def test_every_scheduled_function_runs_in_it() -> None:
    assert set(ROUNDS) == {name for name in vars(Rounds) if not name.startswith("_")}


@pytest.mark.parametrize("seed", [3, 266])
def test_a_seed_tells_the_same_story_whatever_the_process(seed: int) -> None:
    assert _told(seed, hash_seed="1") == _told(seed, hash_seed="2")


def _told(seed: int, hash_seed: str) -> str:
    """By a process of its own, in which sets of texts have another order."""
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", TELLS.format(seed=seed)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout
