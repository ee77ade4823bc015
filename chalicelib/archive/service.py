"""Wrap-up: ending a session, and filing it, which closes it and frees the slot in the same transaction."""

from collections.abc import Sequence

from chalicelib.agents.store import slot_freed
from chalicelib.archive.model import NoScheme, Scheme
from chalicelib.archive.store import SchemeStore
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Write
from chalicelib.kit.values import AgentId, SchemeId, SessionId
from chalicelib.protocol.rest import NewFiling
from chalicelib.protocol.values import AgentBrief, SystemLine
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import Party
from chalicelib.sessions.model import Session
from chalicelib.sessions.service import May, Sessions
from chalicelib.sessions.telling import Telling
from chalicelib.sources.model import worded


class Archive:
    def __init__(
        self,
        schemes: SchemeStore,
        queues: QueueStore,
        sessions: Sessions,
        dispatch: Dispatch,
        telling: Telling,
        clock: Clock,
    ) -> None:
        self._schemes = schemes
        self._queues = queues
        self._sessions = sessions
        self._dispatch = dispatch
        self._telling = telling
        self._now = clock

    def schemes(self, limit: int, cursor: str | None) -> Slice[Scheme]:
        return self._schemes.page(limit, cursor)

    def scheme_of(self, session: Session) -> Scheme:
        """The published scheme that the session's queue files by."""
        scheme_id = self._queues.get(session.queue_id).scheme_id
        scheme = self._schemes.find(SchemeId(scheme_id)) if scheme_id else None
        if scheme is None or scheme.status != "published":
            raise NoScheme("The queue of this conversation has no published scheme to file by.")
        return scheme

    def end(self, session_id: SessionId, by: Party, may: May, *, reason: str) -> None:
        """Whoever ends it: the agent's wrap-up starts, or the slot is free, or those behind move up."""
        moved = self._sessions.end(session_id, by, may, reason=reason)
        session = moved.after
        if not moved.happened:
            return
        if session.state == "wrap_up":
            self._telling.wrap_up(session, self._scheme_id(session))
        elif session.agent:
            self._dispatch.freed(session)
        else:
            self._dispatch.tell_positions(session.queue_id)

    def _scheme_id(self, session: Session) -> str | None:
        try:
            return self.scheme_of(session).id
        except NoScheme:
            return None

    def file(self, caller: Caller, session_id: SessionId, chosen: NewFiling, may: May) -> None:
        by = AgentBrief(id=AgentId(caller.id), name=caller.name)
        now = self._now()

        def decide(session: Session) -> tuple[Session, SystemLine]:
            filing = self.scheme_of(session).filing(chosen, by, now)
            return session.filed(filing, now), SystemLine(
                code="filed", about={"label": worded(filing.label, "en")}
            )

        def also(before: Session, after: Session) -> Sequence[Write]:
            frees = after.agent and before.state == "wrap_up"
            return [slot_freed(after.agent.id, after.id)] if frees and after.agent else []

        party = Party("agent", caller.id, caller.name)
        moved = self._sessions.move(session_id, party, may, decide, also, staff=True)
        if moved.happened and moved.before.state == "wrap_up":
            self._dispatch.freed(moved.after)
