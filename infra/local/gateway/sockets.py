"""The websocket API's door: who may open a socket, decided as API Gateway decides it."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice

from chalicelib.kit.outside import Gone
from infra.local.asgi import Answer, Receive, Scope, Send, client_of, header, headers_of, refuse_handshake
from infra.local.gateway.authorizer import Authorizer, Denied, Unauthorized
from infra.local.gateway.connections import Connections
from infra.local.gateway.context import LambdaContext
from infra.local.gateway.conversation import GOING_AWAY, REASONS, Conversation, SocketLimits, Wire
from infra.local.gateway.events import (
    Event,
    Handshake,
    Invocation,
    authorizer_event,
    connect_event,
    disconnect_event,
    short_id,
)
from infra.local.gateway.workers import Workers

Function = Callable[[Event, LambdaContext], Any]

log = logging.getLogger("deskbell.local")


@dataclass(frozen=True)
class SocketFunctions:
    """The functions of the websocket API, as they stand in the Chalice app."""

    connect: Function
    message: Function
    disconnect: Function
    authorize: Authorizer | None

    @classmethod
    def of(cls, app: Chalice, authorizer: str | None) -> "SocketFunctions":
        """Raises KeyError where the app lacks one of them, or the authorizer of that name."""
        by_route = {route: app.handler_map[known.name] for route, known in app.websocket_handlers.items()}
        return cls(
            connect=by_route["$connect"],
            message=by_route["$default"],
            disconnect=by_route["$disconnect"],
            authorize=None if authorizer is None else Authorizer(app.handler_map[authorizer], authorizer),
        )


class SocketGateway:
    """An ASGI door for websockets. `$disconnect` is called once for every `$connect` that went well."""

    def __init__(
        self, functions: SocketFunctions, connections: Connections, workers: Workers, limits: SocketLimits
    ) -> None:
        self._functions = functions
        self._connections = connections
        self._workers = workers
        self._limits = limits
        self._draining = False
        self._live: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # "websocket.connect"
        handshake = _handshake_of(scope)
        if self._draining:
            await _refuse(send, handshake, 503, "Service Unavailable")
            return
        try:
            authorizer = await self._authorize(handshake)
            answer = await self._connect(handshake, authorizer)
        except Unauthorized:
            await _refuse(send, handshake, 401, "Unauthorized")
        except Denied:
            await _refuse(send, handshake, 403, "User is not authorized to access this resource")
        except Exception:
            log.exception("$connect failed")
            await _refuse(send, handshake, 500, "Internal server error")
        else:
            if _is_success(answer):
                wire = Wire(scope, receive, send, answer)
                await self._converse(Conversation(handshake, authorizer, wire, self._limits))
            else:
                await refuse_handshake(send, _refusal_of(answer))

    async def drain(self, within_s: float) -> None:
        """Refuse new sockets, close the open ones with 1001, and wait for their `$disconnect`s."""
        self._draining = True
        for connection in self._connections.everyone():
            with contextlib.suppress(Gone):
                connection.close(GOING_AWAY, REASONS[GOING_AWAY])
        if self._live:
            await asyncio.wait(self._live, timeout=within_s)

    async def _authorize(self, handshake: Handshake) -> Mapping[str, Any] | None:
        if self._functions.authorize is None:
            return None
        return await self._workers.run(self._functions.authorize, authorizer_event(handshake, _now()))

    async def _connect(self, handshake: Handshake, authorizer: Mapping[str, Any] | None) -> Mapping[str, Any]:
        call = _now()
        event = connect_event(handshake, call, authorizer)
        answer: Mapping[str, Any] = await self._workers.run(
            self._functions.connect, event, LambdaContext("connect", call.request_id)
        )
        return answer

    async def _converse(self, conversation: Conversation) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._live.add(task)
            task.add_done_callback(self._live.discard)
        try:
            await conversation.hold(self._connections, self._workers, self._functions.message)
        finally:
            await self._disconnect(conversation)

    async def _disconnect(self, conversation: Conversation) -> None:
        call = _now()
        event = disconnect_event(conversation.handshake, call, conversation.authorizer, *conversation.closed)
        try:
            await self._workers.run(
                self._functions.disconnect, event, LambdaContext("disconnect", call.request_id)
            )
        except Exception:
            log.exception("$disconnect failed")


def _handshake_of(scope: Scope) -> Handshake:
    return Handshake(
        connection_id=short_id(),
        connected_at=datetime.now(UTC),
        domain_name=header(scope, "host") or "",
        source_ip=client_of(scope),
        headers=headers_of(scope),
        query=scope["query_string"].decode("latin-1"),
    )


def _now() -> Invocation:
    return Invocation(datetime.now(UTC), short_id())


def _is_success(answer: Mapping[str, Any]) -> bool:
    return 200 <= int(answer.get("statusCode", 200)) < 300  # noqa: PLR2004  (HTTP's own)


def _refusal_of(answer: Mapping[str, Any]) -> Answer:
    """`$connect`'s own answer; API Gateway passes its status on, and a function's body with it."""
    body = answer.get("body") or ""
    return Answer(int(answer["statusCode"]), [("content-type", "application/json")], str(body).encode())


async def _refuse(send: Send, handshake: Handshake, status: int, message: str) -> None:
    told = {"message": message, "connectionId": handshake.connection_id, "requestId": short_id()}
    reply = Answer(status, [("content-type", "application/json")], json.dumps(told).encode())
    # The client may have hung up while its ticket was judged.
    with contextlib.suppress(OSError):
        await refuse_handshake(send, reply)
