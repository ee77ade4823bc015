"""SQS on one machine, as far as deadlines need it: a message is handed to its function after its delay."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from chalice.app import Chalice

from infra.local.gateway.context import LambdaContext
from infra.local.gateway.events import queue_event

FUNCTION = "deadlines"

log = logging.getLogger("deskbell.local")


class Deadlines:
    """What is kept here dies with the process: the minute's sweep does what is due then."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, str]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def look(self, session_id: str, after: timedelta) -> None:
        with self._changed:
            at = time.monotonic() + after.total_seconds()
            heapq.heappush(self._due, (at, next(self._numbers), session_id))
            self._changed.notify()

    def start(self, app: Chalice) -> None:
        """Messages go to the app's function from now on; an app without one has none."""
        function = app.handler_map.get(FUNCTION)
        if function is None:
            return
        thread = threading.Thread(target=self._keep, args=(function,), name=FUNCTION, daemon=True)
        self._thread = thread
        thread.start()

    def stop(self, within_s: float) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread:
            self._thread.join(within_s)

    def _keep(self, function: Callable[..., object]) -> None:
        while (session_id := self._next()) is not None:
            try:
                function(queue_event(FUNCTION, session_id), LambdaContext(FUNCTION))
            except Exception:
                log.exception("%s failed for %s; the sweep looks again", FUNCTION, session_id)

    def _next(self) -> str | None:
        """The next that is due, when it is; None: it is over."""
        with self._changed:
            while not self._stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None
