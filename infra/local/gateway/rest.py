"""The REST API on one machine: a request becomes a proxy event, goes through Chalice, and its answer becomes HTTP."""

import asyncio
import base64
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from chalice.app import Chalice

from infra.local.asgi import (
    Answer,
    BodyCutShort,
    BodyTooLarge,
    Receive,
    Scope,
    Send,
    answer,
    client_of,
    headers_of,
    read_body,
)
from infra.local.gateway.context import LambdaContext
from infra.local.gateway.events import Event, HttpRequest, Invocation, Matched, rest_event
from infra.local.gateway.quotas import FUNCTION_TIMEOUT_S, PAYLOAD_LIMIT
from infra.local.gateway.routes import RouteTable
from infra.local.gateway.workers import Workers
from infra.local.problems import problem

log = logging.getLogger("deskbell.local")


class RestGateway:
    """An ASGI door for HTTP. Each request runs in a thread of its own, as each would in a function of its own.

    What Chalice keeps on the app (`current_request`) is that of whoever came last: views must not read it.
    """

    def __init__(self, app: Chalice, workers: Workers) -> None:
        """Raises ImpossibleRoute where API Gateway would refuse the app's routes."""
        self._app = app
        self._workers = workers
        self._routes = RouteTable(app.routes)
        self._binary_types = frozenset(app.api.binary_types)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Invocation(datetime.now(UTC), str(uuid4()))
        reply = await self._answer(scope, receive, call)
        await answer(send, reply._replace(headers=[*reply.headers, ("x-amzn-requestid", call.request_id)]))

    async def _answer(self, scope: Scope, receive: Receive, call: Invocation) -> Answer:
        path = scope["raw_path"].decode("latin-1")
        matched = self._routes.match(path)
        if matched is None:
            return problem(404, "not_found", f"There is nothing at {path}.", call.request_id)
        if scope["method"] == "OPTIONS" and (preflight := self._preflight(matched)) is not None:
            return preflight
        try:
            body = await read_body(scope, receive, PAYLOAD_LIMIT)
        except BodyTooLarge:
            return problem(413, "too_large", "A request may hold 6 MB at most.", call.request_id)
        except BodyCutShort:
            return problem(400, "malformed", "The request was cut short.", call.request_id)
        request = HttpRequest(
            method=scope["method"],
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=headers_of(scope),
            body=body,
            source_ip=client_of(scope),
        )
        return await self._invoke(rest_event(request, matched, call, self._binary_types), call)

    async def _invoke(self, event: Event, call: Invocation) -> Answer:
        context = LambdaContext("api_handler", call.request_id)
        try:
            async with asyncio.timeout(FUNCTION_TIMEOUT_S):
                result = await self._workers.run(self._app, event, context)
        except TimeoutError:
            return problem(504, "timed_out", "No answer within 29 seconds.", call.request_id)
        except Exception:
            log.exception("%s %s failed", event["httpMethod"], event["path"])
            return problem(502, "bad_gateway", "The function failed.", call.request_id)
        reply = _answer_of(result)
        if len(reply.body) > PAYLOAD_LIMIT:
            log.error("%s %s answered over 6 MB", event["httpMethod"], event["path"])
            return problem(502, "bad_gateway", "The function's answer is over 6 MB.", call.request_id)
        return reply

    def _preflight(self, matched: Matched) -> Answer | None:
        """API Gateway answers OPTIONS itself where Chalice was told `cors`; no function runs."""
        entries = self._app.routes[matched.resource]
        cors = next((entry.cors for entry in entries.values() if entry.cors is not None), None)
        if cors is None or "OPTIONS" in entries:
            return None
        allowed = {"Access-Control-Allow-Methods": ",".join(sorted([*entries, "OPTIONS"]))}
        return Answer(200, [*cors.get_access_control_headers().items(), *allowed.items()])


def _answer_of(result: Mapping[str, Any]) -> Answer:
    headers = [(name, str(value)) for name, value in (result.get("headers") or {}).items()]
    for name, values in (result.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    body = result.get("body") or ""
    if result.get("isBase64Encoded"):
        content = base64.b64decode(body)
    else:
        content = body if isinstance(body, bytes) else str(body).encode()
    return Answer(int(result["statusCode"]), headers, content)
