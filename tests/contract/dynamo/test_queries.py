"""Query of a table: order, ranges, pages."""

from decimal import Decimal

import pytest

from tests.contract.dynamo.values import item, plain_item


def test_a_query_finds_its_partition_in_order_of_the_sort_key(desk):
    """Developer Guide, Querying tables in DynamoDB."""
    for sk in ("b", "a", "c"):
        desk.put(sk)
    desk.call("PutItem", TableName="things", Item=item(pk=desk.pk + "x", sk="z"))
    assert desk.sks() == ["a", "b", "c"]
    assert desk.sks(ScanIndexForward=False) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("sk = :b", ["b"]),
        ("sk < :b", ["a"]),
        ("sk <= :b", ["a", "b"]),
        ("sk > :b", ["ba", "c"]),
        ("sk >= :b", ["b", "ba", "c"]),
        ("sk BETWEEN :b AND :c", ["b", "ba", "c"]),
        ("begins_with(sk, :b)", ["b", "ba"]),
    ],
)
def test_a_key_condition_picks_a_range(desk, condition, expected):
    """Developer Guide, Key condition expressions for the Query operation in DynamoDB."""
    for sk in ("a", "b", "ba", "c"):
        desk.put(sk)
    values = {"b": "b", "c": "c"} if ":c" in condition else {"b": "b"}
    assert desk.sks(f"pk = :pk AND {condition}", values=values) == expected
    assert desk.sks(f"({condition}) AND (pk = :pk)", values=values, ScanIndexForward=False) == expected[::-1]


def test_begins_with_finds_whatever_follows_the_prefix(desk):
    """Key condition expressions: begins_with."""
    for sk in ("a", "a\U0010ffff", "a\U0010ffffz", "b", "\U0010ffff", "\U0010ffffx"):
        desk.put(sk)
    assert desk.sks("pk = :pk AND begins_with(sk, :p)", values={"p": "a"}) == [
        "a",
        "a\U0010ffff",
        "a\U0010ffffz",
    ]
    assert desk.sks("pk = :pk AND begins_with(sk, :p)", values={"p": "\U0010ffff"}) == [
        "\U0010ffff",
        "\U0010ffffx",
    ]


def test_number_keys_are_ordered_by_value(desk):
    """Querying tables: "If the data type of the sort key is Number, the results are returned in numeric order"."""
    numbers = [Decimal(n) for n in
               ("-1E+20", "-100", "-12.5", "-12.45", "-12", "-0.5", "-0.05", "0", "0.001", "0.5", "9", "10", "10.5", "1E+20")]  # fmt: skip
    for number in reversed(numbers):
        desk.put(number, table="numbered")
    assert desk.sks(table="numbered") == numbers
    assert (
        desk.sks("pk = :pk AND sk BETWEEN :a AND :b", "numbered", values={"a": Decimal("-12.45"), "b": 9})
        == numbers[3:11]
    )


def test_two_spellings_of_a_number_are_one_key(desk):
    """Supported data types, Number: leading and trailing zeroes are trimmed."""
    for spelling in ("1.50", "1.5", "15E-1"):
        desk.call("PutItem", TableName="numbered", Item=item(pk=desk.pk) | {"sk": {"N": spelling}})
    assert desk.sks(table="numbered") == [Decimal("1.5")]


def test_string_keys_are_ordered_by_utf_8_bytes(desk):
    """Querying tables: "Otherwise, the results are returned in order of UTF-8 bytes"."""
    for sk in ("😀", "ｚ", "Z", "a", "ä"):
        desk.put(sk)
    assert desk.sks() == ["Z", "a", "ä", "ｚ", "😀"]


def test_binary_keys_are_ordered_by_unsigned_bytes(desk):
    """Supported data types, Binary: "treats each byte of the binary data as unsigned"."""
    keys = [b"\x00", b"\x00\x01", b"\x7f", b"\x80", b"\xff", b"\xff\x00"]
    for sk in reversed(keys):
        desk.put(sk, table="blobs")
    assert desk.sks(table="blobs") == keys
    assert desk.sks("pk = :pk AND begins_with(sk, :p)", "blobs", values={"p": b"\xff"}) == keys[4:]


def test_limit_ends_a_page_and_the_next_goes_on(desk):
    """Developer Guide, Paginating table query results in DynamoDB."""
    for n in range(5):
        desk.put(str(n))
    for forward in (True, False):
        pages = desk.pages(Limit=2, ScanIndexForward=forward)
        expected = sorted("01234", reverse=not forward)
        assert [each["sk"] for page in pages for each in page] == expected
        assert [len(page) for page in pages] == [2, 2, 1]


def test_a_page_that_ends_with_the_last_item_still_names_it(desk):
    """Paginating: "If LastEvaluatedKey is not empty, it does not necessarily mean that there is more data"."""
    for n in range(2):
        desk.put(str(n))
    page = desk.query(Limit=2)
    assert plain_item(page["LastEvaluatedKey"]) == {"pk": desk.pk, "sk": "1"}
    assert desk.query(Limit=2, ExclusiveStartKey=page["LastEvaluatedKey"])["Items"] == []
    assert "LastEvaluatedKey" not in desk.query(Limit=3)


