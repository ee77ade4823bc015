"""UpdateItem and its expressions."""

import pytest

from tests.contract.dynamo.values import plain_item


def test_an_update_makes_the_item_that_is_not_there(desk):
    """API Reference, UpdateItem: "or adds a new item to the table if it does not already exist"."""
    desk.update("SET v = :v", values={"v": 1})
    assert desk.get() == {"pk": desk.pk, "sk": "1", "v": 1}


def test_an_update_without_expression_makes_the_bare_key(desk):
    """API Reference, UpdateItem: UpdateExpression is optional."""
    desk.call("UpdateItem", TableName="things", Key=desk.key())
    assert desk.get() == {"pk": desk.pk, "sk": "1"}


def test_every_right_hand_side_reads_the_item_as_it_was(desk):
    """Using update expressions: SET (all operands are evaluated before the item is changed)."""
    desk.put(a=1, b=2)
    desk.update("SET a = b, b = a, c = a + b")
    assert desk.get() == {"pk": desk.pk, "sk": "1", "a": 2, "b": 1, "c": 3}


@pytest.mark.parametrize(
    ("expression", "expected"), [("SET n = n + :d", 12), ("SET n = n - :d", 8), ("SET n = :d - n", -8)]
)
def test_set_adds_and_subtracts(desk, expression, expected):
    """Using update expressions: SET, incrementing and decrementing numeric attributes."""
    desk.put(n=10)
    desk.update(expression, values={"d": 2})
    assert desk.get()["n"] == expected


def test_sums_are_exact_decimals(desk):
    """Supported data types, Number: exact."""
    desk.put(n=0)
    for _ in range(3):
        desk.call("UpdateItem", TableName="things", Key=desk.key(), UpdateExpression="SET n = n + :d",
                  ExpressionAttributeValues={":d": {"N": "0.1"}})  # fmt: skip
    found = desk.call("GetItem", TableName="things", Key=desk.key(), ConsistentRead=True)
    assert found["Item"]["n"] == {"N": "0.3"}


def test_if_not_exists_keeps_what_is_there(desk):
    """Using update expressions: SET, function if_not_exists."""
    desk.put(a=1)
    desk.update(
        "SET a = if_not_exists(a, :x), b = if_not_exists(b, :x), n = if_not_exists(n, :x) + :x",
        values={"x": 5},
    )
    assert desk.get() == {"pk": desk.pk, "sk": "1", "a": 1, "b": 5, "n": 10}


def test_list_append_appends_at_either_end(desk):
    """Using update expressions: SET, function list_append."""
    desk.put(v=[2])
    desk.update("SET v = list_append(v, :x)", values={"x": [3]})
    desk.update("SET v = list_append(:x, v)", values={"x": [1]})
    assert desk.get()["v"] == [1, 2, 3]


def test_list_append_makes_the_list_that_is_not_there(desk):
    """Using update expressions: SET, functions list_append and if_not_exists together."""
    desk.update("SET v = list_append(if_not_exists(v, :none), :x)", values={"x": [1], "none": []})
    assert desk.get()["v"] == [1]


def test_set_changes_nested_parts_alone(desk):
    """Using update expressions: SET, adding nested map attributes and list elements."""
    desk.put(m={"a": 1, "b": {"c": [1, 2]}})
    desk.update("SET m.a = :x, m.b.c[1] = :x, m.d = :x", values={"x": 9})
    assert desk.get()["m"] == {"a": 9, "b": {"c": [1, 9]}, "d": 9}


def test_setting_beyond_the_end_of_a_list_appends(desk):
    """Using update expressions: SET, adding elements to a list: "appended to the end of the list"."""
    desk.put(v=[1])
    desk.update("SET v[7] = :c, v[5] = :b", values={"b": 2, "c": 3})
    assert desk.get()["v"] == [1, 2, 3]


