"""The engines that are asked: ours twice, two witnesses, and DynamoDB itself when an account is lent.

`DESKBELL_CONFORMANCE_AWS=1 pytest --force-enable-socket tests/contract/dynamo` asks the account of the environment's
credentials; it makes its own tables there and drops them. ministack lives in a venv of its own, because it pins botocore.
"""

import os
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from moto import mock_aws

from infra.local.dynamo import EmbeddedDynamo

EMBEDDED = ("embedded-memory", "embedded-file")
WITNESSES = ("moto", "ministack")
AWS = ("aws",) if os.environ.get("DESKBELL_CONFORMANCE_AWS") == "1" else ()
ENGINES = (*EMBEDDED, *WITNESSES, *AWS)

MINISTACK = Path(__file__).parents[3] / ".venv-ministack" / "bin" / "ministack"
PATIENCE_SECONDS = 30


@contextmanager
def running(name: str, folder: Path) -> Iterator[Any]:
    """A client of the engine of that name."""
    make: Callable[[], Any] = {
        "embedded-memory": lambda: _embedded(":memory:"),
        "embedded-file": lambda: _embedded(folder / "conformance.db"),
        "moto": _moto,
        "ministack": lambda: _ministack(folder),
        "aws": _aws,
    }[name]
    with make() as client:
        yield client


@contextmanager
def _embedded(path: str | Path) -> Iterator[EmbeddedDynamo]:
    engine = EmbeddedDynamo(path)
    yield engine
    engine.close()


@contextmanager
def _moto() -> Iterator[Any]:
    with mock_aws():
        client = _client(region="us-east-1")
    yield _OneAtATime(client)


class _OneAtATime:
    """moto isn't safe for threads; and it's switched on for its own calls only, lest it answers for others."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = Lock()
        self._mock = mock_aws()

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self._mock.start(reset=False)
            try:
                response: dict[str, Any] = self._client._make_api_call(operation, request)
            finally:
                self._mock.stop(remove_data=False)
        return response


@contextmanager
def ministack_at(folder: Path, **settings: str) -> Iterator[str]:
    """A stand-in of all AWS in a process of its own, with these settings in its environment: its address."""
    if not MINISTACK.exists():
        pytest.fail("ministack isn't installed in .venv-ministack: `make contract` does that.")
    port = _free_port()
    environment = os.environ | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "HOME": str(folder),
        **settings,
    }
    with (folder / "ministack.log").open("wb") as log:
        server = subprocess.Popen([MINISTACK], env=environment, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - our own venv's
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_SECONDS)


@contextmanager
def _ministack(folder: Path) -> Iterator[Any]:
    with ministack_at(folder) as address:
        yield _client(region="us-east-1", endpoint_url=address)


@contextmanager
def _aws() -> Iterator[Any]:
    yield botocore.session.get_session().create_client("dynamodb", config=Config(parameter_validation=False))


def _client(region: str, **more: Any) -> Any:
    """parameter_validation is off as pynamodb has it: the engine itself has to refuse."""
    return botocore.session.get_session().create_client(
        "dynamodb",
        region_name=region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        **more,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"ministack doesn't answer at port {port}")


def _schema(*keys: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": role}
        for (name, _), role in zip(keys, ("HASH", "RANGE"), strict=False)
    ]


def _index(name: str, *keys: tuple[str, str], **projection: Any) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": _schema(*keys), "Projection": projection}


def definitions() -> dict[str, dict[str, Any]]:
    """The tables that tests share, by the name they use; `pk` is always text."""
    tables = {name: _definition(("pk", "S"), ("sk", kind)) for name, kind in
              (("things", "S"), ("numbered", "N"), ("blobs", "B"))}  # fmt: skip
    tables["single"] = _definition(("pk", "S"))
    things = tables["things"]
    things["AttributeDefinitions"] += [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in (("g", "S"), ("r", "N"), ("place", "S"))
    ]
    things["GlobalSecondaryIndexes"] = [
        _index("by_rank", ("g", "S"), ("r", "N"), ProjectionType="ALL"),
        _index("keys_only", ("g", "S"), ProjectionType="KEYS_ONLY"),
        _index("with_text", ("g", "S"), ("r", "N"), ProjectionType="INCLUDE", NonKeyAttributes=["text"]),
    ]
    things["LocalSecondaryIndexes"] = [_index("local", ("pk", "S"), ("place", "S"), ProjectionType="ALL")]
    return tables


def _definition(*keys: tuple[str, str]) -> dict[str, Any]:
    return {
        "KeySchema": _schema(*keys),
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in keys],
        "BillingMode": "PAY_PER_REQUEST",
    }


@contextmanager
def tables_of(client: Any) -> Iterator[dict[str, str]]:
    """Makes the shared tables under names of their own, and drops them; from the tests' names to the real ones."""
    prefix = f"deskbell-conformance-{uuid.uuid4().hex[:8]}"
    names = {name: f"{prefix}-{name}" for name in definitions()}
    for name, definition in definitions().items():
        client._make_api_call("CreateTable", {"TableName": names[name], **definition})
    for name in names.values():
        _wait_until_active(client, name)
    yield names
    for name in names.values():
        client._make_api_call("DeleteTable", {"TableName": name})


def _wait_until_active(client: Any, name: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while client._make_api_call("DescribeTable", {"TableName": name})["Table"]["TableStatus"] != "ACTIVE":
        assert time.monotonic() < until
        time.sleep(1)
