"""Tables and their time to live."""

import copy
import uuid

import pytest

from tests.contract.dynamo.engines import definitions


def test_a_table_is_described_as_it_was_made(desk):
    """API Reference, DescribeTable."""
    described = desk.call("DescribeTable", TableName="things")["Table"]
    wanted = definitions()["things"]
    assert described["KeySchema"] == wanted["KeySchema"]
    assert described["TableStatus"] == "ACTIVE"
    indexes = {each["IndexName"]: each for each in described["GlobalSecondaryIndexes"]}
    assert indexes.keys() == {"by_rank", "keys_only", "with_text"}
    assert indexes["with_text"]["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["text"]}


def test_a_table_that_is_there_is_not_made_again(desk):
    """API Reference, CreateTable: ResourceInUseException."""
    desk.refused("CreateTable", "ResourceInUseException", TableName="single", **definitions()["single"])


def test_a_missing_table_can_not_be_described(desk):
    """API Reference, DescribeTable: ResourceNotFoundException."""
    desk.refused("DescribeTable", "ResourceNotFoundException", TableName="no-such-table")


def test_tables_are_listed(desk):
    """API Reference, ListTables."""
    assert set(desk.call("ListTables")["TableNames"]) >= set(desk.tables.values())


def _without_definition(table):
    table["AttributeDefinitions"].pop(0)


def _with_unused_definition(table):
    table["AttributeDefinitions"].append({"AttributeName": "unused", "AttributeType": "S"})


def _with_wrong_type(table):
    table["AttributeDefinitions"][0]["AttributeType"] = "M"


def _without_hash_key(table):
    table["KeySchema"][0]["KeyType"] = "RANGE"


def _with_provisioned_billing_and_no_throughput(table):
    del table["BillingMode"]


def _with_unknown_projection(table):
    table["GlobalSecondaryIndexes"][0]["Projection"]["ProjectionType"] = "SOME"


def _with_doubled_index(table):
    table["GlobalSecondaryIndexes"][1]["IndexName"] = "by_rank"


@pytest.mark.parametrize(
    "spoil",
    [_without_definition, _with_unused_definition, _with_wrong_type, _without_hash_key,
     _with_provisioned_billing_and_no_throughput, _with_unknown_projection, _with_doubled_index],
)  # fmt: skip
def test_a_table_that_makes_no_sense_is_refused(desk, spoil):
    """API Reference, CreateTable: ValidationException."""
    definition = copy.deepcopy(definitions()["things"])
    spoil(definition)
    desk.refused("CreateTable", TableName=f"deskbell-spoilt-{uuid.uuid4().hex}", **definition)


def test_time_to_live_is_switched_on_and_told(desk):
    """API Reference, UpdateTimeToLive and DescribeTimeToLive."""
    off = desk.call("DescribeTimeToLive", TableName="things")["TimeToLiveDescription"]
    assert off["TimeToLiveStatus"] == "DISABLED"
    if (
        desk.call("DescribeTimeToLive", TableName="single")["TimeToLiveDescription"]["TimeToLiveStatus"]
        == "DISABLED"
    ):
        wanted = {"AttributeName": "until", "Enabled": True}
        response = desk.call("UpdateTimeToLive", TableName="single", TimeToLiveSpecification=wanted)
        assert response["TimeToLiveSpecification"] == wanted
        on = desk.call("DescribeTimeToLive", TableName="single")["TimeToLiveDescription"]
        assert on["TimeToLiveStatus"] in ("ENABLED", "ENABLING")
        assert on["AttributeName"] == "until"
    desk.refused(
        "UpdateTimeToLive",
        TableName="single",
        TimeToLiveSpecification={"AttributeName": "until", "Enabled": True},
    )
