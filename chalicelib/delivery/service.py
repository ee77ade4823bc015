"""Telling: one event, serialised once, posted to each socket; the dead ones are forgotten.

Nothing here raises: what is told was stored before, and whoever missed it catches up.
"""

from collections.abc import Iterable, Mapping

from chalicelib.connections.model import Connection, Person
from chalicelib.connections.store import ConnectionStore
from chalicelib.kit.clock import Clock
from chalicelib.kit.log import Log
from chalicelib.kit.outside import Gone, Sockets
from chalicelib.kit.values import ConnectionId, Value


class Delivery:
    def __init__(
        self, sockets: Sockets, connections: ConnectionStore, machine_clock: Clock, log: Log
    ) -> None:
        self._sockets = sockets
        self._connections = connections
        self._now = machine_clock
        self._log = log

    def answer(self, connection_id: ConnectionId, event: Value) -> None:
        """To the one who asked. Gone already: what was asked for is done all the same."""
        self._post(connection_id, event.model_dump_json())

    def tell(
        self, connections: Iterable[Connection], event: Value, *, but: Connection | None = None
    ) -> list[Connection]:
        """To these sockets, save the one that asked: it has its answer. Gives those that turned out to be gone."""
        frame = None
        gone = []
        for connection in connections:
            if connection == but:
                continue
            frame = frame or event.model_dump_json()
            if not self._post(connection.id, frame):
                self._connections.close(connection)
                gone.append(connection)
        return gone

    def tell_person(self, person: Person, event: Value, *, but: Connection | None = None) -> None:
        self.tell(self.connections_of(person), event, but=but)

    def connections_of(self, person: Person) -> list[Connection]:
        return self._connections.of(person, self._now())

    def tell_watchers(
        self,
        name: str,
        news: Mapping[str, Value],
        *,
        besides: Person | None = None,
        but: Connection | None = None,
    ) -> None:
        """To whoever watches it, the news of the kinds they want, the same once; a dead watcher is forgotten. `besides`: has heard it
        already.
        """
        frames: dict[str, str] = {}
        for watcher, kinds in self._connections.watchers(name, self._now()):
            if watcher.person == besides or watcher == but:
                continue
            wanted = sorted(kinds & news.keys())
            frames |= {kind: news[kind].model_dump_json() for kind in wanted if kind not in frames}
            for frame in dict.fromkeys(frames[kind] for kind in wanted):
                if not self._post(watcher.id, frame):
                    self._connections.forget_watcher([name], watcher)
                    break

    def forget_watchers(self, name: str) -> None:
        """Nobody hears of it any more until they ask again."""
        for watcher, _ in self._connections.watchers(name, self._now()):
            self._connections.forget_watcher([name], watcher)

    def close(self, connection_id: ConnectionId) -> None:
        try:
            self._sockets.close(connection_id)
        except Gone:
            return
        except Exception as error:  # noqa: BLE001  # best effort, as telling is
            self._log(what="close", connection_id=connection_id, error=repr(error))

    def _post(self, connection_id: ConnectionId, frame: str) -> bool:
        """False where the socket is gone. One that cannot be told for now, throttled or clogged, is left to catch up."""
        try:
            self._sockets.post(connection_id, frame)
        except Gone:
            return False
        except Exception as error:  # noqa: BLE001  # one who cannot be told keeps nothing from the others
            self._log(what="post", connection_id=connection_id, error=repr(error))
        return True
