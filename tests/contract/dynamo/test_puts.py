"""PutItem, GetItem and DeleteItem."""

from tests.contract.dynamo.values import item, plain_item


def test_a_put_item_is_read_back_as_it_was(desk):
    """API Reference, PutItem."""
    desk.put(text="hello", count=3)
    assert desk.get() == {"pk": desk.pk, "sk": "1", "text": "hello", "count": 3}


def test_a_put_replaces_the_whole_item(desk):
    """API Reference, PutItem: "If an item that has the same primary key … already exists, the new item completely replaces"."""
    desk.put(old=1)
    desk.put(new=2)
    assert desk.get() == {"pk": desk.pk, "sk": "1", "new": 2}


def test_reading_what_is_not_there_gives_no_item(desk):
    """API Reference, GetItem: "If there is no matching item, GetItem does not return any data"."""
    assert "Item" not in desk.call("GetItem", TableName="things", Key=desk.key())


def test_a_put_returns_the_old_item_when_asked(desk):
    """API Reference, PutItem: ReturnValues ALL_OLD."""
    desk.put(v=1)
    response = desk.call("PutItem", TableName="things", Item=desk.key() | item(v=2), ReturnValues="ALL_OLD")
    assert plain_item(response["Attributes"]) == {"pk": desk.pk, "sk": "1", "v": 1}


def test_a_first_put_has_no_old_item_to_return(desk):
    """API Reference, PutItem: ReturnValues ALL_OLD returns the old item "if PutItem overwrote"."""
    response = desk.call("PutItem", TableName="things", Item=desk.key(), ReturnValues="ALL_OLD")
    assert "Attributes" not in response


def test_a_put_can_not_return_the_new_item(desk):
    """API Reference, PutItem: "The valid values are: NONE … ALL_OLD"."""
    desk.refused("PutItem", TableName="things", Item=desk.key(), ReturnValues="ALL_NEW")


def test_a_refused_condition_leaves_the_item_and_tells_so(desk):
    """API Reference, PutItem: ConditionalCheckFailedException."""
    desk.put(v=1)
    response = desk.refused(
        "PutItem",
        "ConditionalCheckFailedException",
        TableName="things",
        Item=desk.key() | item(v=2),
        ConditionExpression="attribute_not_exists(sk)",
    )
    assert "Item" not in response
    assert desk.get() == {"pk": desk.pk, "sk": "1", "v": 1}


def test_a_refused_condition_returns_the_item_that_was_there_when_asked(desk):
    """API Reference, PutItem: ReturnValuesOnConditionCheckFailure."""
    desk.put(v=1)
    response = desk.refused(
        "PutItem",
        "ConditionalCheckFailedException",
        TableName="things",
        Item=desk.key() | item(v=2),
        ConditionExpression="attribute_not_exists(sk)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    assert plain_item(response["Item"]) == {"pk": desk.pk, "sk": "1", "v": 1}


def test_a_refused_delete_returns_the_item_when_asked(desk):
    """API Reference, DeleteItem: ReturnValuesOnConditionCheckFailure."""
    desk.put(v=1)
    response = desk.refused(
        "DeleteItem",
        "ConditionalCheckFailedException",
        TableName="things",
        Key=desk.key(),
        ConditionExpression="attribute_not_exists(v)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    assert plain_item(response["Item"])["v"] == 1


def test_a_refused_update_of_nothing_has_no_item_to_return(desk):
    """API Reference, UpdateItem: ReturnValuesOnConditionCheckFailure."""
    response = desk.update_refused(
        "SET v = :v",
        code="ConditionalCheckFailedException",
        values={"v": 1},
        ConditionExpression="attribute_exists(pk)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    assert "Item" not in response


def test_a_delete_returns_the_old_item_and_removes_it(desk):
    """API Reference, DeleteItem: ReturnValues ALL_OLD."""
    desk.put(v=1)
    response = desk.call("DeleteItem", TableName="things", Key=desk.key(), ReturnValues="ALL_OLD")
    assert plain_item(response["Attributes"])["v"] == 1
    assert desk.get() is None


def test_deleting_what_is_not_there_is_no_error(desk):
    """API Reference, DeleteItem: "DeleteItem is an idempotent operation"."""
    assert "Attributes" not in desk.call(
        "DeleteItem", TableName="things", Key=desk.key(), ReturnValues="ALL_OLD"
    )


def test_a_projection_returns_nested_parts_in_their_place(desk):
    """Developer Guide, Using projection expressions in DynamoDB."""
    desk.put(a={"b": 1, "c": 2}, list=[10, 20, 30], other="x")
    found = desk.call(
        "GetItem",
        TableName="things",
        Key=desk.key(),
        ProjectionExpression="a.b, #list[2], #list[0]",
        ExpressionAttributeNames={"#list": "list"},
    )
    assert plain_item(found["Item"]) == {"a": {"b": 1}, "list": [10, 30]}


def test_a_projection_of_overlapping_paths_is_refused(desk):
    """Developer Guide, Using projection expressions in DynamoDB (paths must not overlap)."""
    desk.refused("GetItem", TableName="things", Key=desk.key(), ProjectionExpression="a, a.b")


def test_a_table_that_does_not_exist_is_named_so(desk):
    """API Reference, GetItem: ResourceNotFoundException."""
    desk.refused("GetItem", "ResourceNotFoundException", TableName="no-such-table", Key=desk.key())


def test_a_table_without_sort_key_keeps_one_item_a_partition(desk):
    """Developer Guide, Core components of Amazon DynamoDB: simple primary key."""
    for v in (1, 2):
        desk.call("PutItem", TableName="single", Item=item(pk=desk.pk, v=v))
    found = desk.call("GetItem", TableName="single", Key=item(pk=desk.pk), ConsistentRead=True)
    assert plain_item(found["Item"]) == {"pk": desk.pk, "v": 2}
