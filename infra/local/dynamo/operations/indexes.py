"""UpdateTable, as far as it makes a global secondary index over what a table holds, or drops one.

Source: API Reference, UpdateTable: one index a request. Developer Guide, "Managing Global Secondary Indexes in DynamoDB".
AWS builds an index in the background and refuses to read it meanwhile. Here it stands when the request is answered;
before that, who reads along it may find nothing.
"""

import json
import sqlite3
from typing import Any

from infra.local.dynamo.definitions import with_index, without_index
from infra.local.dynamo.operations.administration import described
from infra.local.dynamo.operations.operation import Desk, Operation, Request, Response, Work, writing
from infra.local.dynamo.parameters import allow, need
from infra.local.dynamo.refusals import Refused, invalid
from infra.local.dynamo.storage import rows, schema

_UPDATES = "GlobalSecondaryIndexUpdates"
_REDEFINE = "UPDATE tables SET definition = ? WHERE number = ?"


def _update(desk: Desk, request: Request) -> Work:
    need(request, "TableName", _UPDATES)
    table = desk.catalog.table(request["TableName"])
    kind, index = _one(request[_UPDATES])
    if kind == "Create":
        renewed = with_index(table, index, request.get("AttributeDefinitions") or [])
    else:
        renewed = without_index(table, index["IndexName"])

    def work(db: sqlite3.Connection) -> Response:
        schema.raise_form(db)
        db.execute(_REDEFINE, (json.dumps(renewed.definition), table.number))
        for dropped in set(table.indexes) - set(renewed.indexes):
            rows.empty(db, dropped)
        for made in set(renewed.indexes) - set(table.indexes):
            rows.fill(db, renewed, made)
        desk.catalog.keep(renewed)
        return {"TableDescription": described(renewed)}

    return work


def _one(updates: Any) -> tuple[str, dict[str, Any]]:
    """The one action that is asked for, and what of."""
    if not isinstance(updates, list) or not updates:
        raise invalid(f"{_UPDATES} is a list of what to create or delete")
    for update in updates:
        allow(update, {"Create", "Delete"}, _UPDATES)
        if len(update) != 1:
            raise invalid(f"Each of {_UPDATES} is either Create or Delete")
    if len(updates) > 1:
        raise Refused(
            "LimitExceededException",
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        )
    ((kind, index),) = updates[0].items()
    if kind == "Delete":
        allow(index, {"IndexName"}, kind)
        need(index, "IndexName")
    else:
        allow(index, {"IndexName", "KeySchema", "Projection", "ProvisionedThroughput"}, kind)
        need(index, "IndexName", "KeySchema", "Projection")
    return kind, index


OPERATIONS: dict[str, Operation] = {
    "UpdateTable": writing(_update, "TableName", "AttributeDefinitions", _UPDATES),
}
