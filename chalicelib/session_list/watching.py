"""News of lists, queues, the live board and single sessions, to the sockets that asked for it. Ids and versions only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chalicelib.agents.store import AgentStore
from chalicelib.connections.model import WATCH_LEASE, Connection
from chalicelib.connections.store import ConnectionStore
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.refusals import Forbidden
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import Invalid
from chalicelib.kit.values import AgentId, QueueId, SessionId
from chalicelib.permissions.model import scopes
from chalicelib.protocol.commands import Unwatch, Watch
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.access import Access
from chalicelib.sessions.store import SessionStore
from chalicelib.sessions.telling import watch_of

Each = Callable[[Iterable[str], Iterable[str]], None]


@dataclass(frozen=True)
class Watching:
    connections: ConnectionStore
    agents: AgentStore
    queues: QueueStore
    store: SessionStore
    access: Access
    machine_clock: Clock

    def watch(self, caller: Caller, asked: Watch, connection: Connection) -> None:
        """From now on, for as long as the socket may live."""
        now = self.machine_clock()
        if asked.what == "session":
            session_id = self._session(caller, asked)
            self.connections.watch([watch_of(session_id)], ["session"], connection, now)
            self.store.watched(session_id, now + WATCH_LEASE)
            return
        self._each(caller, asked, lambda names, kinds: self.connections.watch(names, kinds, connection, now))

    def unwatch(self, caller: Caller, asked: Unwatch, connection: Connection) -> None:
        if asked.what == "session":
            name = watch_of(SessionId(_named(asked.session_id, "session_id")))
            self.connections.forget_watcher([name], connection)
            return
        self._each(caller, asked, lambda names, kinds: self.connections.unwatch(names, kinds, connection))

    def gone(self, caller: Caller, connection: Connection) -> None:
        """The socket went. What else it watched forgets it when there is news."""
        own = self.agents.get(AgentId(caller.id)).queue_ids
        self.connections.forget_watcher(_lists(own), connection)

    def queues_of(self, caller: Caller, permission: str) -> list[QueueId]:
        """Those the caller belongs to, and those of their units."""
        return self.access.queues_of(caller, permission)

    def _each(self, caller: Caller, asked: Watch | Unwatch, do: Each) -> None:
        looks_after = self.access.looks_after(caller)
        match asked.what:
            case "list":
                own = self.agents.get(AgentId(caller.id)).queue_ids
                do(_lists(own), ["queue"])
                if looks_after:
                    do(_lists(self.queues_of(caller, "session.read")), ["team"])
            case "queue":
                seen = self.queues_of(caller, "queue.read")
                if asked.queue_id is not None:
                    seen = [QueueId(asked.queue_id)] if asked.queue_id in seen else []
                    if not seen:
                        raise Forbidden("There is no such queue, or it is not yours to watch.")
                do(_lists(seen), ["status"])
            case "live":
                if not scopes(caller.role_ids, "report.live"):
                    raise Forbidden("The live board is for supervisors.")
                do(_lists(self.queues_of(caller, "report.live")), ["live"])

    def _session(self, caller: Caller, asked: Watch) -> SessionId:
        """One that may be read wherever it goes: who may read it only while it waits would go on hearing of it."""
        session_id = SessionId(_named(asked.session_id, "session_id"))
        session = self.store.tail(session_id).session
        self.access.may(caller, "session.read")(session)
        if not self.access.looks_after(caller):
            raise Forbidden("Looking on at a conversation is for supervisors.")
        return session_id


def _lists(queue_ids: Iterable[QueueId]) -> list[str]:
    return [f"queue:{queue_id}" for queue_id in sorted(queue_ids)]


def _named(value: str | None, name: str) -> str:
    if value is None:
        raise Invalid("Say which one.", errors=((name, "is missing"),))
    return value
