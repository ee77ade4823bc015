"""API Gateway's websocket events, read once: who stands in them, and what they carry.

The authorizer runs on `$connect` alone; what it says of the caller stands in every later event of that connection, so that a
message needs no look-up of its sender.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from chalicelib.connections.model import Connection
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.socket import Socket
from chalicelib.kit.errors import NotSignedIn
from chalicelib.kit.values import ConnectionId


def authorize(redeem: Callable[[str], Caller], event: Mapping[str, Any]) -> dict[str, Any]:
    """Lets in whoever brings a ticket that nobody used; API Gateway answers 401 to this exception's very words."""
    ticket = (event.get("queryStringParameters") or {}).get("ticket", "")
    try:
        caller = redeem(ticket)
    except NotSignedIn as error:
        raise Exception("Unauthorized") from error  # noqa: TRY002  # what API Gateway understands as 401
    return {
        "principalId": caller.person.key,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
            ],
        },
        "context": {"caller": json.dumps(asdict(replace(caller, connection=None)), ensure_ascii=True)},
    }


def connect(socket: Socket, event: Mapping[str, Any]) -> dict[str, Any]:
    """A connection without an authorizer's word is refused, by returning it: nothing can be posted yet."""
    if "caller" not in (event["requestContext"].get("authorizer") or {}):
        return {"statusCode": 401}
    socket.connected(caller_in(event))
    return {"statusCode": 200}


def message(socket: Socket, event: Mapping[str, Any]) -> None:
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode(errors="replace")
    socket.message(caller_in(event), body, event["requestContext"]["requestId"])


def disconnect(socket: Socket, event: Mapping[str, Any]) -> None:
    socket.disconnected(caller_in(event))


def caller_in(event: Mapping[str, Any]) -> Caller:
    """Whom the authorizer let in, on this connection."""
    context = event["requestContext"]
    facts = json.loads(context["authorizer"]["caller"])
    caller = Caller(**{**facts, "role_ids": tuple(facts["role_ids"])})
    connection = Connection(ConnectionId(context["connectionId"]), caller.person, caller.family)
    return replace(caller, connection=connection)
