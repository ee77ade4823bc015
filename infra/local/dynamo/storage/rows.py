"""Reading and writing items, their index entries and due times, by address."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from infra.local.dynamo.storage.bodies import dumped, loaded
from infra.local.dynamo.tables import Address, Index, Table
from infra.local.dynamo.values import Item

Kept: TypeAlias = tuple[Item, int]
"""An item and its size in bytes by DynamoDB's rules."""

LATEST = 2**53

_LOAD = "SELECT body, size FROM items WHERE t = ? AND p = ? AND s = ?"
_SAVE = (
    "INSERT INTO items (t, p, s, size, body) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET size = excluded.size, body = excluded.body"
)
_ERASE = "DELETE FROM items WHERE t = ? AND p = ? AND s = ?"
_ALL = "SELECT p, s, body FROM items WHERE t = ?"
_ENTER = "INSERT INTO entries (i, p, s, ip, isk) VALUES (?, ?, ?, ?, ?)"
_STRIKE = "DELETE FROM entries WHERE i = ? AND p = ? AND s = ? AND ip = ? AND isk = ?"
_EMPTY = "DELETE FROM entries WHERE i = ?"
_FALL_DUE = "INSERT INTO due (t, at, p, s) VALUES (?, ?, ?, ?)"
_NOT_DUE = "DELETE FROM due WHERE t = ? AND at = ? AND p = ? AND s = ?"


def load(db: sqlite3.Connection, table: Table, address: Address) -> Kept | None:
    row = db.execute(_LOAD, (table.number, *address)).fetchone()
    return (loaded(row[0]), row[1]) if row else None


def replace(
    db: sqlite3.Connection, table: Table, address: Address, old: Item | None, new: Kept | None
) -> None:
    """Makes `new` what stands at the address, None being nothing, and the indexes follow. `old` is what stood there."""
    if new is None:
        db.execute(_ERASE, (table.number, *address))
    else:
        db.execute(_SAVE, (table.number, *address, new[1], dumped(new[0])))
    item = new[0] if new else None
    for index in table.indexes:
        if old and item and index.has_alike(old, item):
            continue
        was, becomes = index.place(old), index.place(item)
        if was != becomes:
            if was:
                db.execute(_STRIKE, (index.number, *was, *address))
            if becomes:
                db.execute(_ENTER, (index.number, *becomes, *address))
    if table.ttl:
        move_due(db, table, address, due_at(table.ttl, old), due_at(table.ttl, item))


def fill(db: sqlite3.Connection, table: Table, index: Index) -> None:
    """Enters what the table holds into an index that is new."""
    db.executemany(_ENTER, _entries(db, table, index))


def empty(db: sqlite3.Connection, index: Index) -> None:
    db.execute(_EMPTY, (index.number,))


def _entries(db: sqlite3.Connection, table: Table, index: Index) -> Iterator[tuple[int | str, ...]]:
    for partition, sort, body in db.execute(_ALL, (table.number,)):
        place = index.place(loaded(body))
        if place:
            yield (index.number, *place, partition, sort)


def move_due(
    db: sqlite3.Connection, table: Table, address: Address, was: int | None, becomes: int | None
) -> None:
    if was != becomes:
        if was is not None:
            db.execute(_NOT_DUE, (table.number, was, *address))
        if becomes is not None:
            db.execute(_FALL_DUE, (table.number, becomes, *address))


def due_at(attribute: str, item: Item | None) -> int | None:
    """The epoch second in the item's time-to-live attribute; None if that isn't a number that can be one."""
    number = (item or {}).get(attribute, {}).get("N")
    if number is None or not 0 <= Decimal(number) <= LATEST:
        return None
    return int(Decimal(number))
