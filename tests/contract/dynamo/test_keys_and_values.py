"""What may stand in an item and in its key."""

from decimal import Decimal

import pytest

from tests.contract.dynamo.values import item

EVERY_KIND = {
    "s": "täxt 王",
    "n": Decimal("-1.5"),
    "b": b"\x00\xff",
    "yes": True,
    "no": False,
    "nothing": None,
    "m": {"deep": {"er": [1, "x", {"b": b"\x01"}]}},
    "empty_map": {},
    "l": [1, [2, [3]]],
    "empty_list": [],
    "ss": {"b", "a"},
    "ns": {2, 1},
    "bs": {b"\x02", b"\x01"},
    "empty": "",
    "empty_binary": b"",
}


def test_every_kind_of_value_is_read_back(desk):
    """Developer Guide, Supported data types and naming rules in Amazon DynamoDB."""
    assert desk.put(**EVERY_KIND) == desk.get()


@pytest.mark.parametrize("spelling", ["1.0", "1e0", "+1", "001", "10E-1"])
def test_a_number_has_one_spelling(desk, spelling):
    """Supported data types, Number: "Leading and trailing zeroes are trimmed"."""
    desk.call("PutItem", TableName="things", Item=desk.key() | {"n": {"N": spelling}})
    found = desk.call("GetItem", TableName="things", Key=desk.key(), ConsistentRead=True)
    assert found["Item"]["n"] == {"N": "1"}


def test_a_number_keeps_38_digits(desk):
    """Supported data types, Number: "up to 38 digits of precision"."""
    exact = Decimal("1234567890.1234567890123456789012345678")
    desk.put(n=exact)
    found = desk.call("GetItem", TableName="things", Key=desk.key(), ConsistentRead=True)
    assert found["Item"]["n"] == {"N": str(exact)}


def test_a_number_of_39_digits_is_refused(desk):
    """Supported data types, Number: "Exceeding this results in an exception"."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | {"n": {"N": "1" * 39}})


@pytest.mark.parametrize("number", ["1E126", "-1E126", "1E-131", "x", "", "NaN", "Infinity", "1_000", "0x1"])
def test_what_is_no_number_is_refused(desk, number):
    """Supported data types, Number: range 1E-130 to 9.99…E+125."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | {"n": {"N": number}})


def test_an_empty_set_is_refused(desk):
    """Supported data types, Sets: "Empty sets are not supported"."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | {"ss": {"SS": []}})


@pytest.mark.parametrize("members", [{"SS": ["a", "a"]}, {"BS": [b"a", b"a"]}])
def test_a_set_with_duplicates_is_refused(desk, members):
    """Supported data types, Sets: "Each value within a set must be unique"."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | {"set": members})


def test_a_set_may_hold_an_empty_text(desk):
    """Supported data types, Sets: "Empty string and binary values are allowed within a set"."""
    desk.put(ss={"", "a"}, bs={b""})
    assert desk.get() == {"pk": desk.pk, "sk": "1", "ss": {"", "a"}, "bs": {b""}}


def test_two_spellings_of_a_number_are_duplicates_in_a_set(desk):
    """Supported data types, Sets: "Each value within a set must be unique"."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | {"ns": {"NS": ["1", "1.0"]}})


def test_an_unknown_kind_of_value_is_refused(desk):
    """API Reference, AttributeValue: one of the data types."""
    desk.refused("PutItem", TableName="things", Item=desk.key() | {"x": {"S": "a", "N": "1"}})


def test_an_item_without_its_key_is_refused(desk):
    """API Reference, PutItem: "you must provide all of the attributes for the primary key"."""
    desk.refused("PutItem", TableName="things", Item=item(pk=desk.pk))


def test_a_key_of_another_type_is_refused(desk):
    """API Reference, PutItem: key attributes match those of the schema."""
    desk.refused("PutItem", TableName="things", Item=item(pk=desk.pk, sk=1))


@pytest.mark.parametrize("key", [{"sk": ""}, {"pk": ""}])
def test_an_empty_key_is_refused(desk, key):
    """Supported data types, String: key attributes can't be empty."""
    desk.refused("PutItem", TableName="things", Item=item(**({"pk": desk.pk, "sk": "1"} | key)))


def test_an_empty_binary_key_is_refused(desk):
    """Supported data types, Binary: key attributes can't be empty."""
    desk.refused("PutItem", TableName="blobs", Item=item(pk=desk.pk, sk=b""))


def test_a_key_with_more_than_the_key_is_refused(desk):
    """API Reference, GetItem: Key has the key attributes alone."""
    desk.refused("GetItem", TableName="things", Key=desk.key() | item(more=1))


def test_a_key_with_less_than_the_key_is_refused(desk):
    """API Reference, GetItem: "you must provide all of the key attributes"."""
    desk.refused("GetItem", TableName="things", Key=item(pk=desk.pk))


def test_a_sort_key_has_at_most_1024_bytes(desk):
    """Developer Guide, Quotas and limits: sort key length 1 to 1024 bytes."""
    desk.put("x" * 1024)
    desk.refused("PutItem", TableName="things", Item=item(pk=desk.pk, sk="ü" * 513))


def test_a_partition_key_has_at_most_2048_bytes(desk):
    """Developer Guide, Quotas and limits: partition key length 1 to 2048 bytes."""
    desk.call("PutItem", TableName="single", Item=item(pk=desk.pk.ljust(2048, "x")))
    desk.refused("PutItem", TableName="single", Item=item(pk=desk.pk.ljust(2049, "x")))


def test_an_item_has_at_most_400_kb(desk):
    """Developer Guide, Quotas and limits: item size 400 KB, with names."""
    overhead = len("pk" + "sk" + "1" + "t") + len(desk.pk)
    desk.put(t="x" * (400 * 1024 - overhead))
    desk.refused("PutItem", TableName="things", Item=desk.key() | item(t="x" * (400 * 1024 - overhead + 1)))


def test_an_update_can_not_grow_an_item_beyond_400_kb(desk):
    """Developer Guide, Quotas and limits: item size 400 KB."""
    desk.put(t="x" * 300_000)
    desk.update_refused("SET u = :u", values={"u": "x" * 200_000})
    assert "u" not in desk.get()


def test_values_nest_32_levels_deep_and_no_deeper(desk):
    """Developer Guide, Quotas and limits: nested attribute depth."""
    deep: list = []
    for _ in range(31):
        deep = [deep]
    desk.put(deep=deep)
    desk.refused("PutItem", TableName="things", Item=desk.key() | item(deep=[[[deep]]]))
