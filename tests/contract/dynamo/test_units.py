"""What requests cost, by AWS's rules: "DynamoDB item sizes and formats", "DynamoDB read and write operations", indexes."""

from collections import Counter

import pytest
from botocore.exceptions import ClientError

from infra.local.dynamo import EmbeddedDynamo, Meter
from infra.local.dynamo.units import (
    index_write_units,
    item_size,
    read_units,
    transaction_read_units,
    transaction_write_units,
    value_size,
    write_units,
)
from tests.contract.dynamo.desk import Desk
from tests.contract.dynamo.engines import tables_of
from tests.contract.dynamo.values import av, item

KB = 1024


@pytest.mark.parametrize(
    ("value", "size"),
    [("", 0), ("abc", 3), ("王", 3), (b"\x00\x01", 2), (True, 1), (None, 1), ([], 3), ({}, 3), ([True, None], 3 + 2 + 2),
     ({"ab": "c"}, 3 + 1 + 2 + 1), ({"a", "bc"}, 3), ({b"a", b"bc"}, 3), ({1, 22, 333}, 2 + 2 + 3)],
)  # fmt: skip
def test_a_values_size_follows_its_kind(value, size):
    assert value_size(av(value)) == size


@pytest.mark.parametrize(
    ("number", "size"),
    [("0", 1), ("1", 2), ("12", 2), ("123", 3), ("1000", 2), ("0.001", 2), ("-12.34", 3), ("9" * 38, 20)],
)
def test_a_number_takes_a_byte_for_two_significant_digits_and_one_more(number, size):
    assert value_size({"N": number}) == size


def test_an_items_size_counts_names_and_values():
    assert item_size(item(pk="abc", ü=1)) == (2 + 3) + (2 + 2)


@pytest.mark.parametrize(
    ("before", "after", "cost"), [(0, 1, 1), (0, KB, 1), (0, KB + 1, 2), (3 * KB, 10, 3), (0, 0, 1)]
)
def test_a_write_costs_a_unit_a_begun_kb_of_the_larger_size(before, after, cost):
    assert write_units(before, after) == cost
    assert transaction_write_units(before, after) == 2 * cost


@pytest.mark.parametrize(("size", "cost"), [(0, 1), (1, 1), (4 * KB, 1), (4 * KB + 1, 2), (10 * KB, 3)])
def test_a_read_costs_a_unit_a_begun_4_kb_and_half_when_eventual(size, cost):
    assert read_units(size, consistent=True) == cost
    assert read_units(size, consistent=False) == cost / 2
    assert transaction_read_units(size) == 2 * cost


@pytest.mark.parametrize(
    ("before", "after", "moved", "changed", "cost"),
    [
        (None, None, False, False, 0),  # not in the index
        (None, 2 * KB, False, True, 2),  # comes in
        (2 * KB, None, False, True, 2),  # goes out
        (10, 10, False, False, 0),  # nothing projected changed
        (10, 2 * KB, False, True, 2),  # a projected attribute changed
        (2 * KB, 10, True, True, 3),  # the key changed: delete and put
    ],
)
def test_an_index_costs_what_the_write_does_to_it(before, after, moved, changed, cost):
    assert index_write_units(before, after, moved=moved, changed=changed) == cost


@pytest.fixture
def metered():
    """A desk whose client is a meter, reset."""
    engine = EmbeddedDynamo()
    meter = Meter(engine)
    with tables_of(meter) as tables:
        meter.reset()
        yield Desk(meter, tables)
    engine.close()


def cost(desk) -> tuple[float, float]:
    """(write, read) units since the last time."""
    told = desk.client.write_units, desk.client.read_units
    desk.client.reset()
    return told


def test_a_message_costs_one_write_and_reading_its_log_one_read(metered):
    metered.put("HEAD", state="active")
    metered.put("m1", text="hello")
    assert cost(metered) == (2, 0)
    metered.query()
    metered.call("GetItem", TableName="things", Key=metered.key("HEAD"))
    assert cost(metered) == (0, 1.5)


def test_a_query_sums_its_items_and_rounds_once(metered):
    for n in range(10):
        metered.put(str(n), text="x" * 500)
    cost(metered)
    metered.query()
    assert cost(metered) == (0, 2)  # 10 × about 550 bytes, not 10 × 4 KB


def test_a_filter_makes_a_query_no_cheaper(metered):
    for n in range(10):
        metered.put(str(n), text="x" * 500, n=n)
    cost(metered)
    metered.query(FilterExpression="n = :n", values={"n": 5})
    assert cost(metered) == (0, 2)


