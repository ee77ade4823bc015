"""Condition and filter expressions."""

import pytest


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("n = :five", True),
        ("n <> :five", False),
        ("n < :five", False),
        ("n <= :five", True),
        ("n > :four", True),
        ("n >= :six", False),
        ("n > :text", False),
        ("n = :text", False),
        ("n <> :text", True),
        (":four < n", True),
    ],
)
def test_comparators_compare_values_of_one_kind(desk, condition, expected):
    """Condition and filter expressions: comparison operator reference."""
    desk.put(n=5)
    values = {"five": 5, "four": 4, "six": 6, "text": "5"}
    assert desk.holds(condition, values=_used(condition, values)) is expected


def test_numbers_compare_by_value_not_by_text(desk):
    """Condition and filter expressions: comparison operator reference."""
    desk.put(n=9, m=-2)
    assert desk.holds("n < :ten AND m > :minus_ten", values={"ten": 10, "minus_ten": -10})


def test_strings_compare_by_their_utf_8_bytes(desk):
    """Supported data types, String: "compares strings using the bytes of the underlying UTF-8 string encoding"."""
    desk.put(s="ｚ")  # U+FF5A, before U+1F600 in UTF-8 and after it in UTF-16
    assert desk.holds("s < :emoji", values={"emoji": "😀"})


def test_binaries_compare_as_unsigned_bytes(desk):
    """Supported data types, Binary: "treats each byte of the binary data as unsigned"."""
    desk.put(b=b"\x7f")
    assert desk.holds("b < :b", values={"b": b"\x80"})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("absent = :v", False),
        ("absent <> :v", True),
        ("absent < :v", False),
        ("NOT absent = :v", True),
        ("absent BETWEEN :v AND :v", False),
        ("absent IN (:v)", False),
        ("begins_with(absent, :v)", False),
        ("contains(absent, :v)", False),
        ("size(absent) < :n", False),
    ],
)
def test_what_is_absent_equals_nothing_and_is_before_nothing(desk, condition, expected):
    """Condition and filter expressions."""
    desk.put()
    assert desk.holds(condition, values=_used(condition, {"v": "x", "n": 5})) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("attribute_exists(a)", True),
        ("attribute_exists(z)", False),
        ("attribute_not_exists(z)", True),
        ("attribute_exists(m.deep)", True),
        ("attribute_exists(m.z.z)", False),
        ("attribute_exists(l[1])", True),
        ("attribute_exists(l[2])", False),
        ("attribute_exists(l[1].x)", True),
    ],
)
def test_attribute_exists_looks_at_paths(desk, condition, expected):
    """Condition and filter expressions: functions attribute_exists, attribute_not_exists."""
    desk.put(a=None, m={"deep": 1}, l=[1, {"x": 2}])
    assert desk.holds(condition) is expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [("x", "S"), (1, "N"), (b"x", "B"), (True, "BOOL"), (None, "NULL"), ({}, "M"), ([], "L"), ({"x"}, "SS"),
     ({1}, "NS"), ({b"x"}, "BS")],
)  # fmt: skip
def test_attribute_type_knows_every_kind(desk, value, kind):
    """Condition and filter expressions: function attribute_type."""
    desk.put(v=value)
    assert desk.holds("attribute_type(v, :kind)", values={"kind": kind})
    assert not desk.holds("attribute_type(v, :kind)", values={"kind": "S" if kind != "S" else "N"})


def test_an_attribute_type_that_does_not_exist_is_refused(desk):
    """Condition and filter expressions: function attribute_type."""
    desk.put(v=1)
    desk.update_refused(
        "SET v = :v", ConditionExpression="attribute_type(v, :kind)", values={"v": 1, "kind": "X"}
    )


@pytest.mark.parametrize(
    ("prefix", "expected"), [("he", True), ("", True), ("hello!", False), (b"he", False)]
)
def test_begins_with_takes_a_prefix_of_the_same_kind(desk, prefix, expected):
    """Condition and filter expressions: function begins_with."""
    desk.put(v="hello")
    assert desk.holds("begins_with(v, :p)", values={"p": prefix}) is expected


