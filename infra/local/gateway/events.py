"""Builders of the events API Gateway and EventBridge hand to a function. Pure: the same facts make the same event.

The shapes are AWS's documented ones (Lambda proxy integration of a REST API; Lambda proxy of a websocket API; the
REQUEST authorizer of `$connect`; EventBridge's scheduled event). `tests/contract/events/` holds one of each.
"""

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

Event = dict[str, Any]

API_ID = "local"
STAGE = "local"
ACCOUNT = "000000000000"
REGION = "local"

# API Gateway ends the connection's own headers; they never reach a function.
_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_NO_IDENTITY = dict.fromkeys(
    (
        "accessKey",
        "accountId",
        "caller",
        "cognitoAuthenticationProvider",
        "cognitoAuthenticationType",
        "cognitoIdentityId",
        "cognitoIdentityPoolId",
        "principalOrgId",
        "user",
        "userArn",
    )
)


@dataclass(frozen=True)
class HttpRequest:
    """One HTTP request as it came: `path` still percent-encoded, header names in lower case."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    source_ip: str


@dataclass(frozen=True)
class Matched:
    """The resource a path belongs to, and its path parameters as they stood in the URL (API Gateway decodes none)."""

    resource: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Invocation:
    """What differs from one call to the next: when, and under which id."""

    at: datetime
    request_id: str

    @property
    def clf_time(self) -> str:
        return self.at.strftime("%d/%b/%Y:%H:%M:%S +0000")

    @property
    def epoch_ms(self) -> int:
        return int(self.at.timestamp() * 1000)


@dataclass(frozen=True)
class Handshake:
    """The facts of one websocket connection, from its handshake on."""

    connection_id: str
    connected_at: datetime
    domain_name: str
    source_ip: str
    headers: Sequence[tuple[str, str]]
    query: str

    @property
    def user_agent(self) -> str | None:
        return dict(self.headers).get("user-agent")


def rest_event(
    request: HttpRequest, matched: Matched, call: Invocation, binary_types: Iterable[str]
) -> Event:
    """A REST API's Lambda proxy event. A body of a binary type comes as base64, any other as text."""
    headers = _forwarded(request.headers, request.source_ip)
    singles = dict(headers)
    query = parse_qsl(request.query, keep_blank_values=True)
    body, is_base64 = _body_of(request, binary_types)
    return {
        "resource": matched.resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": singles,
        "multiValueHeaders": _multi(headers),
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": _multi(query) or None,
        "pathParameters": dict(matched.parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API_ID,
            "resourceId": "local",
            "resourcePath": matched.resource,
            "httpMethod": request.method,
            "path": f"/{STAGE}{request.path}",
            "protocol": "HTTP/1.1",
            "stage": STAGE,
            "domainName": singles.get("Host", ""),
            "domainPrefix": singles.get("Host", "").partition(".")[0],
            "requestId": call.request_id,
            "extendedRequestId": short_id(),
            "requestTime": call.clf_time,
            "requestTimeEpoch": call.epoch_ms,
            "identity": {
                **_NO_IDENTITY,
                "sourceIp": request.source_ip,
                "userAgent": singles.get("User-Agent"),
            },
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }


def connect_event(handshake: Handshake, call: Invocation, authorizer: Mapping[str, Any] | None) -> Event:
    """`$connect`: the only socket event with the handshake's headers and query."""
    return {
        **_handshake_parts(handshake),
        "requestContext": _socket_context(handshake, call, "$connect", "CONNECT", authorizer),
        "isBase64Encoded": False,
    }


def authorizer_event(handshake: Handshake, call: Invocation) -> Event:
    """What the REQUEST authorizer of `$connect` is asked."""
    return {
        "type": "REQUEST",
        "methodArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/{STAGE}/$connect",
        "queryStringParameters": {},
        "multiValueQueryStringParameters": {},
        **_handshake_parts(handshake),
        "stageVariables": {},
        "requestContext": _socket_context(handshake, call, "$connect", "CONNECT", None),
    }


def message_event(
    handshake: Handshake, call: Invocation, authorizer: Mapping[str, Any] | None, frame: str | bytes
) -> Event:
    """`$default`: one whole message, a binary one as base64."""
    context = _socket_context(handshake, call, "$default", "MESSAGE", authorizer)
    context["messageId"] = short_id()
    if isinstance(frame, str):
        return {"requestContext": context, "body": frame, "isBase64Encoded": False}
    return {"requestContext": context, "body": base64.b64encode(frame).decode(), "isBase64Encoded": True}


def disconnect_event(
    handshake: Handshake, call: Invocation, authorizer: Mapping[str, Any] | None, code: int, reason: str
) -> Event:
    """`$disconnect`, with why; API Gateway sends these four headers and no others."""
    context = _socket_context(handshake, call, "$disconnect", "DISCONNECT", authorizer)
    headers = [("Host", handshake.domain_name), ("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")]
    return {
        "headers": dict(headers),
        "multiValueHeaders": _multi(headers),
        "requestContext": {**context, "disconnectStatusCode": code, "disconnectReason": reason},
        "isBase64Encoded": False,
    }


def scheduled_event(rule: str, at: datetime, event_id: UUID) -> Event:
    """EventBridge's scheduled event; `time` is in whole seconds."""
    return {
        "version": "0",
        "id": str(event_id),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}"],
        "detail": {},
    }


