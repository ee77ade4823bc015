"""Where the engine reads and writes: in a file, durably, or in memory, at once."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Lock, RLock
from typing import Protocol, TypeVar

from infra.local.dynamo.errors import StoreClosed
from infra.local.dynamo.storage import opening, schema
from infra.local.dynamo.storage.group_commit import GroupCommit
from infra.local.dynamo.storage.lock import ProcessLock
from infra.local.dynamo.storage.reader import Reader

T = TypeVar("T")


class Store(Protocol):
    @property
    def broken(self) -> bool:
        """Whether the disk failed; then all work is refused."""

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs `work` on what is committed."""

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs `work` as one transaction: when this returns it's committed, when it raises nothing is changed."""

    def close(self) -> None: ...


class MemoryStore:
    """One connection and one lock: in memory there is nothing to wait for, and one thread sees no other order than its own."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._lock = RLock()
        self._closed = False
        schema.create(self._db)

    @property
    def broken(self) -> bool:
        return False

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            self._check()
            return work(self._db)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            self._check()
            self._db.execute("BEGIN")
            try:
                result = work(self._db)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            return result

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._db.close()

    def _check(self) -> None:
        if self._closed:
            raise StoreClosed


class FileStore:
    """A file that survives `kill -9` and power loss: write-ahead log, synced before anybody is answered."""

    def __init__(
        self, path: Path, on_broken: Callable[[Exception], None] | None = None, max_pages: int | None = None
    ) -> None:
        with opening.told_plainly(path):
            self._lock = ProcessLock(path)
        try:
            with opening.told_plainly(path):
                opening.prepare(path)
                self._db = opening.writer(path, max_pages)
                turn = Lock()
                self._reader = Reader(opening.reader(path), turn)
        except BaseException:
            self._lock.release()
            raise
        self._writer = GroupCommit(self._db, turn, on_broken)
        self._closed = False

    @property
    def broken(self) -> bool:
        return self._writer.broken

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._writer.check()
        try:
            return self._reader.read(work)
        except sqlite3.Error as error:
            raise self._writer.broken_by(error) from error

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._writer.write(work)

    def close(self) -> None:
        self._writer.close()
        if not self._closed:
            self._closed = True
            # The writer's connection last: the last one to close empties the log into the file.
            self._reader.close()
            self._db.close()
            self._lock.release()
