"""CreateTable's request as a `Table`: what it may say, and what it must."""

from collections.abc import Iterable
from typing import Any

from infra.local.dynamo.parameters import allow
from infra.local.dynamo.refusals import invalid, invalid_parameter
from infra.local.dynamo.tables import LONGEST_PARTITION_KEY, LONGEST_SORT_KEY, Index, KeyPart, Keys, Table

PROJECTIONS = ("ALL", "KEYS_ONLY", "INCLUDE")
BILLING_MODES = ("PAY_PER_REQUEST", "PROVISIONED")


MOST_INDEXES = 25
"""AWS allows 20 global and 5 local ones."""


def table_from(definition: dict[str, Any], number: int, ttl: str | None = None) -> Table:
    """The table that a definition describes; its number, and its indexes' that follow from it, are their place on the disk."""
    kinds = _kinds(definition)
    keys = _keys(definition, kinds)
    wanted = [
        *((index, False) for index in definition.get("GlobalSecondaryIndexes") or ()),
        *((index, True) for index in definition.get("LocalSecondaryIndexes") or ()),
    ]
    if len(wanted) > MOST_INDEXES:
        raise invalid_parameter(f"A table has at most {MOST_INDEXES} secondary indexes")
    indexes = tuple(
        _index(index, number * MOST_INDEXES + at, keys, kinds, local=local)
        for at, (index, local) in enumerate(wanted)
    )
    _check_names(indexes)
    _check_all_used(kinds, [keys, *(index.keys for index in indexes)])
    return Table(number, definition["TableName"], keys, indexes, definition, ttl)


def check_billing(definition: dict[str, Any]) -> None:
    mode = definition.get("BillingMode", "PROVISIONED")
    if mode not in BILLING_MODES:
        raise invalid(f"BillingMode {mode} is none of {', '.join(BILLING_MODES)}")
    if mode == "PROVISIONED" and not definition.get("ProvisionedThroughput"):
        raise invalid_parameter(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )


def _kinds(definition: dict[str, Any]) -> dict[str, str]:
    kinds = {}
    for attribute in definition.get("AttributeDefinitions") or ():
        if attribute["AttributeType"] not in ("S", "N", "B"):
            raise invalid(f"A key attribute is S, N or B, not {attribute['AttributeType']}")
        kinds[attribute["AttributeName"]] = attribute["AttributeType"]
    return kinds


def _keys(definition: dict[str, Any], kinds: dict[str, str]) -> Keys:
    schema = definition.get("KeySchema") or ()
    roles = [element["KeyType"] for element in schema]
    if roles not in (["HASH"], ["HASH", "RANGE"]):
        raise invalid("Invalid KeySchema: a HASH key element, and after it at most a RANGE key element")
    names = [element["AttributeName"] for element in schema]
    if len(set(names)) < len(names):
        raise invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
    for name in names:
        if name not in kinds:
            raise invalid_parameter(
                f"Some index key attributes are not defined in AttributeDefinitions. Keys: [{name}]"
            )
    partition = KeyPart(names[0], kinds[names[0]], LONGEST_PARTITION_KEY)
    sort = KeyPart(names[1], kinds[names[1]], LONGEST_SORT_KEY) if len(names) > 1 else None
    return Keys(partition, sort)


def _index(
    definition: dict[str, Any], number: int, table: Keys, kinds: dict[str, str], *, local: bool
) -> Index:
    what = "LocalSecondaryIndexes" if local else "GlobalSecondaryIndexes"
    allow(definition, {"IndexName", "KeySchema", "Projection", "ProvisionedThroughput"}, what)
    keys = _keys(definition, kinds)
    if local and (keys.partition != table.partition or keys.sort is None or table.sort is None):
        raise invalid_parameter(
            "A local secondary index has the table's hash key and a range key of its own, on a table with a range key"
        )
    projection = definition.get("Projection") or {}
    kind = projection.get("ProjectionType")
    if kind not in PROJECTIONS:
        raise invalid_parameter(f"Unknown ProjectionType: {kind}")
    extra = projection.get("NonKeyAttributes") or []
    if bool(extra) != (kind == "INCLUDE"):
        raise invalid_parameter(
            f"ProjectionType is {kind}, and NonKeyAttributes is {extra or 'not specified'}"
        )
    projected = None if kind == "ALL" else frozenset((*table.names, *keys.names, *extra))
    return Index(number, definition["IndexName"], keys, local, projected)


def _check_names(indexes: Iterable[Index]) -> None:
    names = [index.name for index in indexes]
    if len(set(names)) < len(names):
        raise invalid_parameter("Duplicate index name")


def _check_all_used(kinds: dict[str, str], schemas: Iterable[Keys]) -> None:
    unused = kinds.keys() - {name for keys in schemas for name in keys.names}
    if unused:
        raise invalid_parameter(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in "
            f"AttributeDefinitions: {', '.join(sorted(unused))}"
        )
