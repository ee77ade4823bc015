"""The indexes of a table that an earlier release made, brought up to what its model has by now.

For one machine, whose engine has done an UpdateTable when it answers; in the cloud the template's update does the same.
"""

from dataclasses import dataclass
from typing import Any, cast

from pynamodb.exceptions import TableDoesNotExist

from chalicelib.kit.table import Table


@dataclass(frozen=True)
class _Index:
    keys: tuple[tuple[str, str], ...]
    """The names of the hash key and, where there is one, the range key, each with its kind: S, N or B."""
    projection: str
    included: frozenset[str]

    def create(self, name: str) -> dict[str, Any]:
        projection: dict[str, Any] = {"ProjectionType": self.projection}
        if self.included:
            projection["NonKeyAttributes"] = sorted(self.included)
        roles = zip(self.keys, ("HASH", "RANGE"), strict=False)
        schema = [{"AttributeName": key, "KeyType": role} for (key, _), role in roles]
        return {
            "AttributeDefinitions": [
                {"AttributeName": key, "AttributeType": kind} for key, kind in self.keys
            ],
            "GlobalSecondaryIndexUpdates": [
                {"Create": {"IndexName": name, "KeySchema": schema, "Projection": projection}}
            ],
        }


def described(model: type[Table]) -> dict[str, Any] | None:
    """What DescribeTable says of the model's table; None if there is none."""
    try:
        return cast(dict[str, Any], model._get_connection().describe_table())  # noqa: SLF001
    except TableDoesNotExist:
        return None


def bring_up_to_date(model: type[Table], table: dict[str, Any]) -> None:
    """Drops what the model hasn't or has otherwise, then makes what is missing: a request each, none where all is right.

    Interrupted anywhere, the next call does the rest. An index that is made anew answers in full when this returns.
    """
    wanted, found = _wanted(model), _found(table)
    for name in sorted(found):
        if wanted.get(name) != found[name]:
            _update(model, {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]})
    for name in sorted(wanted):
        if wanted[name] != found.get(name):
            _update(model, wanted[name].create(name))


def _update(model: type[Table], change: dict[str, Any]) -> None:
    connection = model._get_connection()  # noqa: SLF001
    connection.connection.dispatch("UpdateTable", {"TableName": connection.table_name, **change})


def _wanted(model: type[Table]) -> dict[str, _Index]:
    schema = model._get_schema()  # noqa: SLF001  # what pynamodb's own create_table asks
    return {
        index["index_name"]: _index(
            index["key_schema"], index["attribute_definitions"], cast(dict[str, Any], index["projection"])
        )
        for index in schema["global_secondary_indexes"]
    }


def _found(table: dict[str, Any]) -> dict[str, _Index]:
    return {
        index["IndexName"]: _index(index["KeySchema"], table["AttributeDefinitions"], index["Projection"])
        for index in table.get("GlobalSecondaryIndexes", ())
    }


def _index(schema: Any, attributes: Any, projection: dict[str, Any]) -> _Index:
    kinds = {each["AttributeName"]: each["AttributeType"] for each in attributes}
    names = [each["AttributeName"] for each in sorted(schema, key=lambda each: str(each["KeyType"]))]
    return _Index(
        tuple((name, kinds[name]) for name in names),
        projection["ProjectionType"],
        frozenset(projection.get("NonKeyAttributes") or ()),
    )
