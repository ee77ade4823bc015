"""A whole house in memory, and people to walk through it: the real rooms, stores and engine; only time and sockets are ours."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.agents.model import Agent
from chalicelib.connections.model import Connection
from chalicelib.gateway.caller import Caller
from chalicelib.kit.config import Settings
from chalicelib.kit.outside import Gone, Outside, SigningKeys
from chalicelib.kit.values import AgentId, ConnectionId
from chalicelib.sign_in.service import caller_of
from infra.local.dynamo import EmbeddedDynamo
from infra.local.dynamo.meter import Meter
from infra.local.seed import seed
from infra.local.settings import LocalSettings

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class FrozenClock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class RecordingSockets:
    """What was told to each connection; a connection that was cut is gone."""

    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)

    def post(self, connection_id: str, frame: str) -> None:
        if connection_id in self.cut:
            raise Gone
        self.told.setdefault(connection_id, []).append(json.loads(frame))

    def close(self, connection_id: str) -> None:
        self.closed.append(connection_id)


@dataclass
class Client:
    """Somebody's open socket."""

    house: "House"
    caller: Caller

    @property
    def connection_id(self) -> str:
        assert self.caller.connection
        return self.caller.connection.id

    def send(self, frame: str | dict[str, Any]) -> None:
        body = frame if isinstance(frame, str) else json.dumps(frame)
        self.house.desk.socket.message(self.caller, body, "request-1")

    def ask(self, type_: str, **facts: Any) -> dict[str, Any]:
        """Sends a command and gives its one answer."""
        facts = {"client_id": self.house.next_id(), **facts}
        before = len(self.told)
        self.send({"type": type_, **facts})
        answers = [f for f in self.told[before:] if f.get("client_id") == facts["client_id"]]
        answers = [f for f in answers if f["type"] in ("accepted", "refused", "welcome", "pong", "caught_up")]
        assert len(answers) == 1, answers
        return answers[0]

    def hello(self, **facts: Any) -> dict[str, Any]:
        return self.ask("hello", client="test", version="0.1.0", **facts)

    def say(self, session_id: str, text: str, **facts: Any) -> dict[str, Any]:
        return self.ask("send_message", session_id=session_id, text=text, **facts)

    @property
    def told(self) -> list[dict[str, Any]]:
        return self.house.sockets.told.get(self.connection_id, [])

    def heard(self, type_: str) -> list[dict[str, Any]]:
        return [f for f in self.told if f["type"] == type_]

    @property
    def texts(self) -> list[str]:
        return [f["text"] for f in self.heard("message.sent") if f["kind"] == "text"]

    def cut(self) -> None:
        self.house.sockets.cut.add(self.connection_id)


@dataclass
class House:
    desk: wiring.Desk
    engine: EmbeddedDynamo
    meter: Meter
    clock: FrozenClock
    machine: FrozenClock
    sockets: RecordingSockets
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @classmethod
    @contextmanager
    def open(cls) -> "Iterator[House]":
        engine = EmbeddedDynamo(":memory:")
        meter, clock, machine = Meter(engine), FrozenClock(), FrozenClock()
        sockets = RecordingSockets()
        outside = Outside(
            dynamo=meter,
            sockets=sockets,
            keys=SigningKeys("k1", {"k1": b"k" * 32}),
            settings=Settings(socket_url="ws://{host}/socket"),
            clock=clock,
            machine_clock=machine,
        )
        desk = wiring.use(outside)
        wiring.create_tables()
        seed(desk, LocalSettings(owner_password="owner-password"))
        yield cls(desk, engine, meter, clock, machine, sockets)
        engine.close()

    def next_id(self) -> str:
        return f"C{next(self.numbers):025d}"

    def agent(self, name: str) -> Agent:
        found = self.desk.agents.by_email(f"{name}@demo.local")
        assert found
        return found

    def customer(self) -> Client:
        """Cleo, come in by the demo's door, with a socket."""
        caller, _ = self.desk.reception.come_in("demo", None)
        return self.connected(caller)

    def on_duty(self, name: str) -> Client:
        """An agent who accepts work, with a socket that has said hello."""
        agent = self.agent(name)
        self.desk.agents.set_status(agent.id, "accepting", None)
        client = self.connected(caller_of(agent))
        client.hello()
        return client

    def connected(self, caller: Caller) -> Client:
        connection = Connection(ConnectionId(f"conn-{next(self.numbers)}"), caller.person)
        return Client(self, Caller(**{**caller.__dict__, "connection": connection}))

    def again(self, client: Client) -> Client:
        """The same person on a further socket: another tab, or after a reload."""
        return self.connected(client.caller)

    def load(self, name: str) -> tuple[float, frozenset[str]]:
        agent = self.desk.agents.get(AgentId(self.agent(name).id))
        return agent.load / 100, agent.slots

    def log(self, session_id: str) -> list[tuple[int, int | None, str | None]]:
        """The whole log, staff lines too: position and text."""
        entries = self.desk.session_store.after(session_id, (0, 0), 10_000, staff=True)  # type: ignore[arg-type]
        return [(e.seq, e.staff_seq, e.text) for e in entries]
