"""A whole house in memory, and people to walk through it: the real rooms, stores and engine; only time and sockets are ours."""

import functools
import itertools
import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from random import Random
from threading import Lock
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ReadTimeoutError
from chalice.app import Chalice
from pynamodb.exceptions import PynamoDBException

from chalicelib import wiring
from chalicelib.agents.model import Agent
from chalicelib.connections.model import Connection
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.openapi import refusals
from chalicelib.gateway.rest import mount
from chalicelib.kit.config import Settings
from chalicelib.kit.ids import Ids, Randomness
from chalicelib.kit.outside import Gone, Outside, SigningKeys
from chalicelib.kit.values import AgentId, ConnectionId
from chalicelib.queues.model import Member, Queue
from chalicelib.sign_in.service import caller_of
from infra.local.dynamo import EmbeddedDynamo
from infra.local.dynamo.meter import Client as Dynamo, Meter
from infra.local.gateway.context import LambdaContext
from infra.local.gateway.events import HttpRequest, Invocation, rest_event
from infra.local.gateway.routes import RouteTable
from infra.local.seed import seed
from infra.local.settings import LocalSettings
from tests.files import Shelf
from tests.post import Tray

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
POST_LIMIT = 128 * 1024
"""Bytes of one message: API Gateway refuses to post more."""
ANYWHERE = ("method_not_allowed", "unsupported_media_type")
"""What Chalice refuses before a route is asked."""
FAILURES = (BotoCoreError, PynamoDBException)
"""What a store that does not answer looks like from above."""

Do = Callable[[dict[str, Any]], dict[str, Any]]
Each = Callable[[str, dict[str, Any], Do], dict[str, Any]]


@dataclass
class FrozenClock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class RecordingSockets:
    """What was told to each connection. One that was cut is gone; one that is clogged refuses for now, as one throttled."""

    told: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)
    clogged: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)

    def post(self, connection_id: str, frame: str) -> None:
        self.tried.append(connection_id)
        if connection_id in self.cut:
            raise Gone
        if connection_id in self.clogged:
            raise ConnectionRefusedError("LimitExceededException")
        if len(frame.encode()) > POST_LIMIT:
            raise ValueError(f"PayloadTooLargeException: {len(frame.encode())} bytes in one message")
        self.told.setdefault(connection_id, []).append(json.loads(frame))

    def close(self, connection_id: str) -> None:
        self.closed.append(connection_id)


@dataclass
class RecordingLater:
    """Which sessions are to be looked at again, and after how many seconds."""

    asked: list[tuple[str, float]] = field(default_factory=list)

    def look(self, session_id: str, after: timedelta) -> None:
        self.asked.append((session_id, after.total_seconds()))


class Planned(NamedTuple):
    operation: str
    about: str
    act: Callable[[dict[str, Any], Do], dict[str, Any]]


class Faults:
    """Stands between pynamodb and the meter: each fault planned here strikes once, at the next request it is meant for.

    `about` narrows it to requests in which that text stands: a table, an index, an attribute.
    """

    _request_signer = None

    def __init__(self, client: Dynamo) -> None:
        self._client = client
        self._planned: list[Planned] = []
        self._frozen: dict[str, dict[str, dict[str, Any]]] = {}
        self._lock = Lock()
        self.each: Each | None = None
        """What every request goes through, from the next one on."""

    def before(self, operation: str, act: Callable[[], Any], *, about: str = "") -> None:
        """`act` happens just before the request arrives: what another function does at that moment."""

        def acted(params: dict[str, Any], do: Do) -> dict[str, Any]:
            act()
            return do(params)

        self._planned.append(Planned(operation, about, acted))

    def after(self, operation: str, act: Callable[[], Any], *, about: str = "") -> None:
        """`act` happens just after the request was carried out and before its answer arrives."""

        def acted(params: dict[str, Any], do: Do) -> dict[str, Any]:
            answer = do(params)
            act()
            return answer

        self._planned.append(Planned(operation, about, acted))

    def answer_lost(self, operation: str, *, about: str = "") -> None:
        """Carried out, and the answer never comes."""

        def lost(params: dict[str, Any], do: Do) -> dict[str, Any]:
            do(params)
            raise ReadTimeoutError(endpoint_url="dynamodb")

        self._planned.append(Planned(operation, about, lost))

    def never_arrives(self, operation: str, *, about: str = "") -> None:
        """Not carried out: the function dies, or the store is away."""

        def away(params: dict[str, Any], do: Do) -> dict[str, Any]:
            raise ReadTimeoutError(endpoint_url="dynamodb")

        self._planned.append(Planned(operation, about, away))

    def sent_twice(self, operation: str, *, about: str = "") -> None:
        """Carried out, the answer lost, and sent again: what the client of the cloud does by itself."""

        def twice(params: dict[str, Any], do: Do) -> dict[str, Any]:
            do(params)
            return do(params)

        self._planned.append(Planned(operation, about, twice))

    def lags(self, index: str) -> None:
        """The index has not heard of anything yet, for one Query."""

        def empty(params: dict[str, Any], do: Do) -> dict[str, Any]:
            return {"Items": [], "Count": 0, "ScannedCount": 0}

        self._planned.append(Planned("Query", f"'IndexName': '{index}'", empty))

    @contextmanager
    def stands_still(self, index: str) -> Iterator[None]:
        """Meanwhile the index answers each question as it did the first time."""
        self._frozen[index] = {}
        yield
        del self._frozen[index]

    @property
    def none_left(self) -> bool:
        """Whether every fault planned has struck: a test of a fault that never happened proves nothing."""
        return not self._planned

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]:
        def do(params: dict[str, Any]) -> dict[str, Any]:
            frozen = self._frozen.get(params.get("IndexName", ""))
            if frozen is not None and str(params) in frozen:
                return frozen[str(params)]
            answer = self._client._make_api_call(operation_name, params)
            if frozen is not None:
                frozen[str(params)] = answer
            return answer

        with self._lock:
            planned = (
                next(
                    (
                        p
                        for p in self._planned
                        if p.operation == operation_name and p.about in str(api_params)
                    ),
                    None,
                )
                if self._planned
                else None
            )
            if planned is not None:
                self._planned.remove(planned)
        if planned is not None:
            return planned.act(api_params, do)
        return do(api_params) if self.each is None else self.each(operation_name, api_params, do)