def test_limit_counts_before_the_filter(desk):
    """Developer Guide, Querying tables: limiting the number of items in the result set."""
    for n in range(4):
        desk.put(str(n), n=n)
    page = desk.query(Limit=3, FilterExpression="n >= :two", values={"two": 2})
    assert (page["Count"], page["ScannedCount"]) == (1, 3)
    assert plain_item(page["LastEvaluatedKey"])["sk"] == "2"


def test_a_page_holds_at_most_1_mb(desk):
    """Paginating: "pages of data that are 1 MB in size (or less)"."""
    for n in range(4):
        desk.put(str(n), t="x" * 300_000)
    pages = desk.pages()
    assert [len(page) for page in pages] == [3, 1]


def test_the_1_mb_count_before_the_filter(desk):
    """Developer Guide, Filter expressions for the Query operation: "This limit applies before the filter expression"."""
    for n in range(4):
        desk.put(str(n), n=n, t="x" * 300_000)
    page = desk.query(FilterExpression="n > :two", values={"two": 2})
    assert (page["Count"], page["ScannedCount"]) == (0, 3)
    assert "LastEvaluatedKey" in page


def test_a_start_key_need_not_exist(desk):
    """Paginating: ExclusiveStartKey is a place, not an item."""
    for sk in ("a", "c", "e"):
        desk.put(sk)
    assert desk.sks(ExclusiveStartKey=desk.key("b")) == ["c", "e"]
    assert desk.sks(ExclusiveStartKey=desk.key("d"), ScanIndexForward=False) == ["c", "a"]


@pytest.mark.parametrize("key", [{"sk": "a"}, {"pk": "another", "sk": "a"}, {"sk": "a", "x": "y"}])
def test_a_start_key_of_elsewhere_is_refused(desk, key):
    """Paginating (the service's own message: "starting key is invalid" or "outside query boundaries")."""
    start = item(**({"pk": desk.pk} | key if "x" in key else key))
    values = {":pk": {"S": desk.pk}}
    desk.refused("Query", TableName="things", KeyConditionExpression="pk = :pk",
                 ExpressionAttributeValues=values, ExclusiveStartKey=start)  # fmt: skip


def test_count_tells_numbers_and_no_items(desk):
    """API Reference, Query: Select COUNT."""
    for n in range(3):
        desk.put(str(n), n=n)
    page = desk.query(Select="COUNT", FilterExpression="n > :zero", values={"zero": 0})
    assert (page["Count"], page["ScannedCount"]) == (2, 3)
    assert not page.get("Items")


def test_a_projection_tells_only_what_it_names(desk):
    """API Reference, Query: ProjectionExpression."""
    desk.put(a=1, b=2)
    assert [plain_item(each) for each in desk.query(ProjectionExpression="b, absent")["Items"]] == [{"b": 2}]


@pytest.mark.parametrize(
    "condition",
    ["sk = :v", "pk > :v", "pk = :v AND a = :w", "pk = :v OR pk = :w", "pk = :v AND NOT sk = :w", "pk = :v AND sk <> :w",
     "pk = :v AND sk IN (:w)", "pk = :v AND contains(sk, :w)", "pk = :v AND sk > :w AND sk < :x", "pk = :v AND pk = :w",
     "pk = sk", "begins_with(pk, :v)"],
)  # fmt: skip
def test_a_key_condition_is_one_partition_and_one_range(desk, condition):
    """Key condition expressions: what they may be."""
    values = {f":{name}": {"S": name} for name in "vwx" if f":{name}" in condition}
    request = {"ExpressionAttributeValues": values} if values else {}
    desk.refused("Query", TableName="things", KeyConditionExpression=condition, **request)


def test_a_key_condition_of_another_type_is_refused(desk):
    """Key condition expressions: values are of the key's type."""
    desk.refused("Query", TableName="things", KeyConditionExpression="pk = :v",
                 ExpressionAttributeValues={":v": {"N": "1"}})  # fmt: skip


def test_a_filter_on_a_key_is_refused(desk):
    """Filter expressions for the Query operation: "cannot contain partition key or sort key attributes"."""
    desk.refused("Query", TableName="things", KeyConditionExpression="pk = :v", FilterExpression="sk = :v",
                 ExpressionAttributeValues={":v": {"S": "x"}})  # fmt: skip


def test_a_query_without_a_key_condition_is_refused(desk):
    """API Reference, Query: KeyConditionExpression."""
    desk.refused("Query", TableName="things")


def test_limit_is_at_least_one(desk):
    """API Reference, Query: Limit, valid range: minimum value of 1."""
    desk.refused("Query", TableName="things", KeyConditionExpression="pk = :v", Limit=0,
                 ExpressionAttributeValues={":v": {"S": "x"}})  # fmt: skip


def test_a_scan_finds_every_item_in_pages(desk):
    """API Reference, Scan."""
    for n in range(5):
        desk.put(n, table="numbered", n=n)
    found, more = [], {}
    while True:
        page = desk.call("Scan", TableName="numbered", Limit=2, FilterExpression="pk = :pk",
                         ExpressionAttributeValues={":pk": {"S": desk.pk}}, **more)  # fmt: skip
        found += [plain_item(each)["n"] for each in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert sorted(found) == [0, 1, 2, 3, 4]
