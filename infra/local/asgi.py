"""ASGI's two callables and its scope by name, and the few things every door here does with them."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, NamedTuple

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Door = Callable[[Scope, Receive, Send], Awaitable[None]]


class BodyTooLarge(Exception):
    """The request's body is longer than this door takes."""


class BodyCutShort(Exception):
    """The client hung up before the body was whole."""


class Answer(NamedTuple):
    """A whole HTTP answer. `headers` may repeat a name."""

    status: int
    headers: Iterable[tuple[str, str]] = ()
    body: bytes = b""


def headers_of(scope: Scope) -> list[tuple[str, str]]:
    """The request's headers, names in lower case, in the order they came."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]


def header(scope: Scope, name: str) -> str | None:
    """The first header of this name (in lower case), or None."""
    wanted = name.encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == wanted), None)


def client_of(scope: Scope) -> str:
    """The address that opened the connection."""
    client = scope.get("client")
    return client[0] if client else ""


async def read_body(scope: Scope, receive: Receive, at_most: int) -> bytes:
    """The whole body. Raises BodyCutShort, and BodyTooLarge as soon as it is known to be over `at_most` bytes."""
    declared = header(scope, "content-length")
    if declared is not None and declared.isdigit() and int(declared) > at_most:
        raise BodyTooLarge
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyCutShort
        body += message.get("body", b"")
        if len(body) > at_most:
            raise BodyTooLarge
        if not message.get("more_body"):
            return bytes(body)


async def answer(send: Send, reply: Answer) -> None:
    """Send the answer over HTTP."""
    await send({"type": "http.response.start", "status": reply.status, "headers": _wire_headers(reply)})
    await send({"type": "http.response.body", "body": reply.body})


async def refuse_handshake(send: Send, reply: Answer) -> None:
    """Answer a websocket's handshake with an HTTP status, so that the client sees the handshake fail."""
    await send(
        {"type": "websocket.http.response.start", "status": reply.status, "headers": _wire_headers(reply)}
    )
    await send({"type": "websocket.http.response.body", "body": reply.body})


def _wire_headers(reply: Answer) -> list[tuple[bytes, bytes]]:
    lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if not _has_no_body(reply.status) and not any(name == b"content-length" for name, _ in lines):
        lines.append((b"content-length", str(len(reply.body)).encode()))
    return lines


def _has_no_body(status: int) -> bool:
    return status in {204, 304}
