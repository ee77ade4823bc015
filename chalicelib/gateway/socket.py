"""The websocket door: a frame in, a command out to whichever room asked for it, one answer back."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from chalicelib.connections.model import MALFORMED_LIMIT, Connection, Kind
from chalicelib.connections.store import ConnectionStore
from chalicelib.delivery.service import Delivery
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.problems import invalid, refused
from chalicelib.gateway.refusals import FAILED, Forbidden, InternalError
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import DeskError, Malformed, NotSignedIn, TooLarge
from chalicelib.kit.limits import Counted
from chalicelib.kit.log import Log
from chalicelib.kit.values import ConnectionId, Value
from chalicelib.protocol.commands import COMMANDS, Hello, Ping
from chalicelib.protocol.values import SENDER_ID

FRAME_LIMIT = 32 * 1024
"""Bytes; API Gateway's own limit of a frame."""


Run = Callable[[Caller, Any], Value | None]


class MalformedFrame(Malformed):
    """Not a JSON object with a `type`."""


class UnknownType(Malformed):
    """No command of this name."""


class FrameTooLarge(TooLarge):
    """More bytes than a frame may have."""


@dataclass(frozen=True)
class Handler:
    """`permission`: what an agent needs; a customer's commands reach their own sessions alone."""

    run: Run
    permission: str | None


class Commands:
    """Which room carries out which command, by who sends it."""

    def __init__(self) -> None:
        self.by: dict[tuple[Kind, type[Value]], Handler] = {}

    def on(self, command: type[Value], kind: Kind, *, allow: str | None = None) -> Callable[[Run], Run]:
        def register(handler: Run) -> Run:
            self.by[kind, command] = Handler(handler, allow)
            return handler

        return register


class Socket:
    """The three events of API Gateway's websocket, once a caller stands in them."""

    def __init__(
        self,
        commands: Commands,
        delivery: Delivery,
        connections: ConnectionStore,
        has: Callable[[Caller, str], bool],
        still: Callable[[Caller], Caller],
        gone: Callable[[Caller], None],
        frames: Counted,
        log: Log,
        machine_clock: Clock,
    ) -> None:
        self._now = machine_clock
        self._commands = commands
        self._delivery = delivery
        self._connections = connections
        self._has = has
        self._still = still
        self._gone = gone
        self._frames = frames
        self._log = log

    def message(self, caller: Caller, body: str, request_id: str) -> None:
        """Carries out one frame. Whatever it holds, this does not raise for it."""
        began, code, failed = time.perf_counter(), None, None
        connection = _connection(caller)
        frame: dict[str, Any] = {}
        try:
            frame = _parsed(body)
            self._frames.count(connection.id, self._now())
            answer = self._carry_out(caller, frame, body)
            if answer is not None:
                self._delivery.answer(connection.id, answer)
        except DeskError as error:
            code = error.code
            self._delivery.answer(connection.id, refused(error, _client_id(frame), request_id))
            if isinstance(error, Malformed | TooLarge):
                self._strike(connection)
            if isinstance(error, NotSignedIn):
                self._delivery.close(connection.id)
        except Exception as error:  # noqa: BLE001  # a command has exactly one answer, whatever fails
            failed, code = repr(error), InternalError.code
            refusal = refused(InternalError(FAILED, retry_after_s=1), _client_id(frame), request_id)
            self._delivery.answer(connection.id, refusal)
        self._log(
            what="frame",
            request_id=request_id,
            connection_id=connection.id,
            command=str(frame.get("type"))[:40],
            session_id=str(frame.get("session_id"))[:40],
            code=code,
            error=failed,
            took_ms=round((time.perf_counter() - began) * 1000, 1),
        )

    def connected(self, caller: Caller) -> None:
        """Let in, and not heard of before its hello."""
        self._connections.came(_connection(caller), self._now())

    def disconnected(self, caller: Caller) -> None:
        """A hint: the lease would find out."""
        self._connections.close(_connection(caller))
        self._gone(caller)

    def _carry_out(self, caller: Caller, frame: Mapping[str, Any], body: str) -> Value | None:
        model = COMMANDS.get(frame["type"])
        if model is None:
            raise UnknownType(f"There is no command {frame['type'][:40]!r}.")
        if model in (Hello, Ping):
            caller = self._still(caller)
        handler = self._commands.by.get((caller.kind, model))
        if handler is None or (handler.permission and not self._has(caller, handler.permission)):
            raise Forbidden("Your account may not do this. Ask an admin for the permission it needs.")
        try:
            command = model.model_validate_json(body)
        except ValidationError as error:
            raise invalid(error) from error
        return handler.run(caller, command)

    def _strike(self, connection: Connection) -> None:
        """Not counted where the store fails: the frame was refused all the same."""
        try:
            strikes = self._connections.strike(connection, self._now())
        except Exception as error:  # noqa: BLE001
            self._log(what="strike", connection_id=connection.id, error=repr(error))
            return
        if strikes >= MALFORMED_LIMIT:
            self._delivery.close(connection.id)


def _connection(caller: Caller) -> Connection:
    if caller.connection is None:
        raise ValueError("a socket's event without its connection")
    return caller.connection


def _parsed(body: str) -> dict[str, Any]:
    if len(body.encode()) > FRAME_LIMIT:
        raise FrameTooLarge(f"A frame has {FRAME_LIMIT:,} bytes at most. Send less at once.")
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedFrame("This frame is not JSON.") from error
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise MalformedFrame("A frame is a JSON object with a `type`.")
    return frame


def _client_id(frame: Mapping[str, Any]) -> str | None:
    """What the frame calls itself, if it could be such a name at all."""
    found = frame.get("client_id")
    return found if isinstance(found, str) and re.fullmatch(SENDER_ID, found) else None


def connection_of(event: Mapping[str, Any]) -> ConnectionId:
    return ConnectionId(event["requestContext"]["connectionId"])
