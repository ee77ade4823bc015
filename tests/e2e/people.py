"""Scripts that speak protocol.md as clients do: REST, tickets, sockets, an outbox that resends, catching up."""

import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

ANSWERS = ("accepted", "refused", "welcome", "pong", "caught_up")
PATIENCE_S = 10


@dataclass
class Person:
    """One client of either kind. `log` is what it shows: messages by seq, from answers, events and catching up."""

    address: str
    token: str
    name: str
    socket: ClientConnection | None = None
    log: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    open: ExitStack = field(default_factory=ExitStack)

    def rest(
        self, method: str, path: str, body: dict[str, Any] | None = None, **query: Any
    ) -> httpx.Response:
        return httpx.request(
            method,
            self.address + path,
            json=body,
            params=query or None,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=PATIENCE_S,
        )

    def connect(self, session_id: str | None = None) -> dict[str, Any]:
        """Opens a socket and says hello, asking for what is missing of the session."""
        ticket = self.rest("POST", "/v1/socket-tickets", {}).raise_for_status().json()
        opening = connect(
            f"{ticket['url']}?ticket={ticket['ticket']}", open_timeout=PATIENCE_S, compression=None
        )
        self.socket = self.open.enter_context(opening)
        asked = [{"session_id": session_id, "after": self.contiguous}] if session_id else []
        welcome = self.ask("hello", client="script", version="0.1.0", catch_up=asked)
        for part in welcome["caught_up"]:
            self._keep_all(part["messages"])
        return welcome

    @property
    def contiguous(self) -> int:
        seq = 0
        while seq + 1 in self.log:
            seq += 1
        return seq

    def new_id(self) -> str:
        return f"{self.name}-{next(self.numbers)}"

    def send(self, type_: str, **facts: Any) -> None:
        assert self.socket
        self.socket.send(json.dumps({"type": type_, **facts}))

    def ask(self, type_: str, **facts: Any) -> dict[str, Any]:
        """Sends a command and waits for its one answer, keeping whatever else comes meanwhile."""
        facts.setdefault("client_id", self.new_id())
        self.send(type_, **facts)
        return self.hear(lambda f: f["type"] in ANSWERS and f.get("client_id") == facts["client_id"])

    def hear(self, wanted: Any) -> dict[str, Any]:
        """The next frame that is wanted."""
        assert self.socket
        while True:
            frame: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE_S))
            self._keep(frame)
            if wanted(frame):
                return frame

    def say(
        self, session_id: str, text: str, *, client_id: str | None = None, after: int | None = None
    ) -> dict[str, Any]:
        facts = {"session_id": session_id, "text": text, "after": self.contiguous if after is None else after}
        return self.ask("send_message", client_id=client_id or self.new_id(), **facts)

    def catch_up(self, session_id: str) -> None:
        while True:
            part = self.ask("catch_up", session_id=session_id, after=self.contiguous)
            self._keep_all(part["messages"])
            if not part["more"]:
                return

    def drop(self) -> None:
        """The socket goes without a word."""
        if self.socket:
            with suppress(OSError):  # the server may have gone first
                self.socket.socket.shutdown(SHUT_RDWR)
            self.open.close()
            self.socket = None

    def _keep(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "message.sent":
            self._keep_all([frame])
        elif frame["type"] not in ANSWERS:
            self.events.append(frame)

    def _keep_all(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            if message["staff_seq"] is not None:
                continue
            there = self.log.setdefault(message["seq"], message)
            if there["message_id"] != message["message_id"]:
                self.doubled.append(message["seq"])


def agent(address: str, email: str, password: str) -> Person:
    body = {"email": email, "password": password}
    signed_in = httpx.post(f"{address}/v1/sign-in", json=body, timeout=PATIENCE_S).raise_for_status().json()
    return Person(address, signed_in["token"], signed_in["agent"]["alias"])


def customer(address: str, name: str = "cleo") -> Person:
    body = {"source_key": "demo"}
    made = httpx.post(f"{address}/v1/widget/customers", json=body, timeout=PATIENCE_S).raise_for_status()
    return Person(address, made.json()["token"], name)
