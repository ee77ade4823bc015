"""Tables made, described and dropped, and their time to live."""

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

from infra.local.dynamo.definitions import check_billing, table_from
from infra.local.dynamo.operations.operation import Desk, Operation, Request, Response, Work, reading, writing
from infra.local.dynamo.parameters import allow, need, whole
from infra.local.dynamo.refusals import Refused, invalid
from infra.local.dynamo.storage import rows
from infra.local.dynamo.storage.bodies import loaded
from infra.local.dynamo.tables import Catalog, Table

MOST_LISTED = 100

_TOLD = ("TableName", "AttributeDefinitions", "KeySchema")
_INSERT = "INSERT INTO tables (name, definition) VALUES (?, ?)"
_DROPS = (
    "DELETE FROM tables WHERE number = ?",
    "DELETE FROM items WHERE t = ?",
    "DELETE FROM due WHERE t = ?",
)


def load(db: sqlite3.Connection, catalog: Catalog) -> None:
    """Fills the catalog from the store."""
    for number, definition, ttl in db.execute("SELECT number, definition, ttl FROM tables").fetchall():
        catalog.keep(table_from(json.loads(definition), number, ttl))


def _create(desk: Desk, request: Request) -> Work:
    need(request, "TableName", "KeySchema", "AttributeDefinitions")
    check_billing(request)
    definition = {**request, "CreatedAt": desk.now()}
    table_from(definition, 0)  # refuses what it can't be, before the writer is asked

    def work(db: sqlite3.Connection) -> Response:
        if request["TableName"] in desk.catalog:
            raise Refused("ResourceInUseException", f"Table already exists: {request['TableName']}")
        number = db.execute(_INSERT, (request["TableName"], json.dumps(definition))).lastrowid
        table = table_from(definition, number or 0)
        desk.catalog.keep(table)
        return {"TableDescription": described(table)}

    return work


def _delete(desk: Desk, request: Request) -> Work:
    need(request, "TableName")

    def work(db: sqlite3.Connection) -> Response:
        table = desk.catalog.table(request["TableName"])
        for statement in _DROPS:
            db.execute(statement, (table.number,))
        for index in table.indexes:
            rows.empty(db, index)
        desk.catalog.forget(table.name)
        return {"TableDescription": {**described(table), "TableStatus": "DELETING"}}

    return work


def _describe(desk: Desk, request: Request) -> Work:
    need(request, "TableName")
    table = desk.catalog.table(request["TableName"])
    return lambda _db: {"Table": described(table)}


def _list(desk: Desk, request: Request) -> Work:
    limit = whole(request, "Limit") or MOST_LISTED
    after = request.get("ExclusiveStartTableName", "")

    def work(_db: sqlite3.Connection) -> Response:
        names = [name for name in desk.catalog.names() if name > after]
        more = {"LastEvaluatedTableName": names[limit - 1]} if len(names) > limit else {}
        return {"TableNames": names[:limit], **more}

    return work


def _update_ttl(desk: Desk, request: Request) -> Work:
    need(request, "TableName", "TimeToLiveSpecification")
    wanted = request["TimeToLiveSpecification"]
    allow(wanted, {"AttributeName", "Enabled"}, "TimeToLiveSpecification")
    need(wanted, "AttributeName", "Enabled")

    def work(db: sqlite3.Connection) -> Response:
        table = desk.catalog.table(request["TableName"])
        if wanted["Enabled"] == (table.ttl is not None):
            raise invalid(f"TimeToLive is already {'enabled' if table.ttl else 'disabled'}")
        if table.ttl not in (None, wanted["AttributeName"]):
            raise invalid(
                f"TimeToLive is active on a different AttributeName: current AttributeName is {table.ttl}"
            )
        ttl = wanted["AttributeName"] if wanted["Enabled"] else None
        db.execute("UPDATE tables SET ttl = ? WHERE number = ?", (ttl, table.number))
        db.execute("DELETE FROM due WHERE t = ?", (table.number,))
        renewed = table_from(table.definition, table.number, ttl)
        if ttl:
            _note_due(db, renewed, ttl)
        desk.catalog.keep(renewed)
        return {"TimeToLiveSpecification": dict(wanted)}

    return work


def _note_due(db: sqlite3.Connection, table: Table, ttl: str) -> None:
    for partition, sort, body in db.execute(
        "SELECT p, s, body FROM items WHERE t = ?", (table.number,)
    ).fetchall():
        rows.move_due(db, table, (partition, sort), None, rows.due_at(ttl, loaded(body)))


def _describe_ttl(desk: Desk, request: Request) -> Work:
    need(request, "TableName")
    ttl = desk.catalog.table(request["TableName"]).ttl
    status: dict[str, Any] = {"TimeToLiveStatus": "ENABLED" if ttl else "DISABLED"}
    if ttl:
        status["AttributeName"] = ttl
    return lambda _db: {"TimeToLiveDescription": status}


def described(table: Table) -> dict[str, Any]:
    """The table's description, without the counts that AWS itself brings up to date every six hours only."""
    definition = table.definition
    told = {name: definition[name] for name in _TOLD}
    told["TableStatus"] = "ACTIVE"
    told["CreationDateTime"] = datetime.fromtimestamp(definition["CreatedAt"], UTC)
    if definition.get("BillingMode") == "PAY_PER_REQUEST":
        told["BillingModeSummary"] = {"BillingMode": "PAY_PER_REQUEST"}
    if definition.get("ProvisionedThroughput"):
        told["ProvisionedThroughput"] = definition["ProvisionedThroughput"]
    if definition.get("GlobalSecondaryIndexes"):
        told["GlobalSecondaryIndexes"] = [
            {**index, "IndexStatus": "ACTIVE"} for index in definition["GlobalSecondaryIndexes"]
        ]
    if definition.get("LocalSecondaryIndexes"):
        told["LocalSecondaryIndexes"] = definition["LocalSecondaryIndexes"]
    return told


OPERATIONS: dict[str, Operation] = {
    "CreateTable": writing(
        _create,
        "TableName",
        "AttributeDefinitions",
        "KeySchema",
        "BillingMode",
        "ProvisionedThroughput",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
    ),
    "DeleteTable": writing(_delete, "TableName"),
    "DescribeTable": reading(_describe, "TableName"),
    "ListTables": reading(_list, "Limit", "ExclusiveStartTableName"),
    "UpdateTimeToLive": writing(_update_ttl, "TableName", "TimeToLiveSpecification"),
    "DescribeTimeToLive": reading(_describe_ttl, "TableName"),
}