class Answer(NamedTuple):
    """A REST answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        return str(self.body["code"])


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
        body = frame if isinstance(frame, str) else _as_a_browser_writes(frame)
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

    def attempt(self, type_: str, **facts: Any) -> None:
        """Sends a command, whatever becomes of it: for a store that fails."""
        with suppress(*FAILURES):
            self.send({"type": type_, "client_id": self.house.next_id(), **facts})

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

    @property
    def codes(self) -> list[str]:
        return [f["code"] for f in self.heard("refused")]

    @property
    def token(self) -> str:
        """An access token of the same person's, for REST."""
        return self.house.desk.sign_in.begin(self.caller).access.text

    def rest(self, method: str, path: str, body: Any = None, **facts: Any) -> Answer:
        return self.house.rest(method, path, body, token=self.token, **facts)

    def cut(self) -> None:
        self.house.sockets.cut.add(self.connection_id)

    def clog(self) -> None:
        self.house.sockets.clogged.add(self.connection_id)

    def leaves(self) -> None:
        """`$disconnect`."""
        self.house.desk.socket.disconnected(self.caller)


class Talk(NamedTuple):
    """Cleo and Ann in one conversation."""

    session_id: str
    cleo: Client
    ann: Client


@dataclass
class House:
    desk: wiring.Desk
    engine: EmbeddedDynamo
    meter: Meter
    faults: Faults
    clock: FrozenClock
    machine: FrozenClock
    sockets: RecordingSockets
    files: Shelf
    mail: Tray
    later: RecordingLater
    numbers: Iterator[int] = field(default_factory=itertools.count)
    clients: list["Client"] = field(default_factory=list, repr=False)

    @classmethod
    @contextmanager
    def open(cls, randomness: Randomness = secrets.randbits, limits: str = "off") -> "Iterator[House]":
        """A house with the demo shop in it, as a first start leaves it. `randomness` makes its ids.

        Its clock stands still, so that a limit, where one is named, is never forgiven by itself.
        """
        items = _seeded()
        engine = EmbeddedDynamo(":memory:")
        house = cls._on(engine, randomness, limits)
        for table, item in items:
            engine._make_api_call("PutItem", {"TableName": table, "Item": item})
        house.meter.reset()
        yield house
        engine.close()
        house.files.close()

    @classmethod
    def _on(cls, engine: EmbeddedDynamo, randomness: Randomness, limits: str = "off") -> "House":
        meter, clock, machine = Meter(engine), FrozenClock(), FrozenClock()
        faults, sockets, files, mail = Faults(meter), RecordingSockets(), Shelf(machine), Tray()
        later = RecordingLater()
        outside = Outside(
            dynamo=faults,
            sockets=sockets,
            keys=SigningKeys("k1", {"k1": b"k" * 32}),
            settings=Settings(
                socket_url="ws://{host}/socket",
                mail_from="Demo shop <desk@shop.example>",
                limits=limits,
                edge_key="stack-guid",
            ),
            clock=clock,
            machine_clock=machine,
            files=files,
            mail=mail,
            later=later,
        )
        desk = wiring.use(outside)
        vars(desk)["ids"] = Ids(clock, randomness)  # where `cached_property` looks first
        wiring.create_tables()
        return cls(desk, engine, meter, faults, clock, machine, sockets, files, mail, later)

    def next_id(self) -> str:
        return f"C{next(self.numbers):025d}"

    def agent(self, name: str) -> Agent:
        found = self.desk.agents.by_email(f"{name}@demo.local")
        assert found
        return found

    def hired(self, name: str, **facts: Any) -> Caller:
        """A further agent, who belongs to no queue."""
        agent = Agent(
            id=AgentId(self.desk.ids.new()),
            email=f"{name}@hired.local",
            created_at=self.clock.now,
            **{"alias": name.title(), **facts},
        )
        self.desk.agents.create(agent, self.desk.ids.new())
        return caller_of(agent)

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

    def talk(self, text: str = "Hi") -> Talk:
        """Cleo has written and Ann has got it: two entries stand in the log."""
        ann, cleo = self.on_duty("ann"), self.customer()
        cleo.hello()
        session_id = cleo.ask("start_session", text=text)["session_id"]
        assert self.load("ann") == (1.0, frozenset({session_id}))
        return Talk(session_id, cleo, ann)

    def waiting(self, text: str = "Hi") -> tuple[str, Client]:
        """A customer who has said hello and written; whoever comes next comes a second later."""
        cleo = self.customer()
        cleo.hello()
        session_id = cleo.ask("start_session", text=text)["session_id"]
        self.clock.passes(seconds=1)
        return session_id, cleo

    def staffed(self, queue: Queue, **members: dict[str, Any]) -> None:
        """A further queue, with these agents by name, and what their membership says."""
        self.desk.queues.create(queue)
        for name, facts in members.items():
            agent = self.agent(name)
            self.desk.queues.add_member(queue.id, Member(agent_id=agent.id, **facts))
            self.desk.agents.join_queue(agent.id, queue.id)

    def connected(self, caller: Caller) -> Client:
        connection = Connection(ConnectionId(f"conn-{next(self.numbers)}"), caller.person, caller.family)
        self.clients.append(Client(self, replace(caller, connection=connection)))
        return self.clients[-1]

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

    # REST

    @functools.cached_property
    def app(self) -> Chalice:
        """The routes on a Chalice app of their own, as `app.py` mounts them."""
        app = Chalice("deskbell", configure_logs=False)
        mount(app, self.desk.routes, self.desk.door)
        return app

    def rest(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request as API Gateway hands it on. `body` is sent as JSON, a text or bytes as they are."""
        sent = {"host": "127.0.0.1:8787"} | ({} if body is None else {"content-type": "application/json"})
        sent |= {"authorization": f"Bearer {token}"} if token else {}
        sent |= headers or {}
        content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else b""
        if body is not None and not isinstance(body, str | bytes):
            content = json.dumps(body).encode()
        bare, _, query = path.partition("?")
        request = HttpRequest(method, bare, query, list(sent.items()), content, "127.0.0.1")
        matched = RouteTable(self.app.routes).match(bare)
        assert matched, f"API Gateway knows no {bare}"
        call = Invocation(self.machine.now, f"request-{next(self.numbers)}")
        result = self.app(
            rest_event(request, matched, call, self.app.api.binary_types), LambdaContext("api_handler")
        )
        answer = Answer(result["statusCode"], dict(result["headers"]), result["body"])
        self._is_documented(method, matched.resource, answer)
        return answer

    def _is_documented(self, method: str, resource: str, answer: Answer) -> None:
        """Every refusal there is stands in the OpenAPI document, whichever test met it."""
        for route in self.desk.routes:
            if (route.method, route.path) == (method, resource) and answer.status >= HTTPStatus.BAD_REQUEST:
                known = refusals(route).get(answer.status, []) + list(ANYWHERE)
                assert answer.code in known, (
                    f"{method} {resource} may refuse with {answer.code}, and nobody says so"
                )


def _as_a_browser_writes(frame: dict[str, Any]) -> str:
    """JSON as `JSON.stringify` makes it: letters as they are, and half a pair of surrogates by its number."""
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)


@functools.cache
def _seeded() -> list[tuple[str, dict[str, Any]]]:
    """What a first start puts in, item by item: made once, since four passwords take a while to hash."""
    engine = EmbeddedDynamo(":memory:")
    house = House._on(engine, Random(0).getrandbits)
    seed(house.desk, LocalSettings(owner_password="owner-password"))
    items = [
        (table, item)
        for table in engine._make_api_call("ListTables", {})["TableNames"]
        for item in engine._make_api_call("Scan", {"TableName": table})["Items"]
    ]
    engine.close()
    return items
