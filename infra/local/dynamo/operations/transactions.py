"""TransactWriteItems and TransactGetItems: all or nothing, with a reason for each item.

Source: API Reference, "TransactWriteItems" and "TransactGetItems"; Developer Guide, "Amazon DynamoDB Transactions: How it
works". Conflicts don't occur: there is one writer.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from infra.local.dynamo import units
from infra.local.dynamo.consumption import Account
from infra.local.dynamo.expressions.paths import Path, only
from infra.local.dynamo.expressions.request import Expressions
from infra.local.dynamo.operations import change
from infra.local.dynamo.operations.change import EXPRESSION_PARAMETERS, Change
from infra.local.dynamo.operations.operation import Desk, Operation, Request, Response, Work, reading, writing
from infra.local.dynamo.operations.tokens import token
from infra.local.dynamo.parameters import allow, need
from infra.local.dynamo.refusals import Refused, cancelled, invalid
from infra.local.dynamo.storage import rows
from infra.local.dynamo.storage.rows import Kept
from infra.local.dynamo.tables import Address, Catalog, Table
from infra.local.dynamo.values import normal_item

MOST = 100
LARGEST = 4 * 1024 * 1024

_PLAIN = frozenset(("TableName", *EXPRESSION_PARAMETERS))
_ACTIONS: dict[str, tuple[Callable[[Catalog, Request], Change], frozenset[str]]] = {
    "Put": (change.put, _PLAIN | {"Item"}),
    "Update": (change.update, _PLAIN | {"Key", "UpdateExpression"}),
    "Delete": (change.delete, _PLAIN | {"Key"}),
    "ConditionCheck": (change.check, _PLAIN | {"Key"}),
}
_GET = frozenset(("TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"))


def _write(desk: Desk, request: Request) -> Work:
    changes = [_change(desk.catalog, entry) for entry in _entries(request)]
    _check_apart([(each.table, each.address) for each in changes])
    spent = token(request.get("ClientRequestToken"), request["TransactItems"])
    account = Account(request, each=True, unit="WriteCapacityUnits")

    def work(db: sqlite3.Connection) -> Response:
        now = desk.now()
        if spent and spent.spent(db, now):
            return _told_again(db, changes, account)
        _do(db, changes, account)
        if spent:
            spent.keep(db, now)
        return account.told()

    return work


def _do(db: sqlite3.Connection, changes: list[Change], account: Account) -> None:
    """Judges every change before any is made: a refused transaction tells about all of its items."""
    outcomes = [_Outcome(each, db) for each in changes]
    for outcome in outcomes:
        account.tally.write(outcome.change.table, outcome.old, outcome.charged, twice=True)
    if any(outcome.refused for outcome in outcomes):
        raise cancelled([outcome.reason for outcome in outcomes], **account.told())
    if sum(max(o.old[1] if o.old else 0, o.new[1] if o.new else 0) for o in outcomes) > LARGEST:
        raise invalid("Collection size limit exceeded: the items of a transaction are at most 4 MB")
    for outcome in outcomes:
        rows.replace(
            db,
            outcome.change.table,
            outcome.change.address,
            outcome.old[0] if outcome.old else None,
            outcome.new,
        )


class _Outcome:
    """What one change of a transaction would do, or why it can't."""

    def __init__(self, wanted: Change, db: sqlite3.Connection) -> None:
        self.change = wanted
        self.old: Kept | None = wanted.looked_at(db)
        self.new: Kept | None = None
        self.reason: dict[str, Any] = {"Code": "None"}
        if not wanted.holds(self.old):
            message = "The conditional request failed"
            self.reason = {"Code": "ConditionalCheckFailed", "Message": message, **wanted.shown(self.old)}
            return
        try:
            self.new = wanted.becomes(self.old)
        except Refused as refused:
            self.reason = {"Code": "ValidationError", "Message": refused.message}

    @property
    def refused(self) -> bool:
        return bool(self.reason["Code"] != "None")

    @property
    def charged(self) -> Kept | None:
        """A refused change is charged as a write of what was there."""
        return self.old if self.refused else self.new


def _told_again(db: sqlite3.Connection, changes: list[Change], account: Account) -> Response:
    """A transaction that is already done costs reads of its items, and nothing else."""
    account.unit = "ReadCapacityUnits"
    for each in changes:
        kept = each.looked_at(db)
        account.tally.table(each.table, units.transaction_read_units(kept[1] if kept else 0))
    return account.told()


def _change(catalog: Catalog, entry: Any) -> Change:
    if not isinstance(entry, dict) or len(entry) != 1:
        raise invalid("TransactItems can only contain one of Check, Put, Update or Delete")
    ((kind, body),) = entry.items()
    if kind not in _ACTIONS:
        raise invalid(f'Unknown parameter in TransactItems: "{kind}", must be one of: {", ".join(_ACTIONS)}')
    build, parameters = _ACTIONS[kind]
    allow(body, parameters, kind)
    return build(catalog, body)


def _get(desk: Desk, request: Request) -> Work:
    wanted = [_wanted(desk.catalog, entry) for entry in _entries(request)]
    _check_apart([(table, address) for table, address, _ in wanted])
    account = Account(request, each=True, unit="ReadCapacityUnits")

    def work(db: sqlite3.Connection) -> Response:
        with _snapshot(db):
            found = [(table, rows.load(db, table, address), paths) for table, address, paths in wanted]
        if sum(kept[1] for _, kept, _ in found if kept) > LARGEST:
            raise invalid("Collection size limit exceeded: the items of a transaction are at most 4 MB")
        for table, kept, _ in found:
            account.tally.table(table, units.transaction_read_units(kept[1] if kept else 0))
        told = [
            {"Item": only(kept[0], paths) if paths else kept[0]} if kept else {} for _, kept, paths in found
        ]
        return {"Responses": told, **account.told()}

    return work


def _wanted(catalog: Catalog, entry: Any) -> tuple[Table, Address, tuple[Path, ...] | None]:
    allow(entry, {"Get"}, "TransactItems")
    need(entry, "Get")
    body = entry["Get"]
    allow(body, _GET, "Get")
    need(body, "TableName", "Key")
    table = catalog.table(body["TableName"])
    expressions = Expressions(body)
    paths = expressions.projection()
    expressions.close()
    return table, table.address_of_key(normal_item(body["Key"])), paths


def _entries(request: Request) -> list[Any]:
    need(request, "TransactItems")
    entries = request["TransactItems"]
    if not isinstance(entries, list | tuple) or not 1 <= len(entries) <= MOST:
        raise invalid(f"TransactItems must have at least 1 and at most {MOST} members")
    return list(entries)


def _check_apart(items: list[tuple[Table, Address]]) -> None:
    if len({(table.number, address) for table, address in items}) < len(items):
        raise invalid("Transaction request cannot include multiple operations on one item")


@contextmanager
def _snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """All reads in it see one moment."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("COMMIT")


OPERATIONS: dict[str, Operation] = {
    "TransactWriteItems": writing(_write, "TransactItems", "ClientRequestToken", "ReturnConsumedCapacity"),
    "TransactGetItems": reading(_get, "TransactItems", "ReturnConsumedCapacity"),
}