def test_setting_below_what_is_not_there_is_refused(desk):
    """Using update expressions: SET (the service's own message: "document path … is invalid for update")."""
    desk.put()
    desk.update_refused("SET m.a = :x", values={"x": 1})
    desk.put(m=5)
    desk.update_refused("SET m.a = :x", values={"x": 1})


def test_reading_an_attribute_that_is_not_there_is_refused(desk):
    """Using update expressions: SET (the service's own message: "refers to an attribute that does not exist")."""
    desk.put()
    desk.update_refused("SET a = b")
    desk.update_refused("SET a = a + :x", values={"x": 1})


def test_adding_to_what_is_no_number_is_refused(desk):
    """Using update expressions: SET (the service's own message: "incorrect data type")."""
    desk.put(a="1")
    desk.update_refused("SET a = a + :x", values={"x": 1})
    desk.update_refused("SET b = :x + :y", values={"x": 1, "y": "2"})


def test_remove_takes_attributes_away(desk):
    """Using update expressions: REMOVE."""
    desk.put(a=1, b=2, m={"x": 1, "y": 2})
    desk.update("REMOVE a, m.x, absent")
    assert desk.get() == {"pk": desk.pk, "sk": "1", "b": 2, "m": {"y": 2}}


def test_remove_takes_list_elements_by_their_old_places(desk):
    """Using update expressions: REMOVE, removing elements from a list."""
    desk.put(v=["a", "b", "c", "d"])
    desk.update("REMOVE v[0], v[2], v[9]")
    assert desk.get()["v"] == ["b", "d"]


def test_set_and_remove_mean_the_list_as_it_was(desk):
    """Using update expressions: list indexes refer to the item before the update."""
    desk.put(v=[1, 2, 3])
    desk.update("REMOVE v[0] SET v[1] = :x", values={"x": 9})
    assert desk.get()["v"] == [9, 3]


def test_add_counts_and_begins_at_zero(desk):
    """Using update expressions: ADD, adding a number."""
    desk.update("ADD n :x", values={"x": 5})
    desk.update("ADD n :x", values={"x": -7})
    assert desk.get()["n"] == -2


def test_add_and_delete_change_sets(desk):
    """Using update expressions: ADD and DELETE, sets."""
    desk.update("ADD v :x", values={"x": {"a", "b"}})
    desk.update("ADD v :x", values={"x": {"b", "c"}})
    assert desk.get()["v"] == {"a", "b", "c"}
    desk.update("DELETE v :x", values={"x": {"a", "z"}})
    assert desk.get()["v"] == {"b", "c"}


def test_an_emptied_set_is_gone(desk):
    """Supported data types, Sets: "Empty sets are not supported"."""
    desk.put(v={1})
    desk.update("DELETE v :x", values={"x": {1}})
    assert desk.get() == {"pk": desk.pk, "sk": "1"}


@pytest.mark.parametrize("expression", ["ADD v :x", "DELETE v :x"])
def test_add_and_delete_refuse_another_kind(desk, expression):
    """Using update expressions: ADD and DELETE (the service's own message: "incorrect data type")."""
    desk.put(v="text")
    desk.update_refused(expression, values={"x": {"a"}})


@pytest.mark.parametrize("expression", ["ADD v :x", "DELETE v :x"])
def test_add_and_delete_refuse_what_is_no_number_or_set(desk, expression):
    """Using update expressions: ADD "supports only number and set data types", DELETE sets."""
    desk.put()
    desk.update_refused(expression, values={"x": "text"})


@pytest.mark.parametrize(
    "expression",
    [
        "SET a = :x, a.b = :x",
        "SET a = :x REMOVE a",
        "SET a.b = :x, a[0] = :x",
        "SET a = :x, a = :x",
        "REMOVE a[0], a",
    ],
)
def test_overlapping_paths_are_refused(desk, expression):
    """Using update expressions (the service's own message: "Two document paths overlap with each other")."""
    desk.put(a={"b": 1})
    desk.update_refused(expression, values={"x": 1} if ":x" in expression else None)


