"""The file's tables and its form's number.

`items` is one B-tree in the order of table, partition, sort key, so a Query is a walk. `entries` are the secondary
indexes, each entry with the address of its item: equal index keys are told apart by it, which makes paging exact.
`due` is the same for time to live.
"""

import sqlite3

APPLICATION = 0x4465736B
"""PRAGMA application_id: "Desk", so that another program's database isn't taken for ours."""

FORM = 2
"""PRAGMA user_version: raised when a release can't read what an earlier engine would write, or the reverse.

2: a table's definition may give its indexes' numbers. A store of form 1 stays one, and readable by the release that
made it, until an index of it is made or dropped.
"""

_TABLES = """
CREATE TABLE tables (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, ttl TEXT);
CREATE TABLE items (
    t INTEGER NOT NULL, p TEXT NOT NULL, s TEXT NOT NULL, size INTEGER NOT NULL, body NOT NULL,
    PRIMARY KEY (t, p, s)) WITHOUT ROWID;
CREATE TABLE entries (
    i INTEGER NOT NULL, p TEXT NOT NULL, s TEXT NOT NULL, ip TEXT NOT NULL, isk TEXT NOT NULL,
    PRIMARY KEY (i, p, s, ip, isk)) WITHOUT ROWID;
CREATE TABLE due (
    t INTEGER NOT NULL, at INTEGER NOT NULL, p TEXT NOT NULL, s TEXT NOT NULL,
    PRIMARY KEY (t, at, p, s)) WITHOUT ROWID;
CREATE TABLE tokens (token TEXT PRIMARY KEY, digest TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX tokens_until ON tokens (until);
"""


def raise_form(db: sqlite3.Connection) -> None:
    """From now on this release's form is needed to read the store."""
    db.execute(f"PRAGMA user_version = {FORM}")


def create(db: sqlite3.Connection) -> None:
    db.executescript(
        f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORM}; COMMIT;"
    )
