"""Random programs on the engine and on a plain dict: every answer and the end are the same."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from infra.local.dynamo import EmbeddedDynamo
from infra.local.dynamo.decimals import canonical, sortable
from infra.local.dynamo.expressions.ranges import after_prefix
from infra.local.dynamo.storage.bodies import dumped, loaded
from tests.contract.dynamo.test_durability import succeeds
from tests.contract.dynamo.values import av, item, plain_item

PARTITIONS, SORTS, VALUES = st.sampled_from("ab"), st.integers(-2, 2), st.integers(0, 2)
KEYS = st.tuples(PARTITIONS, SORTS)
EXISTS, ABSENT, EQUALS, ANY = "attribute_exists(pk)", "attribute_not_exists(pk)", "v = :old", None
WRITES = st.tuples(
    st.sampled_from(["put", "add", "delete"]),
    KEYS,
    VALUES,
    st.sampled_from([ANY, ANY, ANY, EXISTS, ABSENT, EQUALS]),
    VALUES,
)
QUERIES = st.tuples(st.just("query"), PARTITIONS, SORTS, st.booleans(), st.integers(1, 4), st.booleans())
PROGRAMS = st.lists(
    st.one_of(
        WRITES,
        st.tuples(st.just("all"), st.lists(WRITES, min_size=1, max_size=3, unique_by=lambda w: w[1])),
        QUERIES,
    ),
    min_size=4,
    max_size=30,
)

TABLE = {
    "TableName": "t",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "N"},
        {"AttributeName": "v", "AttributeType": "N"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_v",
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "v", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}


class Dict:
    """The model: a dict from key to value; `v` of nothing is None."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, int], int] = {}

    def allows(self, write) -> bool:
        _, key, _, condition, old = write
        return {
            ANY: True, EXISTS: key in self.items, ABSENT: key not in self.items, EQUALS: self.items.get(key) == old,
        }[condition]  # fmt: skip

    def apply(self, write) -> None:
        kind, key, value, _, _ = write
        if kind == "put":
            self.items[key] = value
        elif kind == "add":
            self.items[key] = self.items.get(key, 0) + value
        else:
            self.items.pop(key, None)

    def query(self, partition, least, forward, by_value):
        """(value, sort key) of the partition's items from `least` on, in the order of the table or of the index."""
        rows = [
            (v, s) for (p, s), v in self.items.items() if p == partition and (v if by_value else s) >= least
        ]
        return sorted(rows, key=lambda row: row if by_value else row[1], reverse=not forward)


def action(write):
    kind, (p, s), value, condition, old = write
    key, values, request = item(pk=p, sk=s), {}, {"TableName": "t"}
    if condition:
        request["ConditionExpression"] = condition
        values |= {":old": av(old)} if condition == EQUALS else {}
    if kind == "put":
        request["Item"] = key | item(v=value)
    else:
        request["Key"] = key
    if kind == "add":
        request["UpdateExpression"] = "ADD v :value"
        values[":value"] = av(value)
    if values:
        request["ExpressionAttributeValues"] = values
    return {"put": "Put", "add": "Update", "delete": "Delete"}[kind], request


def query(engine, partition, least, forward, limit, by_value):
    """All rows of a Query, page by page."""
    request = {
        "TableName": "t",
        "KeyConditionExpression": f"pk = :p AND {'v' if by_value else 'sk'} >= :least",
        "ExpressionAttributeValues": {":p": av(partition), ":least": av(least)},
        "ScanIndexForward": forward,
        "Limit": limit,
    } | ({"IndexName": "by_v"} if by_value else {})
    rows = []
    while True:
        page = engine._make_api_call("Query", request)
        rows += [(each["v"], each["sk"]) for each in map(plain_item, page["Items"])]
        if "LastEvaluatedKey" not in page:
            return rows
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def check(engine, model, step) -> None:
    """A Query tells what the model has, in the same order; ties along an index have none."""
    _, partition, least, forward, limit, by_value = step
    rows = query(engine, partition, least, forward, limit, by_value)
    wanted = model.query(partition, least, forward, by_value)
    assert sorted(rows) == sorted(wanted)
    place = 0 if by_value else 1
    assert [row[place] for row in rows] == [row[place] for row in wanted]


def run(engine, program) -> None:
    model = Dict()
    for step in program:
        if step[0] == "query":
            check(engine, model, step)
            continue
        writes = step[1] if step[0] == "all" else [step]
        allowed = all(model.allows(write) for write in writes)
        if step[0] == "all":
            entries = [dict([action(write)]) for write in writes]
            assert succeeds(engine, "TransactWriteItems", {"TransactItems": entries}) is allowed
        else:
            kind, request = action(step)
            assert succeeds(engine, f"{kind}Item", request) is allowed
        for write in writes if allowed else []:
            model.apply(write)
    for partition, forward, by_value in itertools.product("ab", (True, False), (True, False)):
        check(engine, model, ("query", partition, -9, forward, 3, by_value))
    found = engine._make_api_call("Scan", {"TableName": "t"})["Items"]
    assert {(each["pk"], each["sk"]): each["v"] for each in map(plain_item, found)} == model.items


@settings(max_examples=200, deadline=None)
@given(PROGRAMS)
def test_in_memory_any_program_ends_as_on_a_dict(program):
    engine = EmbeddedDynamo()
    engine._make_api_call("CreateTable", TABLE)
    run(engine, program)
    engine.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PROGRAMS)
def test_in_a_file_any_program_ends_as_on_a_dict(tmp_path_factory, program):
    engine = EmbeddedDynamo(tmp_path_factory.mktemp("property") / "store.db")
    engine._make_api_call("CreateTable", TABLE)
    run(engine, program)
    engine.close()


NUMBERS = st.builds(
    lambda digits, exponent, sign: Decimal((sign, tuple(map(int, str(digits))), exponent)),
    st.integers(0, 10**38 - 1), st.integers(-130, 87), st.sampled_from((0, 1)),
)  # fmt: skip


@settings(max_examples=300)
@given(NUMBERS, NUMBERS)
def test_numbers_sort_as_text_as_they_do_by_value(a, b):
    left, right = canonical(f"{a:E}"), canonical(f"{b:E}")
    assert Decimal(left) == a
    assert (sortable(left) < sortable(right)) == (a < b)
    assert (sortable(left) == sortable(right)) == (a == b)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\ud7ff\ue000\U0010ffff"), max_size=4
)


@settings(max_examples=300)
@given(TEXTS.filter(bool), TEXTS)
def test_a_prefix_ends_where_nothing_begins_with_it_any_more(prefix, text):
    beyond = after_prefix(prefix)
    inside = prefix.encode() <= text.encode() and (beyond is None or text.encode() < beyond.encode())
    assert inside == text.startswith(prefix)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=3), ANYTHING, max_size=4))
def test_any_item_is_kept_as_it_is(attributes):
    whole = {name: av(value) for name, value in attributes.items()}
    assert loaded(dumped(whole)) == whole


@pytest.mark.parametrize(
    ("text", "spelled"), [("-0", "0"), ("0.10", "0.1"), ("1E3", "1000"), ("-.5e1", "-5")]
)
def test_a_number_is_spelled_plainly(text, spelled):
    assert canonical(text) == spelled
