"""A data folder that an earlier release wrote: its tables get this release's indexes, over everything that is in them."""

import copy
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from chalicelib import wiring
from chalicelib.kit import table
from infra.local.dynamo import EmbeddedDynamo
from infra.local.folder import DataFolder
from infra.local.seed import DEMO_PASSWORD
from tests.contract.local.test_start import ROOT, checkout, free_port
from tests.house import House

Create = dict[str, Any]
"""A CreateTable request."""
Items = list[tuple[str, dict[str, Any]]]


class Recording:
    """An engine, and what it was asked; it breaks down before the request of number `breaks_at`."""

    _request_signer = None

    def __init__(self, engine: EmbeddedDynamo, breaks_at: int | None = None) -> None:
        self._engine = engine
        self._breaks_at = breaks_at
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if len(self.asked) == self._breaks_at:
            raise KeyboardInterrupt
        self.asked.append((operation, copy.deepcopy(request)))
        return self._engine._make_api_call(operation, request)


def start_of(engine: EmbeddedDynamo, breaks_at: int | None = None) -> Recording:
    """What a start does about the tables."""
    client = Recording(engine, breaks_at)
    table.use(client)
    wiring.create_tables()
    return client


@pytest.fixture(scope="module")
def todays() -> list[Create]:
    """How this release makes its tables."""
    engine = EmbeddedDynamo()
    made = [request for operation, request in start_of(engine).asked if operation == "CreateTable"]
    engine.close()
    return made


@pytest.fixture(scope="module")
def items() -> Items:
    """What a house has after a talk that goes on, and another that was ended."""
    with House.open() as house:
        ann, other = house.talk().ann, house.customer()
        other.hello()
        ended = other.ask("start_session", text="Where is my parcel?")["session_id"]
        assert ann.ask("end_session", session_id=ended)["type"] == "accepted"
        return [
            (name, item)
            for name in house.engine._make_api_call("ListTables", {})["TableNames"]
            for item in house.engine._make_api_call("Scan", {"TableName": name})["Items"]
        ]


def without_any(create: Create) -> None:
    create["GlobalSecondaryIndexes"] = []


def without_every_other(create: Create) -> None:
    del create["GlobalSecondaryIndexes"][::2]


def with_bare_hash_keys(create: Create) -> None:
    for index in create["GlobalSecondaryIndexes"]:
        del index["KeySchema"][1:]


def with_other_range_keys(create: Create) -> None:
    key = create["KeySchema"][-1]["AttributeName"]
    for index in create["GlobalSecondaryIndexes"]:
        index["KeySchema"][1:] = [{"AttributeName": key, "KeyType": "RANGE"}]


def with_other_projections(create: Create) -> None:
    for index in create["GlobalSecondaryIndexes"]:
        projected = index["Projection"]["ProjectionType"]
        index["Projection"] = {"ProjectionType": "KEYS_ONLY" if projected == "ALL" else "ALL"}


def with_more_included(create: Create) -> None:
    for index in create["GlobalSecondaryIndexes"]:
        kept = index["Projection"].get("NonKeyAttributes", [])
        index["Projection"] = {"ProjectionType": "INCLUDE", "NonKeyAttributes": [*kept, "remark"]}


def with_one_nobody_needs_any_more(create: Create) -> None:
    index = {"IndexName": "a_former_one", "KeySchema": [{"AttributeName": "former", "KeyType": "HASH"}],
             "Projection": {"ProjectionType": "ALL"}}  # fmt: skip
    create["GlobalSecondaryIndexes"].append(index)
    create["AttributeDefinitions"].append({"AttributeName": "former", "AttributeType": "S"})


FORMER = (without_any, without_every_other, with_bare_hash_keys, with_other_range_keys, with_other_projections,
          with_more_included, with_one_nobody_needs_any_more)  # fmt: skip


def older(create: Create, change: Callable[[Create], None]) -> Create:
    """A table as an earlier release made it."""
    create = {"GlobalSecondaryIndexes": [], **copy.deepcopy(create)}
    change(create)
    keys = [create["KeySchema"], *(index["KeySchema"] for index in create["GlobalSecondaryIndexes"])]
    used = {element["AttributeName"] for schema in keys for element in schema}
    create["AttributeDefinitions"] = [
        each for each in create["AttributeDefinitions"] if each["AttributeName"] in used
    ]
    return create


def filled(engine: EmbeddedDynamo, tables: list[Create], items: Items) -> EmbeddedDynamo:
    for create in tables:
        engine._make_api_call("CreateTable", create)
    for name, item in items:
        engine._make_api_call("PutItem", {"TableName": name, "Item": item})
    return engine


def told(engine: EmbeddedDynamo) -> dict[str, Any]:
    """All that the tables and their indexes are and hold, in any order of the descriptions' parts."""
    whole: dict[str, Any] = {}
    for name in engine._make_api_call("ListTables", {})["TableNames"]:
        described = engine._make_api_call("DescribeTable", {"TableName": name})["Table"]
        indexes = {
            each["IndexName"]: {**each, "Projection": _sorted(each["Projection"])}
            for each in described.get("GlobalSecondaryIndexes", [])
        }
        whole[name] = {
            "attributes": sorted(map(str, described["AttributeDefinitions"])),
            "indexes": indexes,
            "items": engine._make_api_call("Scan", {"TableName": name}),
            "entries": {
                each: engine._make_api_call("Scan", {"TableName": name, "IndexName": each})
                for each in indexes
            },
        }
    return whole