def test_begins_with_a_number_is_refused(desk):
    """Condition and filter expressions: function begins_with takes strings."""
    desk.put(v="1")
    desk.update_refused("SET v = :v", ConditionExpression="begins_with(v, :p)", values={"v": "1", "p": 1})


@pytest.mark.parametrize(
    ("value", "part", "expected"),
    [
        ("hello", "ell", True),
        ("hello", "z", False),
        ({"a", "b"}, "a", True),
        ({"ab"}, "a", False),
        ({1, 2}, 2, True),
        ({1, 2}, "2", False),
        ([1, "x", [2]], "x", True),
        ([1, "x", [2]], [2], True),
        ([1, "x"], "1", False),
        (b"abc", b"b", True),
        ({b"a"}, b"a", True),
        (5, 5, False),
        ({"a": 1}, "a", False),
    ],
)
def test_contains_means_substring_or_member(desk, value, part, expected):
    """Condition and filter expressions: function contains."""
    desk.put(v=value)
    assert desk.holds("contains(v, :part)", values={"part": part}) is expected


@pytest.mark.parametrize(
    ("value", "size"),
    [("hello", 5), (b"abc", 3), ({"a", "b"}, 2), ({1}, 1), ([1, 2, 3], 3), ({"a": 1, "b": 2}, 2), ("", 0)],
)
def test_size_counts_characters_bytes_or_elements(desk, value, size):
    """Condition and filter expressions: function size."""
    desk.put(v=value)
    assert desk.holds("size(v) = :n", values={"n": size})
    assert desk.holds("size(v) > :n", values={"n": size - 1})


def test_between_includes_its_bounds(desk):
    """Condition and filter expressions: BETWEEN."""
    desk.put(n=5)
    assert desk.holds("n BETWEEN :a AND :b", values={"a": 5, "b": 6})
    assert desk.holds("n BETWEEN :a AND :b", values={"a": 4, "b": 5})
    assert not desk.holds("n BETWEEN :a AND :b", values={"a": 6, "b": 7})


def test_between_with_bounds_the_wrong_way_round_is_refused(desk):
    """Condition and filter expressions: BETWEEN … "upper bound to be greater than or equal to lower bound"."""
    desk.put(n=5)
    desk.update_refused("SET v = :a", ConditionExpression="n BETWEEN :b AND :a", values={"a": 1, "b": 2})


def test_in_finds_a_value_among_many(desk):
    """Condition and filter expressions: IN."""
    desk.put(s="b")
    assert desk.holds("s IN (:a, :b)", values={"a": "a", "b": "b"})
    assert not desk.holds("s IN (:a, :c)", values={"a": "a", "c": "c"})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("yes = :t OR yes = :f AND yes = :f", True),  # AND before OR
        ("(yes = :t OR yes = :f) AND yes = :f", False),
        ("NOT yes = :f AND yes = :t", True),  # NOT before AND
        ("NOT (yes = :t OR yes = :f)", False),
        ("NOT yes = :t OR yes = :t", True),
        ("NOT NOT yes = :t OR yes = :f", True),
        ("yes = :f or yes = :t and not yes = :f", True),  # keywords in any case
    ],
)
def test_not_binds_tighter_than_and_and_and_than_or(desk, condition, expected):
    """Condition and filter expressions: precedence in conditions."""
    desk.put(yes=True)
    assert desk.holds(condition, values=_used(condition, {"t": True, "f": False})) is expected


