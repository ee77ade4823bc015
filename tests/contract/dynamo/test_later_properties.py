"""An index made over any items answers from then on as if it had been there from the start, and costs the same."""

from typing import Any

from hypothesis import given, settings, strategies as st

from infra.local.dynamo import EmbeddedDynamo
from infra.local.dynamo.storage.bodies import loaded
from infra.local.dynamo.units import item_size
from tests.contract.dynamo.test_later_indexes import attributes, index, keys
from tests.contract.dynamo.values import av, item, plain_item

PLACES = st.tuples(st.sampled_from("ab"), st.integers(0, 3))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "g": st.sampled_from("xy"),
        "r": st.integers(-1, 1),
        "text": st.sampled_from(["t", "u" * 1010]),
        "more": st.integers(0, 1),
    },
)
WRITES = st.one_of(
    st.tuples(st.just("put"), PLACES, FACTS),
    st.tuples(st.just("set"), PLACES, FACTS.filter(bool)),
    st.tuples(st.just("remove"), PLACES, st.sampled_from(["g", "r", "text", "more"])),
    st.tuples(st.just("delete"), PLACES, st.none()),
)
QUERIES = st.tuples(
    st.sampled_from("xy"), st.sampled_from([None, "<", ">="]), st.integers(-1, 1), st.booleans(), st.integers(1, 4)
)  # fmt: skip
INDEXES = st.sampled_from(
    [
        index("later", *key, **projection)
        for key in (("g",), ("g", "r"))
        for projection in ({}, {"kind": "KEYS_ONLY"}, {"kind": "INCLUDE", "NonKeyAttributes": ["text"]})
    ]
)
OTHER = index("other", "g", "text", kind="KEYS_ONLY")
REPORT = {"ReturnConsumedCapacity": "INDEXES"}


def engine_with(*indexes: dict[str, Any]) -> EmbeddedDynamo:
    named = {"pk": "S", "sk": "N", **kinds(*indexes)}
    request = {"TableName": "t", "KeySchema": keys("pk", "sk"), "AttributeDefinitions": attributes(**named),
               "BillingMode": "PAY_PER_REQUEST"}  # fmt: skip
    engine = EmbeddedDynamo()
    engine._make_api_call(
        "CreateTable", request | ({"GlobalSecondaryIndexes": list(indexes)} if indexes else {})
    )
    return engine


def kinds(*indexes: dict[str, Any]) -> dict[str, str]:
    used = {element["AttributeName"] for each in indexes for element in each["KeySchema"]}
    return {name: kind for name, kind in {"g": "S", "r": "N", "text": "S"}.items() if name in used}


def change(engine: EmbeddedDynamo, update: dict[str, Any], **named: str) -> None:
    request: dict[str, Any] = {"TableName": "t", "GlobalSecondaryIndexUpdates": [update]}
    if named:
        request["AttributeDefinitions"] = attributes(**named)
    engine._make_api_call("UpdateTable", request)


def written(engine: EmbeddedDynamo, write: tuple[str, tuple[str, int], Any]) -> dict[str, Any]:
    kind, (pk, sk), what = write
    key = item(pk=pk, sk=sk)
    if kind == "put":
        return engine._make_api_call("PutItem", {"TableName": "t", "Item": key | item(**what), **REPORT})
    if kind == "delete":
        return engine._make_api_call("DeleteItem", {"TableName": "t", "Key": key, **REPORT})
    request: dict[str, Any] = {"TableName": "t", "Key": key, "ReturnValues": "ALL_NEW", **REPORT}
    if kind == "remove":
        request |= {"UpdateExpression": "REMOVE #a", "ExpressionAttributeNames": {"#a": what}}
    else:
        request |= {
            "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in what),
            "ExpressionAttributeNames": {f"#{name}": name for name in what},
            "ExpressionAttributeValues": {f":{name}": av(value) for name, value in what.items()},
        }
    return engine._make_api_call("UpdateItem", request)


def pages(engine: EmbeddedDynamo, query: tuple[Any, ...], *, ranked: bool) -> list[dict[str, Any]]:
    """Every page of a Query, with its cost and where it ends."""
    partition, comparison, bound, forward, limit = query
    request = {
        "TableName": "t", "IndexName": "later", "KeyConditionExpression": "g = :g", "ScanIndexForward": forward,
        "ExpressionAttributeValues": {":g": av(partition)}, "Limit": limit, **REPORT,
    }  # fmt: skip
    if ranked and comparison:
        request["KeyConditionExpression"] += f" AND r {comparison} :r"
        request["ExpressionAttributeValues"][":r"] = av(bound)
    found = []
    while True:
        found.append(engine._make_api_call("Query", request))
        if "LastEvaluatedKey" not in found[-1]:
            return found
        request["ExclusiveStartKey"] = found[-1]["LastEvaluatedKey"]


@settings(max_examples=150, deadline=None)
@given(
    INDEXES,
    st.lists(WRITES, max_size=15),
    st.booleans(),
    st.lists(st.one_of(WRITES, QUERIES), max_size=15),
)
def test_an_index_made_later_is_as_one_that_was_there_from_the_start(wanted, before, dropping, after):
    """`dropping`: another index goes meanwhile, whose place mustn't be taken for the new one's."""
    first, later = engine_with(wanted), engine_with(*([OTHER] if dropping else []))
    for write in before:
        written(first, write)
        written(later, write)
    change(later, {"Create": wanted}, **kinds(wanted))
    if dropping:
        change(later, {"Delete": {"IndexName": "other"}})
    ranked = len(wanted["KeySchema"]) == 2
    for step in after:
        if len(step) == 3:
            assert written(later, step) == written(first, step)
        else:
            assert pages(later, step, ranked=ranked) == pages(first, step, ranked=ranked)
    for partition in "xy":
        everything = (partition, None, 0, True, 3)
        assert pages(later, everything, ranked=ranked) == pages(first, everything, ranked=ranked)
    scan = {"TableName": "t", "IndexName": "later", **REPORT}
    assert later._make_api_call("Scan", scan) == first._make_api_call("Scan", scan)
    kept = later._store.read(lambda db: db.execute("SELECT size, body FROM items").fetchall())
    assert [size for size, _ in kept] == [item_size(loaded(body)) for _, body in kept]
    held = [plain_item(each) for each in later._make_api_call("Scan", {"TableName": "t"})["Items"]]
    key = {element["AttributeName"] for element in wanted["KeySchema"]}
    entries = later._store.read(lambda db: db.execute("SELECT count(*) FROM entries").fetchone()[0])
    assert entries == sum(key <= each.keys() for each in held)
    first.close()
    later.close()
