"""Time to live: items past their time are deleted when the runner says so, and never because they're read.

Source: Developer Guide, "Using time to live (TTL) in DynamoDB": whole seconds in a number, deleted some time after, not
if more than five years ago, and at no cost in units.
"""

import sqlite3

from infra.local.dynamo.storage import rows
from infra.local.dynamo.tables import Catalog, Table

TOO_LONG_AGO = 5 * 365 * 24 * 3600

_DUE = "SELECT p, s FROM due WHERE t = ? AND at > ? AND at <= ? ORDER BY at LIMIT ?"


def expire(db: sqlite3.Connection, catalog: Catalog, now: int, limit: int) -> int:
    """Deletes at most `limit` items whose time is past; how many it were."""
    deleted = 0
    for table in catalog.tables():
        if table.ttl and deleted < limit:
            deleted += _expire(db, table, now, limit - deleted)
    return deleted


def _expire(db: sqlite3.Connection, table: Table, now: int, limit: int) -> int:
    places = db.execute(_DUE, (table.number, now - TOO_LONG_AGO, now, limit)).fetchall()
    for partition, sort in places:
        kept = rows.load(db, table, (partition, sort))
        rows.replace(db, table, (partition, sort), kept[0] if kept else None, None)
    return len(places)