def queue_event(queue: str, body: str) -> Event:
    """SQS's, with one message."""
    return {
        "Records": [
            {
                "messageId": str(uuid4()),
                "receiptHandle": short_id(),
                "body": body,
                "attributes": {},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
        ]
    }


def short_id() -> str:
    """An id in the form of API Gateway's connection, message and extended request ids: 11 bytes in base64."""
    return secrets.token_urlsafe(11) + "="


def _socket_context(
    handshake: Handshake, call: Invocation, route: str, kind: str, authorizer: Mapping[str, Any] | None
) -> Event:
    identity = {"sourceIp": handshake.source_ip}
    if handshake.user_agent is not None:
        identity["userAgent"] = handshake.user_agent
    context: Event = {
        "routeKey": route,
        "eventType": kind,
        "extendedRequestId": call.request_id,
        "requestTime": call.clf_time,
        "messageDirection": "IN",
        "stage": STAGE,
        "connectedAt": int(handshake.connected_at.timestamp() * 1000),
        "requestTimeEpoch": call.epoch_ms,
        "identity": identity,
        "requestId": call.request_id,
        "domainName": handshake.domain_name,
        "connectionId": handshake.connection_id,
        "apiId": API_ID,
    }
    if authorizer is not None:
        context["authorizer"] = dict(authorizer)
    return context


def _handshake_parts(handshake: Handshake) -> Event:
    headers = _forwarded(handshake.headers, handshake.source_ip)
    parts: Event = {"headers": dict(headers), "multiValueHeaders": _multi(headers)}
    query = parse_qsl(handshake.query, keep_blank_values=True)
    if query:
        parts["queryStringParameters"] = dict(query)
        parts["multiValueQueryStringParameters"] = _multi(query)
    return parts


def _forwarded(headers: Iterable[tuple[str, str]], source_ip: str) -> list[tuple[str, str]]:
    """Names as a browser wrote them over HTTP/1, and API Gateway's own X-Forwarded-* in place of the client's."""
    kept = [
        (name.title(), value)
        for name, value in headers
        if name not in _HOP_BY_HOP and not name.startswith("x-forwarded-")
    ]
    earlier = [value for name, value in headers if name == "x-forwarded-for"]
    port = next(
        (value.rpartition(":")[2] for name, value in headers if name == "host" and ":" in value), "80"
    )
    return [
        *kept,
        ("X-Forwarded-For", ", ".join([*earlier, source_ip])),
        ("X-Forwarded-Port", port),
        ("X-Forwarded-Proto", "http"),
    ]


def _body_of(request: HttpRequest, binary_types: Iterable[str]) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    kind = dict(request.headers).get("content-type", "").partition(";")[0].strip().lower()
    if kind in binary_types:
        return base64.b64encode(request.body).decode(), True
    return request.body.decode("utf-8", "replace"), False


def _multi(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return lists
