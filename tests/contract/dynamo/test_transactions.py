"""TransactWriteItems and TransactGetItems."""

import uuid

from tests.contract.dynamo.values import item, plain_item


def test_a_transaction_does_all_of_its_actions(desk):
    """API Reference, TransactWriteItems."""
    desk.put("updated", v=1)
    desk.put("deleted")
    desk.put("checked", v=1)
    desk.transact(
        desk.action("Put", "put", attributes={"v": 1}),
        desk.action("Update", "updated", UpdateExpression="SET v = v + :x", values={"x": 1}),
        desk.action("Delete", "deleted"),
        desk.action("ConditionCheck", "checked", ConditionExpression="v = :x", values={"x": 1}),
    )
    assert desk.sks() == ["checked", "put", "updated"]
    assert desk.get("updated")["v"] == 2


def test_one_refused_condition_undoes_the_whole_transaction(desk):
    """API Reference, TransactWriteItems: "either all of them succeed, or all of them fail"."""
    desk.put("there")
    reasons = desk.cancelled(
        desk.action("Put", "first"),
        desk.action("Put", "there", ConditionExpression="attribute_not_exists(pk)"),
        desk.action("Put", "last"),
    )
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed", "None"]
    assert desk.sks() == ["there"]


def test_a_transaction_tells_a_reason_for_every_item(desk):
    """API Reference, TransactWriteItems: CancellationReasons, "ordered in the same way"."""
    desk.put("there")
    reasons = desk.cancelled(
        desk.action("ConditionCheck", "missing", ConditionExpression="attribute_exists(pk)"),
        desk.action("Update", "new", UpdateExpression="SET v = :x", values={"x": 1}),
        desk.action("Delete", "there", ConditionExpression="attribute_not_exists(pk)"),
    )
    codes = [reason["Code"] for reason in reasons]
    assert codes == ["ConditionalCheckFailed", "None", "ConditionalCheckFailed"]
    assert reasons[0]["Message"] == "The conditional request failed"


def test_a_reason_holds_the_item_that_was_there_when_asked(desk):
    """API Reference, TransactWriteItems: ReturnValuesOnConditionCheckFailure."""
    desk.put("a", v=1)
    desk.put("b", v=2)
    failing = {"ConditionExpression": "attribute_not_exists(pk)"}
    reasons = desk.cancelled(
        desk.action("Put", "a", **failing, ReturnValuesOnConditionCheckFailure="ALL_OLD"),
        desk.action("ConditionCheck", "b", **failing),
    )
    assert plain_item(reasons[0]["Item"]) == {"pk": desk.pk, "sk": "a", "v": 1}
    assert "Item" not in reasons[1]


def test_what_can_not_be_applied_cancels_with_a_validation_error(desk):
    """API Reference, TransactWriteItems: cancellation reason ValidationError."""
    desk.put("a", v="text")
    reasons = desk.cancelled(
        desk.action("Put", "b"),
        desk.action("Update", "a", UpdateExpression="SET v = v + :x", values={"x": 1}),
    )
    assert [reason["Code"] for reason in reasons] == ["None", "ValidationError"]
    assert desk.sks() == ["a"]


def test_two_actions_on_one_item_are_refused(desk):
    """API Reference, TransactWriteItems: "no two actions can target the same item"."""
    desk.refused(
        "TransactWriteItems",
        TransactItems=[
            desk.action("Put"),
            desk.action("ConditionCheck", ConditionExpression="attribute_not_exists(pk)"),
        ],
    )
    assert desk.get() is None


def test_a_transaction_has_at_most_100_actions(desk):
    """API Reference, TransactWriteItems: "up to 100 action requests"."""
    actions = [desk.action("Put", str(n)) for n in range(101)]
    desk.refused("TransactWriteItems", TransactItems=actions)
    desk.transact(*actions[:100])
    assert len(desk.sks()) == 100


def test_an_empty_transaction_is_refused(desk):
    """API Reference, TransactWriteItems: TransactItems, minimum number of 1 item."""
    desk.refused("TransactWriteItems", TransactItems=[])


def test_a_transaction_that_can_not_be_read_is_refused(desk):
    """API Reference, TransactWriteItems: ValidationException."""
    desk.refused("TransactWriteItems", TransactItems=[desk.action("Update", UpdateExpression="SET v =")])
    desk.refused("TransactWriteItems", TransactItems=[desk.action("Update", UpdateExpression="SET v = :x")])


