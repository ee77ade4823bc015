"""Filing a session: in wrap-up that closes it and frees the slot, in the same transaction."""

from collections.abc import Sequence

from chalicelib.agents.store import slot_freed
from chalicelib.archive.model import NoScheme, Scheme
from chalicelib.archive.store import SchemeStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.table import Write
from chalicelib.kit.values import AgentId, SchemeId, SessionId
from chalicelib.protocol.rest import NewFiling
from chalicelib.protocol.values import AgentBrief, SystemLine
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import Party
from chalicelib.sessions.model import Session
from chalicelib.sessions.service import May, Sessions
from chalicelib.sources.model import worded


class Archive:
    def __init__(self, schemes: SchemeStore, queues: QueueStore, sessions: Sessions, clock: Clock) -> None:
        self._schemes = schemes
        self._queues = queues
        self._sessions = sessions
        self._now = clock

    def schemes(self) -> list[Scheme]:
        return self._schemes.all()

    def scheme_of(self, session: Session) -> Scheme:
        """The published scheme that the session's queue files by."""
        scheme_id = self._queues.get(session.queue_id).scheme_id
        scheme = self._schemes.find(SchemeId(scheme_id)) if scheme_id else None
        if scheme is None or scheme.status != "published":
            raise NoScheme("The queue of this conversation has no published scheme to file by.")
        return scheme

    def file(self, caller: Caller, session_id: SessionId, chosen: NewFiling, may: May) -> Session:
        by = AgentBrief(id=AgentId(caller.id), name=caller.name)
        now = self._now()
        held: list[Session] = []

        def decide(session: Session) -> tuple[Session, SystemLine | None]:
            held[:] = [session]
            filing = self.scheme_of(session).filing(chosen, by, now)
            return session.filed(filing, now), SystemLine(
                code="filed", about={"label": worded(filing.label, "en")}
            )

        def also(after: Session) -> Sequence[Write]:
            frees = after.agent is not None and held[0].state == "wrap_up"
            return [slot_freed(after.agent.id, after.id)] if frees and after.agent else []

        return self._sessions.move(
            session_id, Party("agent", caller.id, caller.name), may, decide, also, staff=True
        )
