"""A pytest plugin: which function of `app.py` asks AWS for what, while a suite runs. Written to the file DESKBELL_ASKED names.

A call made inside what a function's entry calls is that function's; what tests do besides is nobody's. Who comes in by a door
in the middle of a round, as tests let happen, is a function of their own.
"""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from chalicelib.gateway.socket import Socket
from chalicelib.rounds.deadlines import Deadlines
from chalicelib.rounds.service import Rounds
from chalicelib.sign_in.service import SignIn
from tests.files import Shelf
from tests.house import Faults, House, RecordingLater, RecordingSockets
from tests.post import Tray

_function: ContextVar[str | None] = ContextVar("function", default=None)
_asked: set[tuple[str, str, str]] = set()

_TRANSACTED = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_FILES = {
    "form": ["s3:PutObject"],
    "link": ["s3:GetObject"],
    "look": ["s3:GetObject", "s3:ListBucket"],
    "read": ["s3:GetObject"],
    "put": ["s3:PutObject"],
    "copy": ["s3:GetObject", "s3:PutObject"],
    "delete": ["s3:DeleteObject"],
}
"""What S3 judges each use of the attachments' store by. Without `ListBucket` it says "forbidden" of what isn't there."""


def pytest_configure() -> None:
    _enter(Socket, "message", "message")
    _enter(Socket, "connected", "connect")
    _enter(Socket, "disconnected", "disconnect")
    _enter(SignIn, "redeem", "socket_authorizer")
    _enter(House, "rest", "api_handler")
    for name in [name for name in vars(Rounds) if not name.startswith("_")]:
        _enter(Rounds, name, name)
    for name, actions in _FILES.items():
        _hear(Shelf, name, functools.partial(_of_files, actions))
    _hear(Faults, "_make_api_call", _to_dynamo)
    _enter(Deadlines, "look", "deadlines")
    _hear(RecordingLater, "look", lambda *_: [("sqs:SendMessage", "OfferDeadlines")])
    _hear(RecordingSockets, "post", lambda *_: [("execute-api:ManageConnections", "POST")])
    _hear(Tray, "send", lambda *_: [("ses:SendRawEmail", "MailFrom")])
    _hear(RecordingSockets, "close", lambda *_: [("execute-api:ManageConnections", "DELETE")])


def pytest_unconfigure() -> None:
    Path(os.environ["DESKBELL_ASKED"]).write_text(json.dumps(sorted(_asked)))


def _enter(kind: type, method: str, function: str) -> None:
    """A round that another calls is that one's; one that runs in the middle of a door is a function of its own."""
    real = getattr(kind, method)

    @functools.wraps(real)
    def entered(*args: Any, **facts: Any) -> Any:
        outer = _function.get()
        within = outer if kind is Rounds and outer in vars(Rounds) else None
        token = _function.set(within or function)
        try:
            return real(*args, **facts)
        finally:
            _function.reset(token)

    setattr(kind, method, entered)


def _hear(kind: type, method: str, asks: Callable[..., Any]) -> None:
    real = getattr(kind, method)

    @functools.wraps(real)
    def heard(self: Any, *args: Any, **facts: Any) -> Any:
        function = _function.get()
        if function:
            _asked.update((function, action, resource) for action, resource in asks(*args))
        return real(self, *args, **facts)

    setattr(kind, method, heard)


def _of_files(actions: list[str], *_: object) -> list[tuple[str, str]]:
    return [(action, "FilesBucket" if action == "s3:ListBucket" else "FilesBucket/*") for action in actions]


def _to_dynamo(operation: str, params: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each action that IAM judges, with the table, or the table and index, it judges it for."""
    if operation in {"TransactWriteItems", "TransactGetItems"}:
        for part in params["TransactItems"]:
            for kind, facts in part.items():
                yield f"dynamodb:{_TRANSACTED[kind]}", facts["TableName"]
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in params["RequestItems"]:
            yield f"dynamodb:{operation}", table
    else:
        index = params.get("IndexName")
        yield f"dynamodb:{operation}", params["TableName"] + (f"/index/{index}" if index else "")