def test_an_update_has_at_most_300_operators_and_functions(desk):
    """Quotas in Amazon DynamoDB, Expression parameters: "operators or functions in an UpdateExpression is 300"."""

    def sums(count):
        return "SET " + ", ".join(f"a{n} = :x + :x" for n in range(count))

    desk.update(sums(300).replace(" = ", "=").replace(" + ", "+"), values={"x": 1})
    desk.update_refused(sums(301).replace(" = ", "=").replace(" + ", "+"), values={"x": 1})


def test_a_reserved_word_in_an_update_needs_a_placeholder(desk):
    """Developer Guide, Reserved words in DynamoDB."""
    desk.update("SET #status = :x", names={"status": "status"}, values={"x": 1})
    desk.update_refused("SET status = :x", values={"x": 1})
    desk.update_refused("SET m.status = :x", values={"x": 1})


@pytest.mark.parametrize("expression", ["SET pk = :x", "REMOVE sk", "ADD sk :x"])
def test_a_key_can_not_be_updated(desk, expression):
    """API Reference, UpdateItem: key attributes can't be updated."""
    desk.put()
    desk.update_refused(expression, values={"x": 1} if ":x" in expression else None)


@pytest.mark.parametrize(
    "expression",
    ["", "SET", "SET a", "SET a =", "a = :x", "SET a = :x SET b = :x", "SET a = :x,", "SET a = size(b)", "SET a = :x :x",
     "ADD a", "SET a = if_not_exists(:x, :x)"],
)  # fmt: skip
def test_an_update_that_can_not_be_read_is_refused(desk, expression):
    """Using update expressions: syntax."""
    desk.update_refused(expression, values={"x": 1} if ":x" in expression else None)


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ("ALL_OLD", {"a": 1, "b": 2}),
        ("ALL_NEW", {"a": 9, "b": 2, "c": 9}),
        ("UPDATED_OLD", {"a": 1}),
        ("UPDATED_NEW", {"a": 9, "c": 9}),
        ("NONE", None),
    ],
)
def test_an_update_returns_what_was_asked_for(desk, returned, expected):
    """API Reference, UpdateItem: ReturnValues."""
    key = {k: v for k, v in desk.put(a=1, b=2).items() if k in ("pk", "sk")}
    response = desk.update("SET a = :x, c = :x", values={"x": 9}, ReturnValues=returned)
    got = plain_item(response["Attributes"]) if "Attributes" in response else None
    assert got == (key | expected if returned.startswith("ALL") else expected)


def test_an_update_of_nothing_has_nothing_old_to_return(desk):
    """API Reference, UpdateItem: ReturnValues ALL_OLD."""
    assert "Attributes" not in desk.update("SET a = :x", values={"x": 9}, ReturnValues="ALL_OLD")


def test_updated_new_tells_nested_parts_in_their_place(desk):
    """API Reference, UpdateItem: ReturnValues UPDATED_NEW returns "only the updated attributes"."""
    desk.put(m={"a": 1, "b": 2})
    response = desk.update("SET m.a = :x", values={"x": 9}, ReturnValues="UPDATED_NEW")
    assert plain_item(response["Attributes"]) == {"m": {"a": 9}}


def test_a_refused_condition_leaves_the_item_as_it_was(desk):
    """API Reference, UpdateItem: ConditionExpression."""
    desk.put(v=1)
    desk.update_refused(
        "SET v = :x", code="ConditionalCheckFailedException", values={"x": 2}, ConditionExpression="v = :x"
    )
    assert desk.get()["v"] == 1


def test_set_copies_a_nested_part(desk):
    """Using update expressions: SET, an operand may be a path."""
    desk.put(m={"a": [1, {"x": 2}]})
    desk.update("SET c = m.a[1], m.a[1].x = :x", values={"x": 9})
    assert desk.get() == {"pk": desk.pk, "sk": "1", "m": {"a": [1, {"x": 9}]}, "c": {"x": 2}}
