"""PutItem, UpdateItem, DeleteItem and GetItem."""

import sqlite3
from collections.abc import Callable

from infra.local.dynamo import units
from infra.local.dynamo.consumption import Account
from infra.local.dynamo.expressions.paths import only
from infra.local.dynamo.expressions.request import Expressions
from infra.local.dynamo.operations import change
from infra.local.dynamo.operations.change import EXPRESSION_PARAMETERS, Change
from infra.local.dynamo.operations.operation import Desk, Operation, Request, Response, Work, reading, writing
from infra.local.dynamo.parameters import choice, need
from infra.local.dynamo.refusals import Refused
from infra.local.dynamo.storage import rows
from infra.local.dynamo.tables import Catalog
from infra.local.dynamo.values import Item, normal_item


def _writing(build: Callable[[Catalog, Request], Change], *told: str) -> Callable[[Desk, Request], Work]:
    """An operation on one item that can return the values in `told`."""

    def prepare(desk: Desk, request: Request) -> Work:
        returns = choice(request, "ReturnValues", *told)
        account = Account(request)
        wanted = build(desk.catalog, request)

        def work(db: sqlite3.Connection) -> Response:
            try:
                old, new = wanted.done(db, account.tally)
            except Refused as refused:
                refused.more.update(account.told())
                raise
            return _attributes(returns, wanted, old, new) | account.told()

        return work

    return prepare


def _attributes(returns: str, wanted: Change, old: Item | None, new: Item | None) -> Response:
    """What ReturnValues asks for; absent when there is nothing to tell."""
    told = old if returns.endswith("OLD") else new
    if returns == "NONE" or told is None:
        return {}
    if returns.startswith("UPDATED"):
        told = only(told, wanted.update.paths if wanted.update else ())
    return {"Attributes": told} if told else {}


def _get(desk: Desk, request: Request) -> Work:
    need(request, "TableName", "Key")
    table = desk.catalog.table(request["TableName"])
    address = table.address_of_key(normal_item(request["Key"]))
    expressions = Expressions(request)
    paths = expressions.projection()
    expressions.close()
    account = Account(request)

    def work(db: sqlite3.Connection) -> Response:
        kept = rows.load(db, table, address)
        size = kept[1] if kept else 0
        account.tally.table(table, units.read_units(size, consistent=bool(request.get("ConsistentRead"))))
        if kept is None:
            return account.told()
        return {"Item": only(kept[0], paths) if paths else kept[0]} | account.told()

    return work


_PLAIN = ("TableName", "ReturnValues", "ReturnConsumedCapacity", *EXPRESSION_PARAMETERS)

OPERATIONS: dict[str, Operation] = {
    "PutItem": writing(_writing(change.put, "NONE", "ALL_OLD"), "Item", *_PLAIN),
    "DeleteItem": writing(_writing(change.delete, "NONE", "ALL_OLD"), "Key", *_PLAIN),
    "UpdateItem": writing(
        _writing(change.update, "NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"),
        "Key",
        "UpdateExpression",
        *_PLAIN,
    ),
    "GetItem": reading(
        _get,
        "TableName",
        "Key",
        "ConsistentRead",
        "ProjectionExpression",
        "ExpressionAttributeNames",
        "ReturnConsumedCapacity",
    ),
}
