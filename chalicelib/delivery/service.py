"""Telling: one event, serialised once, posted to each socket; the dead ones are forgotten."""

from collections.abc import Iterable

from chalicelib.connections.model import Connection, Person
from chalicelib.connections.store import ConnectionStore
from chalicelib.kit.clock import Clock
from chalicelib.kit.outside import Gone, Sockets
from chalicelib.kit.values import ConnectionId, Value


class Delivery:
    def __init__(self, sockets: Sockets, connections: ConnectionStore, machine_clock: Clock) -> None:
        self._sockets = sockets
        self._connections = connections
        self._now = machine_clock

    def answer(self, connection_id: ConnectionId, event: Value) -> None:
        """To the one who asked. Gone already: what was asked for is done all the same."""
        self._post(connection_id, event.model_dump_json())

    def tell(
        self, connections: Iterable[Connection], event: Value, *, but: ConnectionId | None = None
    ) -> None:
        """To these sockets, save the one that asked: it has its answer."""
        frame = None
        for connection in connections:
            if connection.id == but:
                continue
            frame = frame or event.model_dump_json()
            if not self._post(connection.id, frame):
                self._connections.close(connection)

    def tell_person(self, person: Person, event: Value, *, but: ConnectionId | None = None) -> None:
        self.tell(self.connections_of(person), event, but=but)

    def connections_of(self, person: Person) -> list[Connection]:
        return [Connection(c, person) for c in self._connections.of(person, self._now())]

    def tell_watchers(self, name: str, event: Value) -> None:
        """To whoever watches a list; a dead watcher is forgotten."""
        for watcher in self._connections.watchers(name, self._now()):
            if not self._post(watcher.id, event.model_dump_json()):
                self._connections.unwatch([name], watcher)

    def close(self, connection_id: ConnectionId) -> None:
        try:
            self._sockets.close(connection_id)
        except Gone:
            return

    def _post(self, connection_id: ConnectionId, frame: str) -> bool:
        try:
            self._sockets.post(connection_id, frame)
        except Gone:
            return False
        return True
