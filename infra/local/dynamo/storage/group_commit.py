"""One thread writes; whoever waits by the time it is free shares its next commit, and so its one fsync.

Nobody waits for a group to form: a lone writer's commit begins at once, and groups form while one is under way. Each
request has a savepoint, so its refusal is its own. A commit that fails acknowledges nobody, and ends the writing for
good: after a failed fsync nobody knows what the disk has, and trying again might acknowledge what isn't there.
"""

import sqlite3
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Any, TypeVar

from infra.local.dynamo.errors import StoreBroken, StoreClosed

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]

LARGEST_GROUP = 256


class _Waiting:
    """One request of the queue; its lock is held until there is an outcome."""

    __slots__ = ("_done", "_result", "error", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self.error: BaseException | None = None
        self._result: Any = None
        self._done = Lock()
        self._done.acquire()

    def attempt(self, db: sqlite3.Connection) -> None:
        self._result = self.work(db)

    def release(self) -> None:
        self._done.release()

    def outcome(self) -> Any:
        self._done.acquire()
        if self.error is not None:
            raise self.error
        return self._result


class GroupCommit:
    def __init__(
        self, db: sqlite3.Connection, turn: Lock, on_broken: Callable[[Exception], None] | None
    ) -> None:
        """`turn` is held for the requests' work, which goes on in memory, and free during the commit, which waits for the disk."""
        self._db = db
        self._turn = turn
        self._on_broken = on_broken
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._gate = Lock()
        self._closed = False
        self._broken: StoreBroken | None = None
        self._thread = Thread(target=self._run, name="dynamo-writer", daemon=True)
        self._thread.start()

    @property
    def broken(self) -> bool:
        return self._broken is not None

    def check(self) -> None:
        """Raises if the store is closed or broken."""
        if self._broken:
            raise StoreBroken(*self._broken.args)
        if self._closed:
            raise StoreClosed

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs `work` in the writer's transaction and returns what it returned, once that's on the disk."""
        waiting = _Waiting(work)
        with self._gate:  # nothing may come into the queue after the end
            self.check()
            self._queue.put(waiting)
        result: T = waiting.outcome()
        return result

    def broken_by(self, error: Exception) -> StoreBroken:
        """Notes that the disk failed; nothing is accepted from now on."""
        with self._gate:
            first = self._broken is None
            broken = self._broken = self._broken or StoreBroken(
                f"The store stopped, because the disk failed it: {error}. What was acknowledged is kept; restart when "
                "the disk is well."
            )
        if first and self._on_broken:
            # In a thread of its own: a callback that raises, waits or closes the store must not hold up the writers.
            Thread(target=self._on_broken, args=(broken,), name="dynamo-broken", daemon=True).start()
        return broken

    def close(self) -> None:
        """Commits what waits, then ends the thread. Twice is as good as once."""
        with self._gate:
            already, self._closed = self._closed, True
            if not already:
                self._queue.put(None)
        if current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while group := self._next_group():
            self._commit(group)

    def _next_group(self) -> list[_Waiting]:
        """Waits for one request and takes what else is there; empty at the end."""
        first = self._queue.get()
        if first is None:
            return []
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                following = self._queue.get_nowait()
            except Empty:
                break
            if following is None:
                self._queue.put(None)
                break
            group.append(following)
        return group

    def _commit(self, group: list[_Waiting]) -> None:
        try:
            self._check_unbroken()
            with self._turn:
                self._db.execute("BEGIN IMMEDIATE")
                for waiting in group:
                    self._attempt(waiting)
            self._db.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it was, this group isn't on the disk, and its writers must know
            self._fail(group, error)
        finally:
            for waiting in group:
                waiting.release()

    def _check_unbroken(self) -> None:
        if self._broken:
            raise self._broken

    def _attempt(self, waiting: _Waiting) -> None:
        self._db.execute("SAVEPOINT request")
        try:
            waiting.attempt(self._db)
        except sqlite3.Error:
            raise  # the disk's failure isn't one request's
        except Exception as refusal:  # noqa: BLE001 - handed to the one who asked
            self._db.execute("ROLLBACK TO request")
            waiting.error = refusal
        self._db.execute("RELEASE request")

    def _fail(self, group: list[_Waiting], error: Exception) -> None:
        broken = self.broken_by(error)
        for waiting in group:
            waiting.error = StoreBroken(*broken.args)
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            pass  # the connection is used no more; what wasn't committed is gone with it
