"""Global indexes made over what a table holds, and dropped: UpdateTable."""

import time
import uuid
from typing import Any

import pytest

from tests.contract.dynamo.desk import Desk
from tests.contract.dynamo.engines import PATIENCE_SECONDS
from tests.contract.dynamo.values import item, plain_item

BUILDING_SECONDS = 30 * PATIENCE_SECONDS
"""AWS takes minutes even for an index over nothing."""


def attributes(**kinds: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in kinds.items()]


def keys(*names: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": role} for name, role in zip(names, ("HASH", "RANGE"), strict=False)
    ]


def index(name: str, *key: str, kind: str = "ALL", **projection: Any) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": keys(*key),
        "Projection": {"ProjectionType": kind, **projection},
    }


@pytest.fixture
def own(desk):
    """A table of the test's own, with the index `old`."""
    name = f"deskbell-conformance-later-{uuid.uuid4().hex[:8]}"
    own = Desk(desk.client, {"things": name}, patient=desk._patient)
    own.call(
        "CreateTable",
        TableName="things",
        KeySchema=keys("pk", "sk"),
        AttributeDefinitions=attributes(pk="S", sk="S", o="S"),
        GlobalSecondaryIndexes=[index("old", "o", kind="KEYS_ONLY")],
        BillingMode="PAY_PER_REQUEST",
    )
    settled(own)
    yield own
    own.call("DeleteTable", TableName="things")


def settled(own: Desk) -> dict[str, Any]:
    """The table's description, once nothing about it is under way."""
    until = time.monotonic() + BUILDING_SECONDS
    while True:
        table = own.call("DescribeTable", TableName="things")["Table"]
        states = {
            table["TableStatus"],
            *(each["IndexStatus"] for each in table.get("GlobalSecondaryIndexes", ())),
        }
        if states == {"ACTIVE"}:
            return table
        assert time.monotonic() < until
        time.sleep(1)


def make(own: Desk, wanted: dict[str, Any], **kinds: str) -> dict[str, Any]:
    request = {
        "AttributeDefinitions": attributes(**kinds),
        "GlobalSecondaryIndexUpdates": [{"Create": wanted}],
    }
    own.call("UpdateTable", TableName="things", **request)
    return settled(own)


def drop(own: Desk, name: str) -> dict[str, Any]:
    own.call("UpdateTable", TableName="things", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])
    return settled(own)


def ranked(own: Desk) -> list[str]:
    return own.sks("g = :pk", IndexName="later")


@pytest.mark.parametrize(
    ("projection", "told"),
    [({"kind": "ALL"}, {"pk", "sk", "g", "r", "o", "text", "more"}), ({"kind": "KEYS_ONLY"}, {"pk", "sk", "g", "r"}),
     ({"kind": "INCLUDE", "NonKeyAttributes": ["text"]}, {"pk", "sk", "g", "r", "text"})],
    ids=["ALL", "KEYS_ONLY", "INCLUDE"],
)  # fmt: skip
def test_an_index_made_later_holds_what_the_table_holds(own, projection, told):
    """Managing Global Secondary Indexes in DynamoDB: adding a global secondary index to an existing table."""
    for sk, rank in (("a", 30), ("b", -1), ("c", 4)):
        own.put(sk, g=own.pk, r=rank, o="o", text="t", more="m")
    own.put("without r", g=own.pk)
    own.put("without g", r=1)
    make(own, index("later", "g", "r", **projection), g="S", r="N")
    own.eventually(lambda: ranked(own), ["b", "c", "a"])
    assert [set(each) for each in own.query("g = :pk", IndexName="later")["Items"]] == [told] * 3


def test_an_index_made_later_follows_every_write(own):
    """Managing Global Secondary Indexes in DynamoDB; data synchronization between tables and indexes."""
    own.put("a", g=own.pk, r=1)
    own.put("b", g=own.pk, r=2)
    own.put("c", g=own.pk, r=3)
    make(own, index("later", "g", "r"), g="S", r="N")
    own.update("SET r = :r", "a", values={"r": 9})
    own.update("REMOVE g", "b")
    own.put("d", g=own.pk, r=0)
    own.call("DeleteItem", TableName="things", Key=own.key("c"))
    own.eventually(lambda: ranked(own), ["d", "a"])


def test_an_index_made_later_leaves_out_what_can_not_be_its_key(own):
    """Detecting and correcting index key violations in DynamoDB."""
    own.put("right", g=own.pk, r=1)
    own.put("another kind", g=own.pk, r="1")
    own.put("a set", g=own.pk, r={"1"})
    own.put("the hash key too", g=5, r=1)
    make(own, index("later", "g", "r"), g="S", r="N")
    own.eventually(lambda: ranked(own), ["right"])
    assert own.get("another kind") == {"pk": own.pk, "sk": "another kind", "g": own.pk, "r": "1"}
    own.call("DeleteItem", TableName="things", Key=own.key("a set"))
    own.put("another kind", g=own.pk, r=2)
    own.eventually(lambda: ranked(own), ["right", "another kind"])


