"""The proof is proved: each deliberate fault is caught, by the promise that it breaks."""

from collections import Counter
from typing import Any

import pytest

from tests.simulation.catching import caught
from tests.simulation.conftest import CAUGHT
from tests.simulation.mutants import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_deliberate_fault_is_caught(mutant: Mutant, tried: Counter[str], record_property: Any) -> None:
    found = caught(mutant)

    assert found, f"nothing in {mutant.found_in} breaks {' or '.join(mutant.caught_by)}"
    violation, where = found
    record_property(CAUGHT, f"“{mutant.name}”: {violation.promise}, by {where}")
    tried["mutants caught"] += 1
