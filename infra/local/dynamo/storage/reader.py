"""The connection for reading: it sees what is committed when a read begins, and waits for no fsync."""

import sqlite3
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from infra.local.dynamo.errors import StoreClosed

T = TypeVar("T")


class Reader:
    """Reads take turns with each other and with the writer's work, but not with its commit.

    Turns are quicker than crowds: Python's interpreter lock is dropped at each of SQLite's steps, and dozens of threads
    taking it from one another cost more than the reads do.
    """

    def __init__(self, db: sqlite3.Connection, turn: Lock) -> None:
        self._db = db
        self._turn = turn
        self._closed = False

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._turn:
            if self._closed:
                raise StoreClosed
            return work(self._db)

    def close(self) -> None:
        with self._turn:
            self._closed = True
            self._db.close()