def _sorted(projection: dict[str, Any]) -> dict[str, Any]:
    included = projection.get("NonKeyAttributes")
    return projection | ({"NonKeyAttributes": sorted(included)} if included else {})


@pytest.fixture(scope="module")
def as_it_should_be(todays: list[Create], items: Items) -> dict[str, Any]:
    engine = filled(EmbeddedDynamo(), todays, items)
    whole = told(engine)
    engine.close()
    return whole


@contextmanager
def left_by(change: Callable[[Create], None], todays: list[Create], items: Items) -> Iterator[EmbeddedDynamo]:
    engine = filled(EmbeddedDynamo(), [older(create, change) for create in todays], items)
    yield engine
    engine.close()


@pytest.mark.parametrize("change", FORMER)
def test_an_older_releases_tables_become_this_ones_with_all_that_is_in_them(
    todays, items, as_it_should_be, change
):
    assert any(entries["Items"] for each in as_it_should_be.values() for entries in each["entries"].values())
    with left_by(change, todays, items) as engine:
        assert told(engine) != as_it_should_be
        start_of(engine)
        assert told(engine) == as_it_should_be


@pytest.mark.parametrize("change", FORMER)
def test_the_next_start_only_asks_what_there_is(todays, items, change):
    with left_by(change, todays, items) as engine:
        start_of(engine)
        assert Counter(operation for operation, _ in start_of(engine).asked) == {
            "DescribeTable": len(wiring.TABLES)
        }


def test_one_index_is_made_or_dropped_at_a_time_and_only_where_it_differs(todays, items):
    with left_by(with_one_nobody_needs_any_more, todays, items) as engine:
        changes = [request for operation, request in start_of(engine).asked if operation == "UpdateTable"]
    dropped = {"Delete": {"IndexName": "a_former_one"}}
    assert [each["GlobalSecondaryIndexUpdates"] for each in changes] == [[dropped]] * len(wiring.TABLES)


def test_a_key_that_is_of_another_kind_by_now_is_taken_for_what_it_is(todays):
    def of_another_kind(create: Create) -> None:
        own = {element["AttributeName"] for element in create["KeySchema"]}
        for each in create["AttributeDefinitions"]:
            if each["AttributeName"] not in own:
                each["AttributeType"] = "B"

    fresh = filled(EmbeddedDynamo(), todays, [])
    with left_by(of_another_kind, todays, []) as engine:
        start_of(engine)
        assert told(engine) == told(fresh)
    fresh.close()


def test_wherever_it_is_interrupted_the_next_start_does_the_rest(todays, items, as_it_should_be):
    with left_by(with_other_range_keys, todays, items) as engine:
        steps = len(start_of(engine).asked)
    for step in range(steps):
        with left_by(with_other_range_keys, todays, items) as engine:
            with pytest.raises(KeyboardInterrupt):
                start_of(engine, breaks_at=step)
            start_of(engine)
            assert told(engine) == as_it_should_be


def test_a_table_that_is_missing_is_made_among_older_ones(todays, items, as_it_should_be):
    engine = filled(EmbeddedDynamo(), [older(create, without_any) for create in todays[1:]], [])
    start_of(engine)
    for name, item in items:
        engine._make_api_call("PutItem", {"TableName": name, "Item": item})
    assert told(engine) == as_it_should_be
    engine.close()


# The product as `python -m infra.local` starts it, but for the site, which needn't be built.
PRODUCT = """
import sys
from pathlib import Path
import infra.local.__main__ as entry
entry.ROOT = Path(sys.argv[1])
sys.exit(entry.main())
"""


@contextmanager
def product(root: Path) -> Iterator[str]:
    """The running product's address."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603  (this Python, on our own program)
        [sys.executable, "-c", PRODUCT, str(root)],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "DESKBELL_DATA": str(root / "data")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"deskbell: ready on http://127.0.0.1:{port}\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def test_the_product_starts_on_an_older_folder_keeps_all_and_answers(tmp_path: Path, todays, items):
    root = checkout(tmp_path)
    folder = DataFolder(root / "data")
    folder.prepare()
    tables = [older(create, with_other_range_keys) for create in todays]
    filled(EmbeddedDynamo(folder.tables), tables, items).close()
    numbers = {item["number"]["S"] for _, item in items if "number_head" in item}
    assert len(numbers) == 2

    for _ in ("the first start", "the next"):
        with product(root) as address, httpx.Client(base_url=address, trust_env=False) as client:
            sue = {"email": "sue@demo.local", "password": DEMO_PASSWORD}
            token = client.post("/v1/sign-in", json=sue).json()["token"]
            client.headers["authorization"] = f"Bearer {token}"
            names = [agent["alias"] for agent in client.get("/v1/agents").json()["items"]]
            assert names == ["Ann", "Bob", "Owner", "Sue"]
            for number in numbers:
                found = client.get("/v1/sessions", params={"number": number}).json()["items"]
                assert [session["number"] for session in found] == [number]
