"""Each table of the template is the one its pynamodb models speak to."""

from collections import defaultdict
from typing import Any

import pytest
from pynamodb.attributes import TTLAttribute

from chalicelib import wiring
from chalicelib.kit.table import Table, named
from infra.cloud.project import STAGES

TABLES = {model.Meta.table_name.removeprefix(named("")) for model in wiring.TABLES}


def models() -> dict[str, list[type[Table]]]:
    """By table: several kinds of item share one."""
    by_table = defaultdict(list)
    for model in Table.__subclasses__():
        by_table[model.Meta.table_name.removeprefix(named(""))].append(model)
    return by_table


def in_template(template: dict[str, Any], name: str) -> dict[str, Any]:
    found = [
        resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::DynamoDB::Table"
        and resource["Properties"]["TableName"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}
    ]
    assert len(found) == 1, f"the template has {len(found)} tables for {name}"
    return found[0]


def keys(schema: list[dict[str, str]]) -> dict[str, str]:
    """HASH and, where there is one, RANGE."""
    return {part["KeyType"]: part["AttributeName"] for part in schema}


def shape(name: str, schema: list[dict[str, str]], projection: dict[str, Any]) -> tuple[Any, ...]:
    others = tuple(sorted(projection.get("NonKeyAttributes", ())))
    return name, tuple(sorted(keys(schema).items())), projection["ProjectionType"], others


def asked_by(name: str) -> list[dict[str, Any]]:
    """What each of the table's models would have CreateTable make."""
    return [model._get_schema() for model in models()[name]]


def test_the_template_has_the_tables_that_the_models_speak_to_and_no_other(templates) -> None:
    assert set(models()) == TABLES
    for stage in STAGES:
        tables = [r for r in templates[stage]["Resources"].values() if r["Type"] == "AWS::DynamoDB::Table"]
        assert len(tables) == len(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_keys_and_attributes_are_the_models(templates, name: str) -> None:
    made = in_template(templates["dev"], name)["Properties"]
    needed: dict[str, str] = {}
    for asked in asked_by(name):
        assert keys(made["KeySchema"]) == keys(asked["key_schema"])
        needed |= {a["AttributeName"]: a["AttributeType"] for a in asked["attribute_definitions"]}
    assert {a["AttributeName"]: a["AttributeType"] for a in made["AttributeDefinitions"]} == needed


@pytest.mark.parametrize("name", sorted(TABLES))
def test_indexes_and_their_projections_are_the_models(templates, name: str) -> None:
    made = in_template(templates["dev"], name)["Properties"]
    assert "LocalSecondaryIndexes" not in made
    needed = set()
    for asked in asked_by(name):
        assert asked["local_secondary_indexes"] == []
        needed |= {
            shape(i["index_name"], i["key_schema"], i["projection"])
            for i in asked["global_secondary_indexes"]
        }
    assert {
        shape(i["IndexName"], i["KeySchema"], i["Projection"]) for i in made.get("GlobalSecondaryIndexes", [])
    } == needed


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_expires_is_collected_by_the_attribute_the_models_name(templates, name: str) -> None:
    made = in_template(templates["dev"], name)["Properties"].get("TimeToLiveSpecification")
    named_by_models = {
        attribute.attr_name
        for model in models()[name]
        for attribute in model.get_attributes().values()
        if isinstance(attribute, TTLAttribute)
    }
    assert len(named_by_models) <= 1, "a table can have one such attribute"
    enabled = {made["AttributeName"]} if made and made["Enabled"] else set()
    assert enabled == named_by_models


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.parametrize("stage", STAGES)
def test_tables_cost_nothing_at_rest_and_those_of_prod_outlive_slips(
    templates, name: str, stage: str
) -> None:
    table = in_template(templates[stage], name)
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    when_removed = table["DeletionPolicy"], table["UpdateReplacePolicy"]
    if stage == "prod":
        assert table["Properties"]["DeletionProtectionEnabled"] is True
        assert when_removed == ("RetainExceptOnCreate", "Retain")
    else:
        assert table["Properties"]["DeletionProtectionEnabled"] is False
        assert when_removed == ("Delete", "Delete")
