"""`@connections` in the process: posting to open sockets from any thread, and closing them."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from chalicelib.kit.outside import Gone
from infra.local.asgi import Send
from infra.local.gateway.quotas import MESSAGE_LIMIT

# What a browser that reads nothing may leave standing here before its socket is cut.
BACKLOG_LIMIT = 4 * 1024 * 1024
# How long what was posted before a close, and the close itself, may take to reach the browser.
CLOSE_WITHIN_S = 5.0


class FrameTooLarge(Exception):
    """A posted frame is over 128 KB: `@connections` answers 413."""


@dataclass(frozen=True)
class Closing:
    """Close the socket when what was posted before has gone out."""

    code: int
    reason: str


class Connection:
    """The way out of one open socket. Frames leave in the order they were posted."""

    def __init__(self, connection_id: str, cut: Callable[[], None]) -> None:
        """`cut` drops the connection without a handshake; it is called in the loop's thread."""
        self.connection_id = connection_id
        self._cut = cut
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._outgoing: deque[str | Closing] = deque()
        self._backlog = 0
        self._sender_waits: asyncio.Future[None] | None = None
        self._ended = False
        self.seen_at = self._loop.time()

    def seen(self) -> None:
        """A message passed, in or out: the connection isn't idle. In the loop's thread."""
        self.seen_at = self._loop.time()

    def post(self, frame: str) -> None:
        """Queue a frame. Raises Gone when the socket is closed or closing. From any thread."""
        size = len(frame)
        with self._lock:
            if self._ended:
                raise Gone(self.connection_id)
            self._backlog += size
            if self._backlog > BACKLOG_LIMIT:
                self._ended = True
                self._outgoing.clear()
                self._on_loop(self._cut)
                raise Gone(self.connection_id)
            self._queue(frame)

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued, or drop it when that takes too long.

        Raises Gone when that has been asked before. From any thread.
        """
        with self._lock:
            if self._ended:
                raise Gone(self.connection_id)
            self._ended = True
            self._queue(Closing(code, reason))
            self._on_loop(partial(self._loop.call_later, CLOSE_WITHIN_S, self._cut))

    def end(self) -> None:
        """The socket is closed: nothing can be posted any more."""
        with self._lock:
            self._ended = True

    async def send_all(self, send: Send) -> None:
        """Carry queued frames out until the socket closes. One task per connection."""
        while True:
            outgoing = await self._next()
            self.seen()
            for item in outgoing:
                if isinstance(item, Closing):
                    await send({"type": "websocket.close", "code": item.code, "reason": item.reason})
                    return
                await send({"type": "websocket.send", "text": item})

    async def _next(self) -> deque[str | Closing]:
        with self._lock:
            if self._outgoing:
                return self._take()
            waits = self._sender_waits = self._loop.create_future()
        await waits
        with self._lock:
            return self._take()

    def _take(self) -> deque[str | Closing]:
        taken, self._outgoing = self._outgoing, deque()
        self._backlog = 0
        return taken

    def _queue(self, item: str | Closing) -> None:
        self._outgoing.append(item)
        if self._sender_waits is not None:
            waits, self._sender_waits = self._sender_waits, None
            self._on_loop(partial(_wake, waits))

    def _on_loop(self, act: Callable[[], object]) -> None:
        # The loop is closed when the server has gone while a function was still running.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(act)


def _wake(waits: asyncio.Future[None]) -> None:
    if not waits.done():
        waits.set_result(None)


class Connections:
    """All open sockets of this process, by connection id. Implements the house's `Sockets`."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def __len__(self) -> int:
        return len(self._open)

    def post(self, connection_id: str, frame: str) -> None:
        """As PostToConnection: Gone before `$connect` has returned and after the socket has closed."""
        if len(frame) > MESSAGE_LIMIT // 4 and len(frame.encode()) > MESSAGE_LIMIT:
            raise FrameTooLarge(connection_id)
        self._find(connection_id).post(frame)

    def close(self, connection_id: str) -> None:
        """As DeleteConnection: the browser sees 1000, `$disconnect` follows."""
        self._find(connection_id).close(1000, "Connection Closed Normally")

    def admit(self, connection: Connection) -> None:
        self._open[connection.connection_id] = connection

    def forget(self, connection: Connection) -> None:
        connection.end()
        self._open.pop(connection.connection_id, None)

    def everyone(self) -> list[Connection]:
        return list(self._open.values())

    def _find(self, connection_id: str) -> Connection:
        connection = self._open.get(connection_id)
        if connection is None:
            raise Gone(connection_id)
        return connection
