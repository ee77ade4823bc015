"""Secondary indexes."""

import pytest

from tests.contract.dynamo.values import item, plain_item


def ranked(desk, **query):
    """The sort keys in the order of index by_rank."""
    return desk.sks("g = :pk", IndexName="by_rank", **query)


def test_an_index_is_ordered_by_its_own_key(desk):
    """Developer Guide, Using Global Secondary Indexes in DynamoDB: querying."""
    for sk, rank in (("a", 30), ("b", -1), ("c", 4)):
        desk.put(sk, g=desk.pk, r=rank)
    desk.eventually(lambda: ranked(desk), ["b", "c", "a"])
    assert ranked(desk, ScanIndexForward=False) == ["a", "c", "b"]


def test_an_index_holds_only_items_with_its_whole_key(desk):
    """General guidelines for secondary indexes: take advantage of sparse indexes."""
    desk.put("a", g=desk.pk, r=1)
    desk.put("b", g=desk.pk)
    desk.put("c", r=1)
    desk.eventually(lambda: ranked(desk), ["a"])
    desk.eventually(lambda: sorted(desk.sks("g = :pk", IndexName="keys_only")), ["a", "b"])


def test_an_index_follows_every_write(desk):
    """Using Global Secondary Indexes: data synchronization between tables and global secondary indexes."""
    desk.put("a", g=desk.pk, r=1)
    desk.put("b", g=desk.pk, r=2)
    desk.update("SET r = :r", "a", values={"r": 3})
    desk.eventually(lambda: ranked(desk), ["b", "a"])
    desk.update("REMOVE r", "b")
    desk.eventually(lambda: ranked(desk), ["a"])
    desk.call("DeleteItem", TableName="things", Key=desk.key("a"))
    desk.eventually(lambda: ranked(desk), [])


@pytest.mark.parametrize(
    ("index", "attributes"),
    [("by_rank", {"pk", "sk", "g", "r", "text", "more"}), ("keys_only", {"pk", "sk", "g"}),
     ("with_text", {"pk", "sk", "g", "r", "text"})],
)  # fmt: skip
def test_an_index_tells_what_it_projects(desk, index, attributes):
    """Using Global Secondary Indexes: attribute projections."""
    desk.put(g=desk.pk, r=1, text="t", more="m")

    def told():
        return [set(each) for each in desk.query("g = :pk", IndexName=index)["Items"]]

    desk.eventually(told, [attributes])


def test_an_index_can_not_tell_what_it_does_not_project(desk):
    """Using Global Secondary Indexes: "you can only request attributes that are projected into the index"."""
    request = {"TableName": "things", "IndexName": "keys_only", "KeyConditionExpression": "g = :g",
               "ExpressionAttributeValues": {":g": {"S": desk.pk}}}  # fmt: skip
    desk.refused("Query", **request, ProjectionExpression="more")
    desk.refused("Query", **request, Select="ALL_ATTRIBUTES")


def test_pages_along_an_index_go_through_ties(desk):
    """Using Global Secondary Indexes: "the key values … do not need to be unique"; paginating."""
    for n in range(7):
        desk.put(f"{n}", g=desk.pk, r=n // 3)
    desk.eventually(lambda: len(ranked(desk)), 7)
    for forward in (True, False):
        pages = desk.pages(condition="g = :pk", IndexName="by_rank", Limit=2, ScanIndexForward=forward)
        found = [(each["r"], each["sk"]) for page in pages for each in page]
        assert sorted(found) == [(n // 3, str(n)) for n in range(7)]
        ranks = [rank for rank, _ in found]
        assert ranks == sorted(ranks, reverse=not forward)


def test_a_page_along_an_index_ends_with_both_keys(desk):
    """Paginating: LastEvaluatedKey of an index has its key and the table's."""
    desk.put(g=desk.pk, r=1)
    desk.eventually(lambda: ranked(desk), ["1"])
    page = desk.query("g = :pk", IndexName="by_rank", Limit=1)
    assert plain_item(page["LastEvaluatedKey"]) == {"pk": desk.pk, "sk": "1", "g": desk.pk, "r": 1}


def test_a_range_of_an_index_is_picked_by_its_sort_key(desk):
    """Using Global Secondary Indexes: querying."""
    for n in range(5):
        desk.put(str(n), g=desk.pk, r=n)
    desk.eventually(lambda: ranked(desk), list("01234"))
    assert desk.sks("g = :pk AND r BETWEEN :a AND :b", IndexName="by_rank", values={"a": 1, "b": 3}) == list(
        "123"
    )


def test_a_consistent_read_of_a_global_index_is_refused(desk):
    """DynamoDB read consistency: "Strongly consistent reads are not supported on global secondary indexes"."""
    desk.refused("Query", TableName="things", IndexName="by_rank", KeyConditionExpression="g = :g",
                 ExpressionAttributeValues={":g": {"S": "x"}}, ConsistentRead=True)  # fmt: skip


def test_a_local_index_is_read_consistently(desk):
    """Developer Guide, Local secondary indexes."""
    for sk, place in (("a", "2"), ("b", "1"), ("c", None)):
        desk.put(sk, **({"place": place} if place else {}))
    found = desk.query(IndexName="local", ConsistentRead=True)["Items"]
    assert [plain_item(each)["sk"] for each in found] == ["b", "a"]


def test_an_index_key_of_another_type_is_refused(desk):
    """Using Global Secondary Indexes: index key attributes have the declared type."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | item(g=1))
    desk.put()
    desk.update_refused("SET r = :r", values={"r": "text"})


def test_an_empty_index_key_is_refused(desk):
    """Supported data types, String: empty strings aren't allowed for key attributes of tables and indexes."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | item(g=""))


def test_an_index_that_does_not_exist_is_refused(desk):
    """API Reference, Query: IndexName."""
    desk.refused("Query", TableName="things", IndexName="nowhere", KeyConditionExpression="g = :g",
                 ExpressionAttributeValues={":g": {"S": "x"}})  # fmt: skip
