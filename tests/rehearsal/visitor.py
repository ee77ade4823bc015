"""The people of the end-to-end suite, at the addresses under which the stand-in answers for API Gateway."""

from dataclasses import dataclass
from typing import Any

import httpx
from websockets.sync.client import connect

from tests.e2e import people
from tests.rehearsal.aws import PATIENCE_S, Aws

people.PATIENCE_S = (
    PATIENCE_S  # each function's first call starts a process here, on a machine that may be busy
)


@dataclass(frozen=True)
class Doors:
    """Where the deployed stack's two APIs are reached on loopback, and what they say of themselves."""

    rest: str
    sockets: str
    socket_url: str

    @classmethod
    def of(cls, aws: Aws, outputs: dict[str, str]) -> "Doors":
        by_api = f"{aws.address}/_aws/execute-api"
        rest, sockets = (f"{by_api}/{outputs[name]}/api" for name in ("RestAPIId", "WebsocketAPIId"))
        return cls(rest, sockets.replace("http:", "ws:", 1), outputs["SocketUrl"])


@dataclass
class Visitor(people.Person):
    doors: Doors | None = None

    def connect(self, session_id: str | None = None) -> dict[str, Any]:
        assert self.doors
        ticket = self.rest("POST", "/v1/socket-tickets", {}).raise_for_status().json()
        assert ticket["url"] == self.doors.socket_url
        opening = connect(
            f"{self.doors.sockets}?ticket={ticket['ticket']}", open_timeout=PATIENCE_S, compression=None
        )
        self.socket = self.open.enter_context(opening)
        asked = [{"session_id": session_id, "after": self.contiguous}] if session_id else []
        return self.ask("hello", client="script", version="0.1.0", catch_up=asked)


def agent(doors: Doors, email: str, password: str) -> Visitor:
    body = {"email": email, "password": password}
    found = httpx.post(f"{doors.rest}/v1/sign-in", json=body, timeout=PATIENCE_S).raise_for_status().json()
    return Visitor(doors.rest, found["token"], found["agent"]["alias"], doors=doors)


def customer(doors: Doors) -> Visitor:
    body = {"source_key": "demo"}
    made = httpx.post(f"{doors.rest}/v1/widget/customers", json=body, timeout=PATIENCE_S).raise_for_status()
    return Visitor(doors.rest, made.json()["token"], "cleo", doors=doors)
