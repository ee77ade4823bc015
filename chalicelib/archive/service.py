"""Wrap-up: ending a session, and filing it, which closes it and frees the slot in the same transaction."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from chalicelib.agents.store import AgentStore
from chalicelib.archive.filing import by_itself, filing, tags_of
from chalicelib.archive.model import NoScheme, Scheme, SchemeRetired
from chalicelib.archive.store import SchemeStore
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.log import Log
from chalicelib.kit.values import AgentId, CategoryId, SchemeId, SessionId
from chalicelib.protocol.events import WrapUpPassed, WrapUpStarted
from chalicelib.protocol.rest import NewFiling
from chalicelib.protocol.values import AgentBrief, Filing, SystemLine
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.entries import SYSTEM, Party
from chalicelib.sessions.model import Session, ended_line
from chalicelib.sessions.service import May, Moved, Sessions, anyone, freed_for_another
from chalicelib.sessions.store import Read
from chalicelib.sessions.telling import Telling
from chalicelib.settings.store import SettingsStore
from chalicelib.sources.model import upwards, worded
from chalicelib.sources.store import SourceStore


class Archive:
    def __init__(
        self,
        schemes: SchemeStore,
        queues: QueueStore,
        sessions: Sessions,
        dispatch: Dispatch,
        telling: Telling,
        sources: SourceStore,
        agents: AgentStore,
        settings: SettingsStore,
        log: Log,
        clock: Clock,
    ) -> None:
        self._schemes = schemes
        self._sources = sources
        self._agents = agents
        self._settings = settings
        self._log = log
        self._queues = queues
        self._sessions = sessions
        self._dispatch = dispatch
        self._telling = telling
        self._now = clock

    def scheme_of(self, session: Session) -> Scheme:
        """The published scheme to file by: of the session's category or the nearest above it that names one, else of its queue."""
        retired = False
        for scheme_id in self._named_for(session):
            scheme = self._schemes.find(SchemeId(scheme_id))
            if scheme is not None and scheme.status == "published":
                return scheme
            retired |= scheme is not None and scheme.status == "retired"
        if retired:
            raise SchemeRetired("The scheme of this conversation was retired. Ask an admin for another one.")
        raise NoScheme(
            "Neither the category nor the queue of this conversation has a published scheme to file by."
        )

    def _named_for(self, session: Session) -> Iterator[str]:
        if session.category_id:
            by_id = {c.id: c for c in self._sources.categories()}
            category = by_id.get(CategoryId(session.category_id))
            if category:
                yield from (c.scheme_id for c in upwards(category, by_id) if c.scheme_id)
        scheme_id = self._queues.get(session.queue_id).scheme_id
        if scheme_id:
            yield scheme_id

    def suggested(self, session: Session, scheme: Scheme) -> str | None:
        """What a talk of this category was filed as last."""
        option_id = self._schemes.last_filed(scheme.id, session.category_id)
        return option_id if option_id and scheme.leaf(option_id) else None

    def end(self, session_id: SessionId, by: Party, may: May, *, reason: str) -> None:
        """Ends it for both sides; what was over already stays as it is."""

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return self.ending(read.session, by, reason)

        self.ended(self._sessions.move(session_id, by, may, decide, also=freed_for_another))

    def ending(self, session: Session, by: Party, reason: str) -> tuple[Session, SystemLine]:
        """The session as it would be: with an agent in wrap-up, until the limit of its queue."""
        now = self._now()
        rule = self._queues.get(session.queue_id).wrap_up
        waited = session.state in ("queued", "offered") and by.role == "customer"
        filed = None
        if session.agent is None and session.first_reply_at is None:
            filed = by_itself("no_valid_talk", now)
        elif rule.policy == "automatic":
            filed = by_itself("automatic", now)
        after = session.ended(
            by.role, now, reason=reason, files_until=now + timedelta(seconds=rule.limit_s), filing=filed
        )
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
            self._quietly(lambda: self._keep_few_open(session))
            if session.weights.of("wrap_up") < session.weights.of(moved.before.state):
                self._dispatch.freed(session)
        elif session.agent:
            self._dispatch.freed(session)
        elif moved.before.waits_in_queue:
            self._dispatch.moved_up(session.queue_id, moved.before)
        if moved.before.offered_to:
            self._dispatch.freed_of(moved.before.offered_to)

    def _keep_few_open(self, session: Session) -> None:
        """Wrap-ups don't pile up: the oldest beyond what the settings say passes at once. Costs a Get, and more only for a full desk."""
        desk = self._agents.get(session.agent.id).slots if session.agent else frozenset()
        if len(desk) < 2:  # noqa: PLR2004  # the setting is 1 at least
            return
        most = self._settings.read().wrap_ups_at_once
        if len(desk) <= most:
            return
        lying = [self._sessions.get(SessionId(i), anyone).session for i in desk]
        open_ = sorted(
            (s for s in lying if s.state == "wrap_up" and s.agent == session.agent),
            key=lambda s: (s.ended_at or s.created_at, s.id),
        )
        for each in open_[:-most]:
            self.drop_wrap_up(each.id)

    def _quietly(self, act: Callable[[], None]) -> None:
        """What has ended has ended, whatever becomes of this; time makes it good."""
        try:
            act()
        except Exception as error:  # noqa: BLE001
            self._log(what="wrap_up", error=repr(error))

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
            owed = self._queues.get(read.session.queue_id).wrap_up.policy == "required"
            passed = read.session.passed(now, owed=owed)
            return passed if due else read.session, SystemLine(code="wrap_up_passed")

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
        except (NoScheme, SchemeRetired):
            return None

    def file(self, caller: Caller, session_id: SessionId, chosen: NewFiling, may: May) -> None:
        """While talking, in wrap-up or afterwards; the same once more changes nothing. With `end` it ends with that."""
        by = AgentBrief(id=AgentId(caller.id), name=caller.name)
        now = self._now()
        schemes: list[Scheme] = []

        def decide(read: Read) -> tuple[Session, SystemLine]:
            scheme = self.scheme_of(read.session)
            schemes[:] = [scheme]
            filed = filing(scheme, chosen, by, now)
            return read.session.filed(filed, now, tags_of(scheme, filed)), _filed_line(filed)

        party = Party("agent", caller.id, caller.name)
        moved = self._sessions.move(session_id, party, may, decide, staff=True)
        if moved.happened:
            self._remember(schemes[0], moved.after, chosen.option_id)
            if moved.before.state == "wrap_up":
                self._dispatch.freed(moved.after)
        if chosen.end:
            self.end(session_id, party, may, reason="agent_ended")

    def _remember(self, scheme: Scheme, session: Session, option_id: str) -> None:
        """Only a suggestion: what was filed stands, whatever becomes of this."""
        try:
            self._schemes.remember(scheme.id, session.category_id, option_id)
        except Exception as error:  # noqa: BLE001
            self._log(what="suggestion", session_id=session.id, error=repr(error))


def _filed_line(filed: Filing) -> SystemLine:
    """The log keeps every revision whole."""
    return SystemLine(
        code="filed",
        about={
            "label": worded(filed.label, "en"),
            "label_zh": worded(filed.label, "zh-CN"),
            "filing": filed.model_dump_json(exclude_none=True),
        },
    )
