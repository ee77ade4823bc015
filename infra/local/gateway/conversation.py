"""One open socket: its messages go to the function, what is posted goes out, and its limits are kept."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chalicelib.kit.outside import Gone
from infra.local.asgi import Receive, Scope, Send
from infra.local.gateway.connections import Connection, Connections
from infra.local.gateway.context import LambdaContext
from infra.local.gateway.events import Event, Handshake, Invocation, message_event, short_id
from infra.local.gateway.frames import CUT
from infra.local.gateway.quotas import SOCKET_IDLE_S, SOCKET_LIFE_S
from infra.local.gateway.workers import Slots, Workers

NORMAL, GOING_AWAY, NO_CODE, ABNORMAL, TOO_LONG = 1000, 1001, 1005, 1006, 1009
REASONS = {
    NORMAL: "Connection Closed Normally",
    GOING_AWAY: "Going away",
    NO_CODE: "Client-side close frame status not set",
    ABNORMAL: "Connection closed abnormally",
    TOO_LONG: "Message too long",
}

log = logging.getLogger("deskbell.local")


@dataclass(frozen=True)
class SocketLimits:
    """API Gateway's quotas, and how many messages of one connection run at once (there: as many as Lambda may)."""

    idle_s: float = SOCKET_IDLE_S
    life_s: float = SOCKET_LIFE_S
    in_flight: int = 4


@dataclass(frozen=True)
class Wire:
    """The ASGI side of one socket, and `$connect`'s answer, which may name a subprotocol."""

    scope: Scope
    receive: Receive
    send: Send
    answer: Mapping[str, Any]

    async def accept(self) -> None:
        chosen = {name.lower(): value for name, value in (self.answer.get("headers") or {}).items()}
        await self.send({"type": "websocket.accept", "subprotocol": chosen.get("sec-websocket-protocol")})

    def cut(self) -> None:
        """Drop the connection at once."""
        drop = self.scope.get("state", {}).get(CUT)
        if drop is not None:
            drop()


class Conversation:
    """One socket from its acceptance to its close.

    As in API Gateway, messages may run at the same time and overtake each other. Idle means without messages in
    either direction; pings don't count.
    """

    def __init__(
        self, handshake: Handshake, authorizer: Mapping[str, Any] | None, wire: Wire, limits: SocketLimits
    ) -> None:
        self.handshake = handshake
        self.authorizer = authorizer
        self.closed = (ABNORMAL, REASONS[ABNORMAL])
        self._wire = wire
        self._limits = limits
        self._slots = Slots(limits.in_flight)
        self._connection = Connection(handshake.connection_id, wire.cut)

    async def hold(
        self, connections: Connections, workers: Workers, function: Callable[[Event, LambdaContext], Any]
    ) -> None:
        """Until the socket is closed by either side; `closed` then says how.

        It can be posted to from `$connect`'s return on, which is before the client learns that its handshake went well;
        what is posted in between goes out after the acceptance.
        """
        connections.admit(self._connection)
        try:
            await self._wire.accept()
        except OSError:
            pass  # the client hung up during $connect
        else:
            await self._converse(workers, function)
        finally:
            connections.forget(self._connection)

    async def _converse(self, workers: Workers, function: Callable[[Event, LambdaContext], Any]) -> None:
        timers = _Timers(self._connection, self._limits)
        sender = asyncio.create_task(self._send_all())
        try:
            while (frame := await self._next_frame()) is not None:
                self._connection.seen()
                call = Invocation(datetime.now(UTC), short_id())
                event = message_event(self.handshake, call, self.authorizer, frame)
                await self._slots.take()
                workers.start(partial(self._run, function, event, call.request_id))
        finally:
            timers.stop()
            sender.cancel()

    async def _next_frame(self) -> str | bytes | None:
        message = await self._wire.receive()
        if message["type"] == "websocket.disconnect":
            self.closed = _how_it_closed(message)
            return None
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    async def _send_all(self) -> None:
        # The socket was closed by the other side between a post and its sending.
        with contextlib.suppress(OSError):
            await self._connection.send_all(self._wire.send)

    def _run(self, function: Callable[[Event, LambdaContext], Any], event: Event, request_id: str) -> None:
        try:
            function(event, LambdaContext("message", request_id))
        except Exception:
            log.exception("a message's function failed")
            connection_id = self.handshake.connection_id
            told = {
                "message": "Internal server error",
                "connectionId": connection_id,
                "requestId": request_id,
            }
            with contextlib.suppress(Gone):
                self._connection.post(json.dumps(told))
        finally:
            self._slots.give_back()


class _Timers:
    """Closes a connection that is idle too long or open too long, each by one timer."""

    def __init__(self, connection: Connection, limits: SocketLimits) -> None:
        self._connection = connection
        self._idle_s = limits.idle_s
        self._loop = asyncio.get_running_loop()
        self._life = self._loop.call_later(limits.life_s, self._close)
        self._idle = self._loop.call_later(limits.idle_s, self._close_if_idle)

    def stop(self) -> None:
        self._life.cancel()
        self._idle.cancel()

    def _close_if_idle(self) -> None:
        left_s = self._connection.seen_at + self._idle_s - self._loop.time()
        if left_s > 0:
            self._idle = self._loop.call_later(left_s, self._close_if_idle)
        else:
            self._close()

    def _close(self) -> None:
        with contextlib.suppress(Gone):
            self._connection.close(GOING_AWAY, REASONS[GOING_AWAY])


def _how_it_closed(message: Mapping[str, Any]) -> tuple[int, str]:
    """Without a reason it was lost without a close frame, whatever code uvicorn gives."""
    if "reason" not in message:
        return ABNORMAL, REASONS[ABNORMAL]
    code = message["code"]
    return code, message["reason"] or REASONS.get(code, "")
