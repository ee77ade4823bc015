"""At the end of a run: how much was tried, and what happened in it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulation.seeds import USUAL

SIZE = "size of the proof"
CAUGHT = "caught"


@pytest.fixture
def tried(record_property: Any) -> Iterator[Counter[str]]:
    """Counts what a test tried, for the summary; the processes that share the tests have no other way to tell."""
    counts: Counter[str] = Counter()
    yield counts
    record_property(SIZE, dict(counts))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [r for found in terminalreporter.stats.values() for r in found if hasattr(r, "user_properties")]
    told = [(name, value) for r in reports if r.when == "teardown" for name, value in r.user_properties]
    total = sum((Counter(value) for name, value in told if name == SIZE), Counter[str]())
    for name, value in told:
        if name == CAUGHT:
            terminalreporter.write_line(f"mutant {value}")
    if total:
        terminalreporter.write_line(
            ", ".join(f"{count:,} {what}" for what, count in sorted(total.items(), key=lambda c: -c[1]))
        )
        terminalreporter.write_line(
            f"more of it: make prove, or DESKBELL_SEEDS=20000 make simulation (usually {USUAL:,})"
        )