def test_an_empty_read_costs_as_much_as_a_small_one(metered):
    metered.get()
    metered.query()
    assert cost(metered) == (0, 2)


def test_a_refused_condition_costs_a_write_of_what_was_there(metered):
    metered.put(text="x" * 2000)
    cost(metered)
    metered.update_refused("SET v = :v", code="ConditionalCheckFailedException", values={"v": 1},
                           ConditionExpression="attribute_not_exists(pk)")  # fmt: skip
    assert cost(metered) == (2, 0)
    metered.update_refused("SET v = :v", "absent", code="ConditionalCheckFailedException", values={"v": 1},
                           ConditionExpression="attribute_exists(pk)")  # fmt: skip
    assert cost(metered) == (1, 0)


def test_a_refused_request_costs_nothing(metered):
    metered.update_refused("SET")
    assert cost(metered) == (0, 0)


def test_a_write_costs_each_index_that_it_touches(metered):
    metered.put()
    assert cost(metered) == (1, 0)
    metered.put(g=metered.pk, r=1)  # by_rank, keys_only, with_text
    assert cost(metered) == (1 + 3, 0)
    metered.update("SET beside = :x", values={"x": 1})  # by_rank projects all
    assert cost(metered) == (1 + 1, 0)
    metered.update("SET r = :x", values={"x": 2})  # delete and put in two, keys_only stays
    assert cost(metered) == (1 + 2 + 2, 0)
    metered.call("DeleteItem", TableName="things", Key=metered.key())
    assert cost(metered) == (1 + 3, 0)


def test_reading_an_index_costs_the_size_of_its_entries(metered):
    for n in range(5):
        metered.put(str(n), g=metered.pk, r=n, more="x" * 3000)
    cost(metered)
    metered.query("g = :pk", IndexName="keys_only")
    assert cost(metered) == (0, 0.5)
    metered.query("g = :pk", IndexName="by_rank")
    assert cost(metered) == (0, 2)


def test_a_transaction_costs_twice_the_writes_and_once_the_indexes(metered):
    metered.put("checked")
    cost(metered)
    metered.transact(
        metered.action("Put", "a"),
        metered.action("ConditionCheck", "checked", ConditionExpression="attribute_exists(pk)"),
    )
    assert cost(metered) == (4, 0)
    metered.transact(metered.action("Put", "b", attributes={"g": metered.pk, "r": 1}))
    assert cost(metered) == (2 + 3, 0)


def test_a_cancelled_transaction_costs_its_writes(metered):
    metered.put("there")
    cost(metered)
    metered.cancelled(metered.action("Put", "there", ConditionExpression="attribute_not_exists(pk)"))
    assert cost(metered) == (2, 0)


def test_a_transaction_sent_again_costs_reads(metered):
    put = metered.action("Put", "a")
    metered.transact(put, ClientRequestToken="token")
    metered.transact(put, ClientRequestToken="token")
    assert cost(metered) == (2, 2)


def test_a_batch_costs_the_sum_of_its_items(metered):
    things = metered.tables["things"]
    puts = [{"PutRequest": {"Item": metered.key(sk) | item(text="x" * 1500)}} for sk in "abc"]
    metered.call("BatchWriteItem", RequestItems={things: puts})
    assert cost(metered) == (6, 0)
    metered.call("BatchGetItem", RequestItems={things: {"Keys": [metered.key(sk) for sk in "abcd"]}})
    assert cost(metered) == (0, 2)
    metered.call("BatchGetItem", RequestItems={things: {"Keys": [metered.key("a")], "ConsistentRead": True}})
    assert cost(metered) == (0, 1)


def test_a_meter_counts_requests_by_operation_and_shows_nothing_of_itself(metered):
    metered.put()
    response = metered.query()
    assert "ConsumedCapacity" not in response
    with pytest.raises(ClientError):
        metered.call("Nonsense")
    assert metered.client.requests == Counter(PutItem=1, Query=1, Nonsense=1)


def test_consumed_capacity_tells_indexes_apart_when_asked(metered):
    response = metered.call(
        "PutItem", TableName="things", Item=metered.key() | item(g="g", r=1), ReturnConsumedCapacity="INDEXES"
    )
    told = response["ConsumedCapacity"]
    assert told["CapacityUnits"] == 4
    assert told["Table"] == {"CapacityUnits": 1}
    assert told["GlobalSecondaryIndexes"] == {
        name: {"CapacityUnits": 1} for name in ("by_rank", "keys_only", "with_text")
    }
