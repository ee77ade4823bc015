"""Wrap-up: ending a session, and filing it, which closes it and frees the slot in the same transaction."""

from datetime import UTC, datetime, timedelta

from chalicelib.archive.model import NoScheme, Scheme
from chalicelib.archive.store import SchemeStore
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import AgentId, SchemeId, SessionId
from chalicelib.protocol.events import WrapUpPassed, WrapUpStarted
from chalicelib.protocol.rest import NewFiling
from chalicelib.protocol.values import AgentBrief, SystemLine
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import SYSTEM, Party
from chalicelib.sessions.model import Session, ended_line
from chalicelib.sessions.service import May, Moved, Sessions, anyone, freed_for_another
from chalicelib.sessions.store import Read
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
        """Ends it for both sides; what was over already stays as it is."""

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return self.ending(read.session, by, reason)

        self.ended(self._sessions.move(session_id, by, may, decide, also=freed_for_another))

    def ending(self, session: Session, by: Party, reason: str) -> tuple[Session, SystemLine]:
        """The session as it would be: with an agent in wrap-up, until the limit of its queue."""
        now = self._now()
        limit = self._queues.get(session.queue_id).wrap_up.limit_s
        waited = session.state == "queued" and by.role == "customer"
        after = session.ended(by.role, now, reason=reason, files_until=now + timedelta(seconds=limit))
        return after, ended_line(by.role, by.name, reason=reason, waited=waited)

    def ended(self, moved: Moved) -> None:
        """What follows an end, whoever or whatever brought it about: wrap-up starts, or a slot is free, or others move up."""
        session = moved.after
        if not moved.happened:
            return
        if session.rating_open_until:
            self._telling.ask_rating(session)
        if session.state == "wrap_up":
            self._tell_wrap_up(session)
            if session.weights.of("wrap_up") < session.weights.of(moved.before.state):
                self._dispatch.freed(session)
        elif session.agent:
            self._dispatch.freed(session)
        else:
            self._dispatch.moved_up(session.queue_id)

    def _tell_wrap_up(self, session: Session) -> None:
        if session.wrap_up_until:
            event = WrapUpStarted(
                session_id=session.id, deadline=session.wrap_up_until, scheme=self._scheme_id(session)
            )
            self._telling.to_agent(session, event)

    def extend(self, caller: Caller, session_id: SessionId, may: May) -> None:
        """A little more time, once."""
        now = self._now()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            extension = self._queues.get(read.session.queue_id).wrap_up.extension_s
            until = (read.session.wrap_up_until or now) + timedelta(seconds=extension)
            return read.session.extended(until, now), SystemLine(code="wrap_up_extended")

        party = Party("agent", caller.id, caller.name)
        self._tell_wrap_up(self._sessions.move(session_id, party, may, decide, staff=True).after)

    def pass_wrap_up(self, session_id: SessionId) -> bool:
        """The time is over: the slot is free, and the session can still be filed. Filed just now: nothing is done."""
        return self._close_unfiled(session_id, self._now())

    def drop_wrap_up(self, session_id: SessionId) -> None:
        """Nobody shall file it any more: the slot is free at once."""
        self._close_unfiled(session_id, datetime.max.replace(tzinfo=UTC))

    def _close_unfiled(self, session_id: SessionId, due_by: datetime) -> bool:
        now = self._now()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            until = read.session.wrap_up_until
            due = until is not None and until <= due_by
            return read.session.passed(now) if due else read.session, SystemLine(code="wrap_up_passed")

        moved = self._sessions.move(session_id, SYSTEM, anyone, decide, staff=True)
        if moved.happened:
            passed = WrapUpPassed(
                session_id=session_id,
                deadline=moved.before.wrap_up_until or now,
                scheme=self._scheme_id(moved.after),
            )
            self._telling.to_agent(moved.after, passed)
            self._dispatch.freed(moved.after)
        return moved.happened

    def _scheme_id(self, session: Session) -> str | None:
        try:
            return self.scheme_of(session).id
        except NoScheme:
            return None

    def file(self, caller: Caller, session_id: SessionId, chosen: NewFiling, may: May) -> None:
        by = AgentBrief(id=AgentId(caller.id), name=caller.name)
        now = self._now()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            filing = self.scheme_of(read.session).filing(chosen, by, now)
            return read.session.filed(filing, now), SystemLine(
                code="filed",
                about={"label": worded(filing.label, "en"), "label_zh": worded(filing.label, "zh-CN")},
            )

        party = Party("agent", caller.id, caller.name)
        moved = self._sessions.move(session_id, party, may, decide, staff=True)
        if moved.happened and moved.before.state == "wrap_up":
            self._dispatch.freed(moved.after)
