"""One item's write: what must hold, what the item becomes, what is told of it. Put, Update, Delete and ConditionCheck."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from infra.local.dynamo.consumption import Tally
from infra.local.dynamo.expressions.conditions import Condition
from infra.local.dynamo.expressions.operands import Values
from infra.local.dynamo.expressions.request import Expressions
from infra.local.dynamo.expressions.updates import Update
from infra.local.dynamo.operations.operation import Request
from infra.local.dynamo.parameters import choice, need
from infra.local.dynamo.refusals import condition_failed, invalid, invalid_parameter
from infra.local.dynamo.storage import rows
from infra.local.dynamo.storage.rows import Kept
from infra.local.dynamo.tables import Address, Catalog, Table
from infra.local.dynamo.units import changed_size, item_size
from infra.local.dynamo.values import DEEPEST, Item, Value, normal_item

LARGEST_ITEM = 400 * 1024

Becomes: TypeAlias = Callable[[Kept | None], Kept | None]

EXPRESSION_PARAMETERS = (
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValuesOnConditionCheckFailure",
)


@dataclass(frozen=True, slots=True)
class Change:
    table: Table
    address: Address
    becomes: Becomes
    condition: Condition | None
    values: Values
    show_old: bool
    """Whether a refused condition tells the item that was there."""
    update: Update | None = None

    def looked_at(self, db: sqlite3.Connection) -> Kept | None:
        return rows.load(db, self.table, self.address)

    def holds(self, old: Kept | None) -> bool:
        return self.condition is None or self.condition.holds(old[0] if old else {}, self.values)

    def shown(self, old: Kept | None) -> dict[str, Item]:
        return {"Item": old[0]} if old and self.show_old else {}

    def done(self, db: sqlite3.Connection, tally: Tally) -> tuple[Item | None, Item | None]:
        """Makes the change on its own; the item before and after. A refused condition is charged as a write."""
        old = self.looked_at(db)
        if not self.holds(old):
            tally.write(self.table, old, old, twice=False)
            raise condition_failed(**self.shown(old))
        new = self.becomes(old)
        rows.replace(db, self.table, self.address, old[0] if old else None, new)
        tally.write(self.table, old, new, twice=False)
        return old[0] if old else None, new[0] if new else None


def put(catalog: Catalog, request: Request) -> Change:
    need(request, "TableName", "Item")
    table = catalog.table(request["TableName"])
    item = normal_item(request["Item"])
    address = table.address(item)
    table.check_index_keys(item)
    size = item_size(item)
    if size > LARGEST_ITEM:
        raise invalid("Item size has exceeded the maximum allowed size")
    return _change(request, table, address, lambda _old: (item, size))


def delete(catalog: Catalog, request: Request) -> Change:
    table, _, address = _addressed(catalog, request)
    return _change(request, table, address, lambda _old: None)


def check(catalog: Catalog, request: Request) -> Change:
    """A ConditionCheck leaves the item as it is."""
    need(request, "ConditionExpression")
    table, _, address = _addressed(catalog, request)
    return _change(request, table, address, lambda old: old)


def update(catalog: Catalog, request: Request) -> Change:
    table, key, address = _addressed(catalog, request)
    expressions = Expressions(request)
    change = expressions.update() or Update()
    for path in change.paths:
        if path[0] in table.keys.names:
            raise invalid_parameter(f"Cannot update attribute {path[0]}. This attribute is part of the key")

    def becomes(old: Kept | None) -> Kept:
        before = old or (key, item_size(key))
        item = change.applied(before[0], expressions.values)
        table.check_index_keys(item)
        touched = {str(path[0]) for path in change.paths}
        for name in touched & item.keys():
            _check_depth(item[name], 0)
        size = changed_size(before, item, touched)
        if size > LARGEST_ITEM:
            raise invalid("Item size to update has exceeded the maximum allowed size")
        return item, size

    return _change(request, table, address, becomes, expressions=expressions, change=change)


def _addressed(catalog: Catalog, request: Request) -> tuple[Table, Item, Address]:
    need(request, "TableName", "Key")
    table = catalog.table(request["TableName"])
    key = normal_item(request["Key"])
    return table, key, table.address_of_key(key)


def _change(
    request: Request,
    table: Table,
    address: Address,
    becomes: Becomes,
    *,
    expressions: Expressions | None = None,
    change: Update | None = None,
) -> Change:
    expressions = expressions or Expressions(request)
    condition = expressions.condition("ConditionExpression")
    expressions.close()
    show_old = choice(request, "ReturnValuesOnConditionCheckFailure", "NONE", "ALL_OLD") == "ALL_OLD"
    return Change(table, address, becomes, condition, expressions.values, show_old, change)


def _check_depth(value: Value, depth: int) -> None:
    if depth > DEEPEST:
        raise invalid("Nesting Levels have exceeded supported limits")
    children: Any = value["M"].values() if "M" in value else value.get("L", ())
    for child in children:
        _check_depth(child, depth + 1)
