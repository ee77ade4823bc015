"""A table's definition as a `Table`: what CreateTable may say, and what it must; and the same with an index more or less."""

from collections.abc import Iterable
from typing import Any

from infra.local.dynamo.parameters import allow
from infra.local.dynamo.refusals import Refused, invalid, invalid_parameter
from infra.local.dynamo.tables import LONGEST_PARTITION_KEY, LONGEST_SORT_KEY, Index, KeyPart, Keys, Table

PROJECTIONS = ("ALL", "KEYS_ONLY", "INCLUDE")
BILLING_MODES = ("PAY_PER_REQUEST", "PROVISIONED")


MOST_INDEXES = 25
"""AWS allows 20 global and 5 local ones."""

_FIRST_LATER_NUMBER = 1 << 32


def table_from(definition: dict[str, Any], number: int, ttl: str | None = None) -> Table:
    """The table that a definition describes. Its number is its place on the disk, and so are its indexes'.

    They follow from the table's and their order, unless the definition has "IndexNumbers" since it was altered.
    """
    kinds = _kinds(definition)
    keys = _keys(definition, kinds)
    wanted = [
        *((index, False) for index in definition.get("GlobalSecondaryIndexes") or ()),
        *((index, True) for index in definition.get("LocalSecondaryIndexes") or ()),
    ]
    if len(wanted) > MOST_INDEXES:
        raise invalid_parameter(f"A table has at most {MOST_INDEXES} secondary indexes")
    numbers = definition.get("IndexNumbers") or {}
    indexes = tuple(
        _index(index, numbers.get(index["IndexName"], number * MOST_INDEXES + at), keys, kinds, local=local)
        for at, (index, local) in enumerate(wanted)
    )
    _check_names(indexes)
    _check_all_used(kinds, [keys, *(index.keys for index in indexes)])
    return Table(number, definition["TableName"], keys, indexes, definition, ttl)


def with_index(table: Table, index: dict[str, Any], attributes: list[dict[str, Any]]) -> Table:
    """The table with a global index more, whose keys the request's own `attributes` define.

    Its number was no other index's before, so that whoever still reads along a dropped one reads nothing else's entries.
    """
    if index["IndexName"] in {each.name for each in table.indexes}:
        raise invalid(f"Attempting to create an index which already exists: {index['IndexName']}")
    known, kinds = _kinds(table.definition), _kinds({"AttributeDefinitions": attributes})
    _keys(index, kinds)
    for name, kind in kinds.items():
        if known.get(name, kind) != kind:
            raise invalid_parameter(f"{name} is a key of type {known[name]} in this table, not {kind}")
    made = table.definition.get("IndexesMade", 0) + 1
    number = _FIRST_LATER_NUMBER * made + table.number * MOST_INDEXES
    return _altered(
        table,
        [*(table.definition.get("GlobalSecondaryIndexes") or ()), index],
        known | kinds,
        IndexesMade=made,
        IndexNumbers=_numbers(table) | {index["IndexName"]: number},
    )


def without_index(table: Table, name: str) -> Table:
    """The table with a global index less."""
    global_ones = table.definition.get("GlobalSecondaryIndexes") or []
    left = [index for index in global_ones if index["IndexName"] != name]
    if len(left) == len(global_ones):
        raise Refused("ResourceNotFoundException", f"Requested resource not found: Index: {name} not found")
    return _altered(table, left, _kinds(table.definition), IndexNumbers=_numbers(table))


def _altered(table: Table, global_ones: list[dict[str, Any]], kinds: dict[str, str], **more: Any) -> Table:
    """The table with these global indexes; attributes that are no key any more are forgotten."""
    definition = {**table.definition, **more, "GlobalSecondaryIndexes": global_ones}
    schemas = (definition, *global_ones, *(definition.get("LocalSecondaryIndexes") or ()))
    used = {element["AttributeName"] for schema in schemas for element in schema["KeySchema"]}
    definition["AttributeDefinitions"] = [
        {"AttributeName": name, "AttributeType": kind} for name, kind in kinds.items() if name in used
    ]
    return table_from(definition, table.number, table.ttl)


def _numbers(table: Table) -> dict[str, int]:
    return {index.name: index.number for index in table.indexes}


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
