"""A small shop in all weathers: after every write and at the end all promises hold, whatever went wrong on the way."""

from collections import Counter

import pytest

from tests.simulation.counts import MANY, MUST_HAPPEN, SELDOM, missing
from tests.simulation.seeds import CHUNK, again, asked_for
from tests.simulation.world import simulate


@pytest.mark.parametrize("seeds", asked_for(), ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}")
def test_all_promises_hold_in_every_weather(seeds: list[int], tried: Counter[str]) -> None:
    happened: Counter[str] = Counter()
    for seed in seeds:
        outcome = simulate(seed)
        happened += outcome.counts
        broken = "\n".join(map(str, outcome.violations))
        assert not broken, f"seed {seed} breaks\n{broken}\nagain: {again(seed)}"

    tried["seeds"] += len(seeds)
    tried.update({what: happened[what] for what in ("message accepted", "function died", "reconnected")})
    if len(seeds) >= CHUNK - 20:
        never = missing(happened, MUST_HAPPEN if len(seeds) < MANY else (*MUST_HAPPEN, *SELDOM))
        assert not never, f"in {len(seeds)} seeds these never happened: {never}"


def test_what_must_happen_is_counted_somewhere() -> None:
    assert len(set(MUST_HAPPEN)) == len(MUST_HAPPEN)
