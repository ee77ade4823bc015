"""ministack, a stand-in of AWS, in a process of its own on loopback; who calls is checked against their policies there."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.e2e.server import ROOT, free_port

MINISTACK = ROOT / ".venv-ministack" / "bin" / "ministack"
PATIENCE_S = 60
LEAVE_S = 3
_ROOT_USER = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@dataclass(frozen=True)
class Aws:
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What sends a deployment here instead of to AWS."""
        return {
            **_ROOT_USER,
            "AWS_ENDPOINT_URL": self.address,
            "CONNECTIONS_BASE": f"{self.address}/_aws/execute-api",
        }

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            config=Config(signature_version="s3v4") if service == "s3" else None,
            endpoint_url=self.address,
            region_name=_ROOT_USER["AWS_REGION"],
            aws_access_key_id=_ROOT_USER["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=_ROOT_USER["AWS_SECRET_ACCESS_KEY"],
        )

    @property
    def said(self) -> list[str]:
        """Its own log, where a function that can't start says why."""
        return self.log.read_text("utf-8", "replace").splitlines()

    @property
    def last_words(self) -> str:
        return "\n".join(self.said[-30:])


@contextmanager
def started(folder: Path) -> Iterator[Aws]:
    """`AUTH`: every call is judged by policies. `HOME`, `TMPDIR`: what it keeps, it keeps in the folder.

    Without TLS: with it the stand-in leaves a websocket's opening unanswered now and then.
    """
    aws = Aws(free_port(), folder / "ministack.log")
    environment = (
        os.environ
        | _ROOT_USER
        | {
            "GATEWAY_PORT": str(aws.port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "AUTH": "true",
            "HOME": str(folder),
            "TMPDIR": str(folder),
        }
    )
    with aws.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [MINISTACK], env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait(aws, process)
        yield aws
    finally:
        process.terminate()
        try:
            process.wait(timeout=LEAVE_S)
        except subprocess.TimeoutExpired:  # it waits for whoever might come again
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(aws: Aws, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        if "Running on" in aws.log.read_text("utf-8", "replace"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"ministack did not start:\n{aws.last_words}")
