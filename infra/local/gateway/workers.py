"""The threads that functions run in: as many at once as Lambda would run, up to a number."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

# Python runs one thread at a time: more of them store no more messages in a second, and make the slowest wait longer
# (flat out, of ten chats' messages the slowest took 0.1 s with 8, 0.4 s with 12, 1 s with 32).
MOST_AT_ONCE = 8

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("deskbell.local")


class Workers:
    """A pool of daemon threads, begun as they are needed.

    Not concurrent.futures': a message needs no future, and a thread stuck in a function must not hold up the exit.
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._idle = 0

    def start(self, work: Callable[[], None]) -> None:
        """Run `work` in a thread soon; it answers for its own errors. From any thread."""
        self._work.put(work)
        with self._lock:
            if self._idle >= self._work.qsize() or len(self._threads) >= self._most:
                return
            thread = threading.Thread(target=self._run, name=f"worker-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
        thread.start()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result, or its exception, from a thread. Cancelling stops the wait, not the function."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            try:
                value = function(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001  (it is raised again where it is awaited)
                _tell(loop, result, partial(result.set_exception, error))
            else:
                _tell(loop, result, partial(result.set_result, value))

        self.start(work)
        return await result

    def stop(self, within_s: float) -> None:
        """Let what is queued finish, for at most `within_s` seconds in all."""
        with self._lock:
            threads = list(self._threads)
        for _ in threads:
            self._work.put(None)
        ends_at = time.monotonic() + within_s
        for thread in threads:
            thread.join(max(0.0, ends_at - time.monotonic()))

    def _run(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            work = self._work.get()
            with self._lock:
                self._idle -= 1
            if work is None:
                return
            try:
                work()
            except Exception:
                log.exception("a worker's task failed")


class Slots:
    """A number of places: taken in the loop's thread by one task, given back from any thread."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._lock = threading.Lock()
        self._waits: asyncio.Future[None] | None = None

    async def take(self) -> None:
        """Wait for a free place. Only one task may wait at a time."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            waits = self._waits = asyncio.get_running_loop().create_future()
        await waits

    def give_back(self) -> None:
        """Free a place, or hand it to the one who waits."""
        with self._lock:
            waits, self._waits = self._waits, None
            if waits is None:
                self._free += 1
                return
        _tell(waits.get_loop(), waits, partial(waits.set_result, None))


def _tell(loop: asyncio.AbstractEventLoop, waiting: asyncio.Future[T], settle: Callable[[], None]) -> None:
    def settle_if_wanted() -> None:
        if not waiting.done():
            settle()

    # The loop is closed when the server has gone while a function was still running.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(settle_if_wanted)
