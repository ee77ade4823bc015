"""The events built here and those AWS documents: the same keys, the same kinds of values, the same to the same functions.

`tests/contract/events/*.json` are written from AWS's documented forms: Lambda proxy input of a REST API; proxy input and
REQUEST authorizer input of a websocket API; EventBridge's scheduled event.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from infra.local.gateway.connections import Connections
from infra.local.gateway.context import LambdaContext
from infra.local.gateway.events import (
    Handshake,
    HttpRequest,
    Invocation,
    Matched,
    authorizer_event,
    connect_event,
    disconnect_event,
    message_event,
    rest_event,
    scheduled_event,
)
from infra.local.house import settle
from tests.contract.local.small_app import SmallApp

RECORDED = Path(__file__).parents[1] / "events"
NOW = datetime(2026, 11, 22, 9, 0, 0, 123000, tzinfo=UTC)
CALL = Invocation(NOW, "c6af9ac6-7b61-11e6-9a41-93e8deadbeef")
AUTHORIZER = {"principalId": "cleo", "integrationLatency": 0, "epoch": "3"}
HANDSHAKE = Handshake(
    connection_id="XfGLwd9jtjMCJBg=",
    connected_at=NOW,
    domain_name="127.0.0.1:8787",
    source_ip="127.0.0.1",
    headers=[
        ("host", "127.0.0.1:8787"),
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("origin", "http://127.0.0.1:8787"),
        ("sec-websocket-key", "X/MA+DSRXZ8WnITjBpxm3g=="),
        ("sec-websocket-version", "13"),
        ("user-agent", "Mozilla/5.0"),
    ],
    query="ticket=good",
)
REQUEST = HttpRequest(
    method="POST",
    path="/v1/people/Ann%20M/notes/7",
    query="tag=a&tag=b%20c",
    headers=[
        ("accept", "*/*"),
        ("authorization", "Bearer abc"),
        ("content-type", "application/json"),
        ("host", "127.0.0.1:8787"),
        ("user-agent", "curl/8.5.0"),
    ],
    body='{"text": "你好"}'.encode(),
    source_ip="127.0.0.1",
)
RESOURCE = Matched("/v1/people/{person}/notes/{note}", {"person": "Ann%20M", "note": "7"})

BUILT: dict[str, Any] = {
    "rest": rest_event(REQUEST, RESOURCE, CALL, ["image/png"]),
    "connect": connect_event(HANDSHAKE, CALL, AUTHORIZER),
    "authorizer": authorizer_event(HANDSHAKE, CALL),
    "message": message_event(HANDSHAKE, CALL, AUTHORIZER, '{"do": "echo", "text": "hi"}'),
    "disconnect": disconnect_event(
        HANDSHAKE, CALL, AUTHORIZER, 1005, "Client-side close frame status not set"
    ),
    "scheduled": scheduled_event("drain_queues", NOW, UUID(int=1)),
}


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


def shape(value: Any) -> Any:
    """An event with each value replaced by its kind."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def test_every_recorded_event_is_built_here_too():
    assert {file.stem for file in RECORDED.glob("*.json")} == set(BUILT)


@pytest.mark.parametrize("name", sorted(BUILT))
def test_a_built_event_has_the_documented_keys_and_kinds_of_values(name):
    assert shape(BUILT[name]) == shape(recorded(name))


@pytest.mark.parametrize(
    "same",
    [
        "resource",
        "path",
        "httpMethod",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "pathParameters",
        "body",
    ],
)
def test_the_same_request_is_described_in_the_same_words(same):
    assert BUILT["rest"][same] == recorded("rest")[same]


def test_a_body_of_a_binary_type_comes_as_base64():
    picture = HttpRequest("POST", "/", "", [("content-type", "image/png")], b"\x89PNG", "127.0.0.1")

    event = rest_event(picture, Matched("/", {}), CALL, ["image/png"])

    assert (event["body"], event["isBase64Encoded"]) == ("iVBORw==", True)


def test_a_binary_message_comes_as_base64():
    event = message_event(HANDSHAKE, CALL, AUTHORIZER, b"\x00\x01")

    assert (event["body"], event["isBase64Encoded"]) == ("AAE=", True)


def test_what_a_client_claims_of_forwarding_is_followed_by_its_own_address():
    claimed = HttpRequest("GET", "/", "", [("x-forwarded-for", "8.8.8.8")], b"", "127.0.0.1")

    headers = rest_event(claimed, Matched("/", {}), CALL, [])["headers"]

    assert headers["X-Forwarded-For"] == "8.8.8.8, 127.0.0.1"


@pytest.fixture
def small() -> SmallApp:
    small = SmallApp(Connections())
    settle(small.app)
    return small


@pytest.mark.parametrize("events", [recorded, BUILT.__getitem__], ids=["recorded", "built"])
def test_the_same_functions_take_both(small, events):
    functions, context = small.app.handler_map, LambdaContext("any")

    note = small.app(
        events("rest") | {"httpMethod": "GET"} | {"requestContext": _as_get(events("rest"))}, context
    )
    allowed = functions["socket_authorizer"](events("authorizer"), context)
    connected = functions["connect"](events("connect"), context)
    functions["drain_queues"](events("scheduled"), context)
    functions["disconnect"](events("disconnect"), context)

    assert json.loads(note["body"]) == {"person": "Ann%20M", "note": "7"}
    assert allowed["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    assert connected == {"statusCode": 200}
    assert small.ticks == ["2026-11-22T09:00:00Z"]
    assert [event["requestContext"]["authorizer"]["epoch"] for event in small.events] == ["3", "3"]


def _as_get(event: dict[str, Any]) -> dict[str, Any]:
    return event["requestContext"] | {"httpMethod": "GET"}