def test_sets_are_equal_whatever_their_order(desk):
    """Supported data types, Sets: "The order of the values within a set is not preserved"."""
    desk.put(v={"a", "b"})
    condition = {"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"SS": ["b", "a"]}}}
    desk.call("DeleteItem", TableName="things", Key=desk.key(), **condition)
    assert desk.get() is None


def test_maps_and_lists_are_equal_when_their_parts_are(desk):
    """Condition and filter expressions: "a = b … true if a is equal to b"."""
    desk.put(v={"a": [1, {"b": 2}]})
    assert desk.holds("v = :v", values={"v": {"a": [1, {"b": 2}]}})
    assert not desk.holds("v = :v", values={"v": {"a": [1, {"b": 3}]}})


@pytest.mark.parametrize(
    "condition",
    ["v =", "= :v", "v == :v", "v = :v AND", "(v = :v", "v = :v)", "v ~ :v", "unknown(v, :v)", "attribute_exists(:v)",
     "attribute_exists(v, :v)", "v", "v BETWEEN :v", "v IN ()", "v = :v v = :v", "contains(v)", ""],
)  # fmt: skip
def test_a_condition_that_can_not_be_read_is_refused(desk, condition):
    """Condition and filter expressions: syntax for filter and condition expressions."""
    desk.update_refused("SET v = :v", ConditionExpression=condition, values={"v": 1})


def test_in_takes_at_most_100_values(desk):
    """Quotas in Amazon DynamoDB, Expression parameters: "The maximum number of operands for the IN comparator is 100"."""
    desk.put(n=1)
    numbers = {f"n{number}": number for number in range(101)}
    first = dict(list(numbers.items())[:100])
    assert desk.holds(f"n IN (:{', :'.join(first)})", values=first)
    desk.update_refused(
        "SET n = :n1", ConditionExpression=f"n IN (:{', :'.join(numbers)})", values=dict(numbers)
    )


def test_redundant_parentheses_are_refused(desk):
    """Condition and filter expressions: parentheses (the service's own message: "has redundant parentheses")."""
    desk.put(n=1)
    assert desk.holds("(n = :v)", values={"v": 1})
    assert desk.holds("((n = :v) AND (n = :v))", values={"v": 1})
    desk.update_refused("SET n = :v", ConditionExpression="((n = :v))", values={"v": 1})


@pytest.mark.parametrize("word", ["status", "Name", "token", "AND"])
def test_a_reserved_word_needs_a_placeholder(desk, word):
    """Developer Guide, Reserved words in DynamoDB; in any case."""
    desk.put(**{word: 1})
    assert desk.holds("#word = :v", names={"word": word}, values={"v": 1})
    desk.update_refused("SET n = :v", ConditionExpression=f"{word} = :v", values={"v": 1})


def test_an_attribute_compared_with_itself_is_refused(desk):
    """Condition and filter expressions (the service's own validation message says "must be distinct")."""
    desk.update_refused("SET v = :v", ConditionExpression="a = a", values={"v": 1})


def test_ordering_by_a_kind_without_order_is_refused(desk):
    """Condition and filter expressions: comparison operators take S, N and B."""
    desk.update_refused("SET v = :v", ConditionExpression="a < :t", values={"v": 1, "t": True})


def test_an_undefined_value_is_refused(desk):
    """Developer Guide, Using expression attribute values in DynamoDB."""
    desk.update_refused("SET v = :v", ConditionExpression="a = :b", values={"v": 1})


def test_an_undefined_name_is_refused(desk):
    """Developer Guide, Expression attribute names (aliases) in DynamoDB."""
    desk.update_refused("SET #a = :v", values={"v": 1})


def test_an_unused_value_is_refused(desk):
    """API Reference, UpdateItem (the service's own validation message says "unused in expressions")."""
    desk.update_refused("SET a = :v", values={"v": 1, "w": 2})


def test_an_unused_name_is_refused(desk):
    """API Reference, UpdateItem (the service's own validation message says "unused in expressions")."""
    desk.update_refused("SET a = :v", values={"v": 1}, names={"b": "b"})


def test_placeholders_without_an_expression_are_refused(desk):
    """API Reference, PutItem (the service's own validation message says "can only be specified when using expressions")."""
    desk.refused("PutItem", TableName="things", Item=desk.key(), ExpressionAttributeValues={":v": {"N": "1"}})


def test_a_name_placeholder_may_hold_a_dot(desk):
    """Developer Guide, Expression attribute names: "attribute names containing special characters"."""
    desk.put(**{"a.b": 1})
    assert desk.holds("#ab = :one", names={"ab": "a.b"}, values={"one": 1})
    assert not desk.holds("a.b = :one", values={"one": 1})


def _used(expression: str, values: dict) -> dict:
    words = expression.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return {name: value for name, value in values.items() if f":{name}" in words}
