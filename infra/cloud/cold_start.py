"""What a cold function costs, measured: CPU of import and first call, as the median of fresh processes.

The functions speak to a stand-in on loopback that knows nothing and is quick about it: their own CPU is what counts. TLS is
not in the figures, nor Lambda's start of the machine.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.cloud.project import CLOUD, CannotGoOn

PROCESSES = 10
_CALLER = {
    "kind": "customer",
    "id": "C1",
    "name": "",
    "role_ids": [],
    "source_id": "S1",
    "epoch": 0,
    "host": "",
    "connection": None,
}


@dataclass(frozen=True)
class Measured:
    """A function's first call, and the CPU it may take in ms."""

    kind: str
    function: str
    event: dict[str, Any]
    goal_ms: int


FIRST_CALLS = (
    Measured(
        "socket",
        "message",
        {
            "requestContext": {
                "routeKey": "$default",
                "eventType": "MESSAGE",
                "connectionId": "L0SM9cOFvHcCIhw=",
                "requestId": "r1",
                "domainName": "x.execute-api.us-east-1.amazonaws.com",
                "stage": "api",
                "apiId": "x",
                "authorizer": {"caller": json.dumps(_CALLER)},
            },
            "body": '{"type":"ping","client_id":"01J000000000000000000000AA","visible":true}',
            "isBase64Encoded": False,
        },
        300,
    ),
    Measured(
        "scheduled",
        "drain_queues",
        {
            "version": "0",
            "id": "1",
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "1",
            "time": "2026-11-22T12:00:00Z",
            "region": "us-east-1",
            "resources": [],
            "detail": {},
        },
        300,
    ),
    Measured(
        "REST",
        "app",
        {
            "resource": "/v1/widget/config",
            "path": "/v1/widget/config",
            "httpMethod": "GET",
            "headers": {"host": "x"},
            "multiValueHeaders": {"host": ["x"]},
            "queryStringParameters": {"source_key": "demo"},
            "multiValueQueryStringParameters": {"source_key": ["demo"]},
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": "/v1/widget/config",
                "httpMethod": "GET",
                "requestId": "r1",
                "identity": {"sourceIp": "127.0.0.1"},
            },
            "body": None,
            "isBase64Encoded": False,
        },
        600,
    ),
)


@dataclass(frozen=True)
class Figure:
    """Medians in ms: of our package, and of what Chalice packages by itself."""

    measured: Measured
    ours_ms: float
    plain_ms: float


def figures(ours: Path, plain: Path, processes: int = PROCESSES) -> list[Figure]:
    """Both packages in turn, so that what else the machine does falls on both. They must be this machine's kind."""
    with tempfile.TemporaryDirectory() as temporary, _nowhere() as address:
        folders = [_unpacked(zip_file, Path(temporary, zip_file.parent.name)) for zip_file in (ours, plain)]
        return [_figure(measured, folders, address, processes) for measured in FIRST_CALLS]


def _figure(measured: Measured, folders: Sequence[Path], address: str, processes: int) -> Figure:
    took: list[list[float]] = [[] for _ in folders]
    for _ in range(processes):
        for of_package, folder in zip(took, folders, strict=True):
            of_package.append(_first_call(measured, folder, address))
    ours, plain = (statistics.median(each) for each in took)
    return Figure(measured, ours, plain)


def _first_call(measured: Measured, folder: Path, address: str) -> float:
    """In ms. Raises CannotGoOn where the function fails: the package lacks something."""
    script = [sys.executable, "-I", "-S", "-B", str(CLOUD / "first_call.py")]
    done = subprocess.run(  # noqa: S603
        [*script, str(folder), measured.function, json.dumps(measured.event)],
        env={
            "PATH": os.defpath,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "unused",
            "AWS_SECRET_ACCESS_KEY": "unused",
            "AWS_ENDPOINT_URL": address,
            "DESKBELL_CONNECTIONS_URL": address,
            "DESKBELL_SIGNING_KEYS": "/deskbell/signing-keys:1" if measured.kind == "REST" else "",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotGoOn(f"{measured.function} fails in the package:\n{done.stdout}{done.stderr}")
    return float(done.stdout.splitlines()[-1])


def _unpacked(zip_file: Path, folder: Path) -> Path:
    with zipfile.ZipFile(zip_file) as archive:
        archive.extractall(folder)
    return folder


class _Nowhere(BaseHTTPRequestHandler):
    """Answers every AWS request with nothing found, and the one for a parameter with a key."""

    protocol_version = "HTTP/1.1"
    _FOUND = {
        "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
        "UpdateItem": {"Attributes": {}},
        "GetParameter": {"Parameter": {"Value": f"k1={'00' * 32}"}},
    }

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"] or 0))
        operation = (self.headers["x-amz-target"] or "").rpartition(".")[2]
        body = json.dumps(self._FOUND.get(operation, {})).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.0")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Nothing."""


@contextmanager
def _nowhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Nowhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