@pytest.mark.parametrize("length", [0, 1024, 1025])
def test_an_index_made_later_takes_keys_of_the_right_length_only(own, length):
    """Detecting and correcting index key violations: a sort key of an index has 1 to 1,024 bytes."""
    own.put("a", g=own.pk, long="é" * (length // 2) + "x" * (length % 2))
    make(own, index("later", "g", "long"), g="S", long="S")
    own.eventually(lambda: ranked(own), ["a"] if length == 1024 else [])


def test_what_can_not_be_a_later_indexs_key_is_written_no_more(own):
    """Detecting and correcting index key violations: afterwards such writes are rejected."""
    own.put("a", g=own.pk, r="text")
    make(own, index("later", "g", "r"), g="S", r="N")
    own.refused("PutItem", TableName="things", Item=own.key("b") | item(g=own.pk, r="text"))
    own.update_refused("SET other = :x", "a", values={"x": 1})
    own.update("SET r = :x", "a", values={"x": 1})
    own.eventually(lambda: ranked(own), ["a"])


def test_an_index_made_later_is_described_with_its_attributes(own):
    """API Reference, UpdateTable: AttributeDefinitions must include the new index's keys."""
    table = make(own, index("later", "g", "o", kind="INCLUDE", NonKeyAttributes=["text"]), g="S", o="S")
    found = {each["IndexName"]: each for each in table["GlobalSecondaryIndexes"]}
    assert found.keys() == {"old", "later"}
    assert found["later"]["KeySchema"] == keys("g", "o")
    assert found["later"]["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["text"]}
    defined = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    assert defined == {"pk": "S", "sk": "S", "g": "S", "o": "S"}


def test_a_dropped_index_is_gone_and_the_others_stay(own):
    """Managing Global Secondary Indexes in DynamoDB: deleting a global secondary index."""
    own.put("a", g=own.pk, r=1, o=own.pk)
    make(own, index("later", "g", "r"), g="S", r="N")
    table = drop(own, "old")
    assert [each["IndexName"] for each in table["GlobalSecondaryIndexes"]] == ["later"]
    defined = {each["AttributeName"] for each in table["AttributeDefinitions"]}
    assert defined == {"pk", "sk", "g", "r"}
    own.refused("Query", TableName="things", IndexName="old", KeyConditionExpression="o = :o",
                ExpressionAttributeValues={":o": {"S": own.pk}})  # fmt: skip
    own.put("b", g=own.pk, r=2, o=5)
    own.eventually(lambda: ranked(own), ["a", "b"])


def test_a_table_without_its_last_index_names_none(own):
    """API Reference, TableDescription."""
    assert not drop(own, "old").get("GlobalSecondaryIndexes")


def test_an_index_is_made_anew_with_other_keys(own):
    """Managing Global Secondary Indexes in DynamoDB: an index's key can't be changed, only made anew."""
    for sk, rank in (("a", 2), ("b", 1)):
        own.put(sk, g=own.pk, r=rank, o=own.pk)
    drop(own, "old")
    make(own, index("old", "o", "r"), o="S", r="N")
    own.eventually(lambda: own.sks("o = :pk", IndexName="old"), ["b", "a"])
    assert set(plain_item(own.query("o = :pk", IndexName="old")["Items"][0])) == {"pk", "sk", "g", "r", "o"}


def updates(*wanted: dict[str, Any], **kinds: str) -> dict[str, Any]:
    request: dict[str, Any] = {"GlobalSecondaryIndexUpdates": list(wanted)}
    return request | ({"AttributeDefinitions": attributes(**kinds)} if kinds else {})


CREATE, DELETE = {"Create": index("later", "g")}, {"Delete": {"IndexName": "old"}}


@pytest.mark.parametrize(
    "both",
    [updates(CREATE, {"Create": index("latest", "g")}, g="S"), updates(DELETE, CREATE, g="S")],
    ids=["two made", "one dropped and one made"],
)
def test_one_request_makes_or_drops_one_index(own, both):
    """API Reference, UpdateTable: "You can create or delete only one global secondary index per UpdateTable operation"."""
    own.refused("UpdateTable", "LimitExceededException", TableName="things", **both)
    assert [each["IndexName"] for each in settled(own)["GlobalSecondaryIndexes"]] == ["old"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        pytest.param({}, "ValidationException", id="nothing"),
        pytest.param(updates(), "ValidationException", id="an empty list"),
        pytest.param(updates({}), "ValidationException", id="no action"),
        pytest.param(updates({"Create": index("old", "g")}, g="S"), "ValidationException", id="a name that is taken"),
        pytest.param(updates(CREATE), "ValidationException", id="no definition"),
        pytest.param(updates({"Create": index("later", "o")}), "ValidationException", id="a definition of before"),
        pytest.param(updates({"Create": index("later", "g", "g")}, g="S"), "ValidationException", id="one key twice"),
        pytest.param(updates({"Create": index("later", "g", kind="SOME")}, g="S"), "ValidationException", id="projection"),
        pytest.param(updates({"Create": index("later", "g", kind="INCLUDE")}, g="S"), "ValidationException",
                     id="including nothing"),
        pytest.param(updates(CREATE, g="M"), "ValidationException", id="a key that is no scalar"),
        pytest.param(updates({"Delete": {"IndexName": "none"}}), "ResourceNotFoundException", id="no such index"),
    ],
)  # fmt: skip
def test_a_change_of_indexes_that_makes_no_sense_is_refused(own, wanted, code):
    """API Reference, UpdateTable: ValidationException, ResourceNotFoundException."""
    own.refused("UpdateTable", code, TableName="things", **wanted)
    assert [each["IndexName"] for each in settled(own)["GlobalSecondaryIndexes"]] == ["old"]


def test_a_missing_table_is_not_changed(desk):
    """API Reference, UpdateTable: ResourceNotFoundException."""
    desk.refused("UpdateTable", "ResourceNotFoundException", TableName="no-such-table", **updates(DELETE))
