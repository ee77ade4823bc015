"""What reading costs as the past grows: requests to the store, read units and milliseconds, with ten records and with many.

    python -m tests.load.growing [--records 100000]

Fills a file of the engine's with copies of one real talk, asks the product's own routes over and over, and draws what each takes beside
what it took with ten. Every record is its agent's and its customer's: nothing is spread out.
"""

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    os.environ.setdefault(name, "unused")

from infra.local.dynamo import EmbeddedDynamo  # noqa: E402  # pynamodb looks for credentials when it is imported
from tests.house import House, _seeded  # noqa: E402
from tests.load.records import ASKED, Past, lengthened, one_talk  # noqa: E402

FEW, ROUNDS, WIDTH = 10, 200, 24


@dataclass(frozen=True)
class Cost:
    requests: int
    units: float
    ms: float


def measured(house: House, past: Past) -> dict[str, Cost]:
    tokens = {id(c): c.token for c in (past.cleo, past.ann)}
    found = {}
    for name, asked in ASKED.items():
        client, method, path = asked(past)
        took = []
        for _ in range(ROUNDS):
            house.meter.reset()
            began = time.perf_counter()
            answer = house.rest(method, path, token=tokens[id(client)])
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status == 200, answer
        units = house.meter.read_units
        found[name] = Cost(sum(house.meter.requests.values()), units, statistics.median(took))
    return found


def drawn(few: dict[str, Cost], many: dict[str, Cost], records: int) -> list[str]:
    longest = max(cost.ms for cost in (*few.values(), *many.values()))
    lines = [f"{'':28s} {'records':>9s} {'requests':>9s} {'units':>7s} {'p50 ms':>7s}"]
    for name, before in few.items():
        for label, size, cost in ((name, FEW, before), ("", records, many[name])):
            bar = "█" * max(1, round(cost.ms / longest * WIDTH))
            lines.append(f"{label:28s} {size:9,d} {cost.requests:9d} {cost.units:7.1f} {cost.ms:7.2f}  {bar}")
    return lines


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # the table is what this is run for


def main(records: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds = _seeded()
        engine = EmbeddedDynamo(Path(folder) / "desk.db")
        house = House._on(engine, Random(1).getrandbits)
        for table, item in seeds:
            engine._make_api_call("PutItem", {"TableName": table, "Item": item})
        past = one_talk(house)
        lengthened(house, past, FEW)
        few = measured(house, past)
        began = time.perf_counter()
        lengthened(house, past, records, since=FEW)
        tell(f"{records:,} records stored in {time.perf_counter() - began:.0f} s\n")
        many = measured(house, past)
        for line in drawn(few, many, records):
            tell(line)
        same = all(few[name].requests == many[name].requests for name in few)
        tell(f"\nrequests: {'the same everywhere' if same else 'MORE WITH MORE RECORDS'}")
        engine.close()
        house.files.close()
        if not same:
            raise SystemExit(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=100_000)
    main(parser.parse_args().records)
