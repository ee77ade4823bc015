"""Which seeds run: those that once failed, always; and as many others as asked for.

`DESKBELL_SEEDS=20000` says how many, four hundred if nothing is said; `DESKBELL_SEED=178` runs this one alone: a failure again.
"""

import os
from itertools import islice

KEPT = (
    4,
    7,
    10,
    39,
    44,
    62,
    96,
    158,
    166,
    178,
    205,
    262,
    266,
    321,
    440,
    475,
    518,
    806,
    877,
    27,
    194,
    277,
    452,
)
"""Seeds that failed at some time, for a fault of the house or of the simulation. They stay for ever."""
USUAL = 400
"""What fits into the minutes of every run; `make prove` runs ten thousand."""
CHUNK = 204
"""Seeds of one test: enough that everything which must happen does."""


def asked_for() -> list[list[int]]:
    """In chunks, each a test of its own: how two processes share them."""
    if alone := os.environ.get("DESKBELL_SEED"):
        return [[int(alone)]]
    count = int(os.environ.get("DESKBELL_SEEDS", USUAL))
    seeds = iter(dict.fromkeys([*KEPT, *range(count)]))
    size = max(CHUNK, count // 8)
    chunks = [list(islice(seeds, size)) for _ in range(0, count + len(KEPT), size)]
    return [chunk for chunk in chunks if chunk]


def again(seed: int) -> str:
    return f"DESKBELL_SEED={seed} .venv/bin/python -m pytest tests/simulation/test_seeds.py"