def test_a_transaction_sent_again_is_done_once(desk):
    """API Reference, TransactWriteItems: ClientRequestToken."""
    add = desk.action("Update", UpdateExpression="ADD n :x", values={"x": 1})
    token = uuid.uuid4().hex
    for _ in range(3):
        desk.transact(add, ClientRequestToken=token)
    assert desk.get()["n"] == 1
    desk.transact(add, ClientRequestToken=uuid.uuid4().hex)
    assert desk.get()["n"] == 2


def test_a_transaction_sent_again_succeeds_though_its_condition_no_longer_holds(desk):
    """API Reference, TransactWriteItems: ClientRequestToken."""
    put = desk.action("Put", ConditionExpression="attribute_not_exists(pk)")
    token = uuid.uuid4().hex
    desk.transact(put, ClientRequestToken=token)
    desk.transact(put, ClientRequestToken=token)
    assert desk.cancelled(put)[0]["Code"] == "ConditionalCheckFailed"


def test_another_transaction_with_the_same_token_is_refused(desk):
    """API Reference, TransactWriteItems: IdempotentParameterMismatchException."""
    token = uuid.uuid4().hex
    desk.transact(desk.action("Put", "a"), ClientRequestToken=token)
    desk.refused(
        "TransactWriteItems",
        "IdempotentParameterMismatchException",
        TransactItems=[desk.action("Put", "b")],
        ClientRequestToken=token,
    )
    assert desk.sks() == ["a"]


def test_a_cancelled_transaction_does_not_spend_its_token(desk):
    """Developer Guide, Amazon DynamoDB Transactions: How it works, Idempotency (of calls that succeeded)."""
    desk.put("blocker")
    token = uuid.uuid4().hex
    actions = [
        desk.action("Put", "a"),
        desk.action("ConditionCheck", "blocker", ConditionExpression="attribute_not_exists(pk)"),
    ]
    desk.refused(
        "TransactWriteItems", "TransactionCanceledException", TransactItems=actions, ClientRequestToken=token
    )
    desk.call("DeleteItem", TableName="things", Key=desk.key("blocker"))
    desk.transact(*actions, ClientRequestToken=token)
    assert desk.sks() == ["a"]


def test_a_transaction_spans_tables(desk):
    """API Reference, TransactWriteItems: "These actions can target items in different tables"."""
    numbered = {"Put": {"TableName": desk.tables["numbered"], "Item": item(pk=desk.pk, sk=1)}}
    desk.transact(desk.action("Put"), numbered)
    assert desk.sks() == ["1"]
    assert desk.sks(table="numbered") == [1]


def test_an_update_in_a_transaction_reads_the_item_as_it_was(desk):
    """Using update expressions: SET."""
    desk.put("a", v=1, w=2)
    desk.transact(desk.action("Update", "a", UpdateExpression="SET v = w, w = v"))
    assert desk.get("a") == {"pk": desk.pk, "sk": "a", "v": 2, "w": 1}


def test_reading_in_a_transaction_keeps_places(desk):
    """API Reference, TransactGetItems: Responses "ordered", empty where there is no item."""
    desk.put("a", v=1, w=2)
    desk.put("c", v=3)
    gets = [
        {"Get": {"TableName": desk.tables["things"], "Key": desk.key(sk), "ProjectionExpression": "v"}}
        for sk in "abc"
    ]
    responses = desk.call("TransactGetItems", TransactItems=gets)["Responses"]
    assert [plain_item(each["Item"]) if each.get("Item") else None for each in responses] == [
        {"v": 1},
        None,
        {"v": 3},
    ]


def test_reading_in_a_transaction_has_at_most_100_items(desk):
    """API Reference, TransactGetItems: "up to 100"."""
    gets = [{"Get": {"TableName": desk.tables["things"], "Key": desk.key(str(n))}} for n in range(101)]
    desk.refused("TransactGetItems", TransactItems=gets)
    assert len(desk.call("TransactGetItems", TransactItems=gets[:100])["Responses"]) == 100


def test_a_transaction_on_a_missing_table_is_refused(desk):
    """API Reference, TransactWriteItems: ResourceNotFoundException."""
    put = {"Put": {"TableName": "no-such-table", "Item": desk.key()}}
    desk.refused("TransactWriteItems", "ResourceNotFoundException", TransactItems=[put])
