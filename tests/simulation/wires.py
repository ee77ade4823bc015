"""Sockets as API Gateway keeps them: frames take time, may overtake, get lost or come twice, and a dead end is noticed late."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from chalicelib.connections.model import Connection
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.socket import Socket
from chalicelib.kit.outside import Gone
from chalicelib.kit.values import ConnectionId
from tests.simulation.functions import Functions
from tests.simulation.hub import Hub
from tests.simulation.seam import Crashes
from tests.simulation.weather import Weather

Frame = dict[str, Any]


@dataclass
class Wire:
    """One open socket. `there`: whether API Gateway counts it as open; `here`: whether its browser does."""

    caller: Caller
    hear: Callable[[Frame], None]
    here: bool = True
    there: bool = True

    @property
    def id(self) -> str:
        assert self.caller.connection
        return self.caller.connection.id


@dataclass
class Wires:
    """The house's sockets (`post`, `close`), and the browsers' way to it (`open`, `send`, `cut`)."""

    hub: Hub
    random: Random
    weather: Weather
    crashes: Crashes
    counts: Counter[str]
    functions: Functions
    socket: Socket
    watchers: list[Callable[[Caller, Frame], None]] = field(default_factory=list)
    by_id: dict[str, Wire] = field(default_factory=dict)

    # to the browsers

    def post(self, connection_id: str, frame: str) -> None:
        step = self.crashes.step("a post", self.functions.running)
        self._travels()
        self.crashes.maybe("before", "a post", step)
        wire = self.by_id[connection_id]
        if not wire.there:
            self.counts["post to a dead socket"] += 1
            raise Gone
        if self._strikes(self.weather.push_refused):
            self.counts["push refused"] += 1
            raise ConnectionRefusedError("LimitExceededException")
        self._deliver(wire, json.loads(frame))
        self.crashes.maybe("after", "a post", step)

    def close(self, connection_id: str) -> None:
        self._travels()
        wire = self.by_id[connection_id]
        if not wire.there:
            raise Gone
        wire.there = wire.here = False

    def _deliver(self, wire: Wire, frame: Frame) -> None:
        for watch in self.watchers:
            watch(wire.caller, frame)
        if self._strikes(self.weather.push_dropped):
            self.counts["push dropped"] += 1
            return
        self._arrives(wire, frame)
        if self._strikes(self.weather.push_doubled):
            self.counts["push doubled"] += 1
            self._arrives(wire, frame)

    def _arrives(self, wire: Wire, frame: Frame) -> None:
        self.hub.after(
            self.random.expovariate(1 / self.weather.latency), lambda: wire.here and wire.hear(frame)
        )

    # to the house

    def open(self, caller: Caller, hear: Callable[[Frame], None]) -> Wire:
        connection = Connection(ConnectionId(f"conn-{len(self.by_id)}"), caller.person, caller.family)
        wire = Wire(replace(caller, connection=connection), hear)
        self.by_id[wire.id] = wire
        return wire

    def send(self, wire: Wire, frame: Frame) -> None:
        if not wire.there:
            return
        body = json.dumps(frame, ensure_ascii=False)
        name = f"{frame['type']} by {wire.caller.name}"
        self._runs(name, lambda: self.socket.message(wire.caller, body, "request"), "frame again")

    def cut(self, wire: Wire) -> None:
        """The browser is gone or has hung up; the house hears of it later, twice, or never."""
        wire.here = wire.there = False
        if self._strikes(self.weather.disconnect_lost):
            self.counts["disconnect lost"] += 1
            return
        self.counts["disconnect told"] += 1
        name = f"disconnect of {wire.caller.name}"
        self._runs(name, lambda: self.socket.disconnected(wire.caller), "disconnect again")

    def _runs(self, name: str, act: Callable[[], None], again: str) -> None:
        after = self.random.expovariate(1 / self.weather.latency)
        self.functions.begin(name, act, after=after)
        if self._strikes(self.weather.frame_again):
            self.counts[again] += 1
            self.functions.begin(f"{name}, again", act, after=after + self.random.expovariate(1.0))

    def _travels(self) -> None:
        self.hub.sleep(self.random.expovariate(1 / self.weather.latency))

    def _strikes(self, chance: float) -> bool:
        return self.random.random() < chance
