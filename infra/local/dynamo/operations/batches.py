"""BatchGetItem and BatchWriteItem: many items of many tables, each by itself.

Source: API Reference, "BatchGetItem" and "BatchWriteItem".
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

from infra.local.dynamo import units
from infra.local.dynamo.consumption import Account
from infra.local.dynamo.expressions.paths import Path, only
from infra.local.dynamo.expressions.request import Expressions
from infra.local.dynamo.operations import change
from infra.local.dynamo.operations.change import Change
from infra.local.dynamo.operations.operation import Desk, Operation, Request, Response, Work, reading, writing
from infra.local.dynamo.parameters import allow, need
from infra.local.dynamo.refusals import invalid
from infra.local.dynamo.storage import rows
from infra.local.dynamo.tables import Address, Catalog, Table
from infra.local.dynamo.values import Item, normal_item

MOST_READ = 100
MOST_WRITTEN = 25
LARGEST_ANSWER = 16 * 1024 * 1024
KEYS_PARAMETERS = frozenset(("Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"))
DUPLICATES = "Provided list of item keys contains duplicates"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked of one table."""

    table: Table
    request: Request
    keys: list[tuple[Item, Address]]
    paths: tuple[Path, ...] | None


def _get(desk: Desk, request: Request) -> Work:
    need(request, "RequestItems")
    wanted = [_wanted(desk.catalog, name, each) for name, each in request["RequestItems"].items()]
    if not 1 <= sum(len(each.keys) for each in wanted) <= MOST_READ:
        raise invalid(f"Too many items requested for the BatchGetItem call: at least 1, at most {MOST_READ}")
    account = Account(request, each=True)

    def work(db: sqlite3.Connection) -> Response:
        found: dict[str, list[Item]] = {each.table.name: [] for each in wanted}
        left: dict[str, Request] = {}
        room = LARGEST_ANSWER
        for each in wanted:
            for key, address in each.keys:
                kept = rows.load(db, each.table, address)
                size = kept[1] if kept else 0
                if size > room:
                    room = 0
                    left.setdefault(each.table.name, {**each.request, "Keys": []})["Keys"].append(key)
                    continue
                room -= size
                consistent = bool(each.request.get("ConsistentRead"))
                account.tally.table(each.table, units.read_units(size, consistent=consistent))
                if kept:
                    found[each.table.name].append(only(kept[0], each.paths) if each.paths else kept[0])
        return {"Responses": found, "UnprocessedKeys": left, **account.told()}

    return work


def _wanted(catalog: Catalog, name: str, request: Request) -> _Wanted:
    allow(request, KEYS_PARAMETERS, "BatchGetItem's RequestItems")
    need(request, "Keys")
    table = catalog.table(name)
    expressions = Expressions(request)
    paths = expressions.projection()
    expressions.close()
    keys = [normal_item(key) for key in request["Keys"]]
    addressed = [(key, table.address_of_key(key)) for key in keys]
    if len({address for _, address in addressed}) < len(addressed):
        raise invalid(DUPLICATES)
    return _Wanted(table, request, addressed, paths)


def _write(desk: Desk, request: Request) -> Work:
    need(request, "RequestItems")
    changes = [
        _change(desk.catalog, name, action)
        for name, actions in request["RequestItems"].items()
        for action in actions
    ]
    if not 1 <= len(changes) <= MOST_WRITTEN:
        raise invalid(
            f"Too many items requested for the BatchWriteItem call: at least 1, at most {MOST_WRITTEN}"
        )
    if len({(each.table.number, each.address) for each in changes}) < len(changes):
        raise invalid(DUPLICATES)
    account = Account(request, each=True)

    def work(db: sqlite3.Connection) -> Response:
        for each in changes:
            each.done(db, account.tally)
        return {"UnprocessedItems": {}, **account.told()}

    return work


def _change(catalog: Catalog, table: str, action: Any) -> Change:
    if not isinstance(action, dict) or len(action) != 1:
        raise invalid("A write request is one PutRequest or one DeleteRequest")
    ((kind, body),) = action.items()
    if kind == "PutRequest":
        allow(body, {"Item"}, kind)
        return change.put(catalog, {"TableName": table, **body})
    allow(action, {"PutRequest", "DeleteRequest"}, "BatchWriteItem's RequestItems")
    allow(body, {"Key"}, kind)
    return change.delete(catalog, {"TableName": table, **body})


OPERATIONS: dict[str, Operation] = {
    "BatchGetItem": reading(_get, "RequestItems", "ReturnConsumedCapacity"),
    "BatchWriteItem": writing(_write, "RequestItems", "ReturnConsumedCapacity"),
}
