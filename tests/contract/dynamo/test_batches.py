"""BatchGetItem and BatchWriteItem."""

import pytest

from tests.contract.dynamo.values import item, plain_item


def test_a_batch_reads_what_there_is(desk):
    """API Reference, BatchGetItem: "If a requested item does not exist, it is not returned"."""
    desk.put("a")
    desk.put("b")
    things = desk.tables["things"]
    response = desk.call("BatchGetItem", RequestItems={things: {"Keys": [desk.key(sk) for sk in "abc"]}})
    assert {plain_item(each)["sk"] for each in response["Responses"][things]} == {"a", "b"}
    assert not response["UnprocessedKeys"]


def test_a_batch_reads_several_tables_and_projects(desk):
    """API Reference, BatchGetItem."""
    desk.put("a", v=1)
    desk.put(5, table="numbered", v=2)
    things, numbered = desk.tables["things"], desk.tables["numbered"]
    response = desk.call(
        "BatchGetItem",
        RequestItems={
            things: {
                "Keys": [desk.key("a")],
                "ProjectionExpression": "#v",
                "ExpressionAttributeNames": {"#v": "v"},
            },
            numbered: {"Keys": [desk.key(5)], "ConsistentRead": True},
        },
    )
    assert response["Responses"][things] == [item(v=1)]
    assert response["Responses"][numbered] == [item(pk=desk.pk, sk=5, v=2)]


def test_a_batch_that_asks_twice_for_one_item_is_refused(desk):
    """API Reference, BatchGetItem (the service's own message: "contains duplicates")."""
    desk.refused("BatchGetItem", RequestItems={desk.tables["things"]: {"Keys": [desk.key(), desk.key()]}})


def test_a_batch_reads_at_most_100_items(desk):
    """API Reference, BatchGetItem: "as many as 100 items"."""
    keys = [desk.key(str(n)) for n in range(101)]
    desk.call("BatchGetItem", RequestItems={desk.tables["things"]: {"Keys": keys[:100]}})
    desk.refused("BatchGetItem", RequestItems={desk.tables["things"]: {"Keys": keys}})


def test_a_batch_tells_at_most_16_mb_and_names_the_rest(desk):
    """API Reference, BatchGetItem: "up to 16 MB of data", UnprocessedKeys."""
    for n in range(45):
        desk.put(str(n), t="x" * 400_000)
    things = desk.tables["things"]
    asked = {things: {"Keys": [desk.key(str(n)) for n in range(45)]}}
    response = desk.call("BatchGetItem", RequestItems=asked)
    assert len(response["Responses"][things]) <= 41
    rest = desk.call("BatchGetItem", RequestItems=response["UnprocessedKeys"])
    assert len(response["Responses"][things]) + len(rest["Responses"][things]) == 45


def test_a_batch_puts_and_deletes(desk):
    """API Reference, BatchWriteItem."""
    desk.put("old")
    response = desk.call(
        "BatchWriteItem",
        RequestItems={
            desk.tables["things"]: [
                {"PutRequest": {"Item": desk.key("new") | item(v=1)}},
                {"DeleteRequest": {"Key": desk.key("old")}},
            ]
        },
    )
    assert not response["UnprocessedItems"]
    assert desk.sks() == ["new"]


def test_a_batch_that_writes_one_item_twice_is_refused(desk):
    """API Reference, BatchWriteItem: "multiple operations on the same item in the same BatchWriteItem request"."""
    actions = [{"PutRequest": {"Item": desk.key()}}, {"DeleteRequest": {"Key": desk.key()}}]
    desk.refused("BatchWriteItem", RequestItems={desk.tables["things"]: actions})


def test_a_batch_writes_at_most_25_items(desk):
    """API Reference, BatchWriteItem: "up to 25"."""
    actions = [{"PutRequest": {"Item": desk.key(str(n))}} for n in range(26)]
    desk.refused("BatchWriteItem", RequestItems={desk.tables["things"]: actions})
    desk.call("BatchWriteItem", RequestItems={desk.tables["things"]: actions[:25]})
    assert len(desk.sks()) == 25


@pytest.mark.parametrize(
    "bad", [{"PutRequest": {"Item": item(pk="x")}}, {"DeleteRequest": {"Key": item(pk="x")}}]
)
def test_a_batch_with_a_wrong_key_is_refused_as_a_whole(desk, bad):
    """API Reference, BatchWriteItem: "If one or more of the following is true, DynamoDB rejects the entire batch"."""
    desk.refused(
        "BatchWriteItem", RequestItems={desk.tables["things"]: [{"PutRequest": {"Item": desk.key()}}, bad]}
    )
    assert desk.sks() == []


def test_an_empty_batch_is_refused(desk):
    """API Reference, BatchWriteItem: RequestItems has at least one request."""
    desk.refused("BatchWriteItem", RequestItems={})
    desk.refused("BatchGetItem", RequestItems={})
