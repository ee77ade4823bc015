"""One process, one port: the listening socket, and uvicorn told to stop the way this house does."""

import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from infra.local.gateway.frames import LimitedFrames
from infra.local.house import House
from infra.local.trouble import CannotStart

_DRAIN_S = 1.5
_BACKLOG = 1024


def listen(host: str, port: int) -> socket.socket:
    """The port, taken but not yet answered. Raises CannotStart when it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol by name: asyncio turns Nagle's delay off only for sockets that say they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} is in use: stop what uses it, or choose another with PORT={port + 1}."
            ) from error
        raise CannotStart(
            f"HOST={host} PORT={port} can't be listened on: {error.strerror or error}."
        ) from error
    return listener


def server_of(house: House, ready: Callable[[], None]) -> "Server":
    """To be run by `serve([listener])`: until SIGINT, SIGTERM or its `should_exit`; then everything is stopped."""
    config = uvicorn.Config(
        house.door,
        interface="asgi3",
        lifespan="off",
        loop="asyncio",
        http="httptools",
        ws=LimitedFrames,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=1,
        backlog=_BACKLOG,
    )
    return Server(config, house, ready)


class Server(uvicorn.Server):
    """Stops by itself and with exit code 0; sockets are told 1001 before uvicorn would tell them 1012."""

    def __init__(self, config: uvicorn.Config, house: House, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._house = house
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._house.schedules.start()
        self._house.deadlines.start(self._house.app)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await self._house.sockets.drain(_DRAIN_S)
        await super().shutdown(sockets)
        self._house.schedules.stop(within_s=0.5)
        self._house.deadlines.stop(within_s=0.5)
        self._house.workers.stop(within_s=0.5)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's, doesn't raise the signal again when all is stopped: that was what it asked for."""
        if threading.current_thread() is threading.main_thread():
            for number in HANDLED_SIGNALS:
                signal.signal(number, self.handle_exit)
        yield
