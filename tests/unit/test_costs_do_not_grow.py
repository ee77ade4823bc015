"""What is asked of the past costs the same number of requests with ten records and with ten thousand."""

from collections.abc import Iterator

import pytest

from tests.house import House
from tests.load.records import ASKED, Past, lengthened, one_talk

Costs = dict[str, dict[str, int]]


def costs(house: House, past: Past) -> Costs:
    """By what is asked: requests to the store by operation."""
    found = {}
    tokens = {id(c): c.token for c in (past.cleo, past.ann)}
    for name, asked in ASKED.items():
        client, method, path = asked(past)
        house.meter.reset()
        answer = house.rest(method, path, token=tokens[id(client)])
        assert answer.status == 200, answer
        found[name] = dict(house.meter.requests)
    return found


@pytest.fixture(scope="module")
def grown() -> Iterator[tuple[Costs, Costs]]:
    """With ten, and with ten thousand."""
    with House.open() as house:
        past = one_talk(house)
        lengthened(house, past, 10)
        few = costs(house, past)
        lengthened(house, past, 10_000, since=10)
        yield few, costs(house, past)


@pytest.mark.parametrize("asked", ASKED)
def test_it_costs_the_same_with_ten_thousand_records(grown: tuple[Costs, Costs], asked: str) -> None:
    few, many = grown

    assert many[asked] == few[asked]
