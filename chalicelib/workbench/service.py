"""The agent's side."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.agents.model import Agent, NoSuchAgent
from chalicelib.agents.presence import STATUS, Presence
from chalicelib.agents.store import AgentStore
from chalicelib.archive.model import Scheme
from chalicelib.archive.service import Archive
from chalicelib.connections.store import ConnectionStore
from chalicelib.connections.terms import not_too_old, welcome_terms
from chalicelib.delivery.room import Room
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.answering import OfferAnswers
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.refusals import Forbidden
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.values import AgentId, CategoryId, ClientId, SessionId
from chalicelib.left_messages.answering import Answering
from chalicelib.protocol.commands import CatchUp, Hello
from chalicelib.protocol.events import CaughtUp, Pong, Welcome
from chalicelib.protocol.rest import NewFiling, NewHold, NewMarks, NewMessage, NewRoutingStatus, SessionChange
from chalicelib.protocol.values import By, Filing, Hold, Mark, Session as SessionRead, SystemLine
from chalicelib.queues.store import QueueStore
from chalicelib.session_list.service import SessionList
from chalicelib.session_list.watching import Watching
from chalicelib.sessions.access import Access
from chalicelib.sessions.entries import Draft, Entry, Party
from chalicelib.sessions.left import given_back
from chalicelib.sessions.model import NotActive, Session
from chalicelib.sessions.reading import for_staff
from chalicelib.sessions.service import Sessions
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.telling import Telling
from chalicelib.sources.store import SourceStore
from chalicelib.units.service import Units

MOST_TAGS = 20


@dataclass(frozen=True)
class Ground:
    """What a workbench stands on."""

    access: Access
    answering: OfferAnswers
    ids: Ids
    agents: AgentStore
    archive: Archive
    connections: ConnectionStore
    delivery: Delivery
    dispatch: Dispatch
    left: Answering
    lists: SessionList
    watching: Watching
    presence: Presence
    queues: QueueStore
    sources: SourceStore
    sessions: Sessions
    store: SessionStore
    telling: Telling
    units: Units
    clock: Clock
    machine_clock: Clock


class Workbench:
    def __init__(self, ground: Ground) -> None:
        self._on = ground

    # the socket

    def hello(self, caller: Caller, command: Hello) -> Welcome:
        not_too_old(command.version)
        on, connection = self._on, caller.socket
        for extra in on.connections.open(connection, on.machine_clock()):
            on.delivery.close(extra.id)
        agent = on.presence.here(AgentId(caller.id))
        on.connections.watch(on.units.watches(caller, "agent.read"), [STATUS], connection, on.machine_clock())
        on.dispatch.ring_for(agent)
        may, room = on.access.may(caller, "session.read"), Room()
        return Welcome(
            **welcome_terms(connection, on.clock()),
            client_id=_client(command.client_id),
            sessions=room.some(
                for_staff(r) for r in on.lists.in_order(on.lists.held(on.agents.get(agent.id)))
            ),
            caught_up=on.sessions.caught_up(command.catch_up, "agent", may, room),
            routing_status=agent.routing_status,
        )

    def ping(self, caller: Caller, client_id: str | None, *, visible: bool) -> Pong:
        """Renews connection and lease. The heads of what is held; the lists' digests for a screen that is seen."""
        on, connection = self._on, caller.socket
        now = on.machine_clock()
        if not on.connections.renew(connection, now):
            on.connections.open(connection, now)
        agent = on.presence.here(AgentId(caller.id))
        held = on.lists.held(agent)
        for read in held:
            if read.session.offer and read.session.offer.deadline <= on.clock():
                on.answering.look_quietly(read.session.id)
        return Pong(
            client_id=_client(client_id),
            heads={r.session.id: (r.head, r.staff_head) for r in held},
            lists=on.lists.digests(agent, held) if visible else {},
        )

    def gone(self, caller: Caller) -> None:
        try:
            self._on.watching.gone(caller, caller.socket)
        except NoSuchAgent:
            return
        self._on.presence.left(AgentId(caller.id))

    # in a session

    def say(self, caller: Caller, session_id: SessionId, new: NewMessage, *, staff: bool) -> Entry:
        draft = Draft.of(party(caller), new, staff=staff)
        may = self._on.access.may(caller, "session.note" if staff else "session.reply")
        entry, _ = self._on.sessions.say(session_id, draft, may, caller.connection)
        return entry

    def recall(
        self, caller: Caller, session_id: SessionId, seq: int, client_id: ClientId | None = None
    ) -> Entry:
        may = self._on.access.may(caller, "session.reply")
        return self._on.sessions.recall(session_id, seq, party(caller), may, client_id, caller.connection)

    def take(self, caller: Caller, session_id: SessionId) -> SessionRead:
        """From the queue onto the caller's own desk. Having it already is no error: the first answer may have been lost."""
        may = self._on.access.may(caller, "session.take")

        def may_take(session: Session) -> None:
            if session.owner_id != caller.id:
                may(session)

        session = self._on.sessions.get(session_id, may_take).session
        if session.state == "left_message":
            self._on.left.take(self._on.agents.get(AgentId(caller.id)), session_id)
            return self._read(session_id)
        self._on.dispatch.take(self._on.agents.get(AgentId(caller.id)), session)
        return self._read(session_id)

    def hold(self, caller: Caller, session_id: SessionId, new: NewHold) -> SessionRead:
        """Aside, with a reason and until when; the slot is free for another meanwhile."""
        on, now = self._on, self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            latest = now + timedelta(seconds=on.queues.get(read.session.queue_id).hold_limit_s)
            until = min(new.until, latest) if new.until else latest
            if until <= now:
                raise Invalid("A hold ends later than now.", errors=(("until", "is in the past"),))
            hold = Hold(reason=new.reason.strip(), until=until)
            return read.session.held(hold, now), SystemLine(code="held")

        moved = on.sessions.move(session_id, party(caller), on.access.may(caller, "session.hold"), decide)
        on.dispatch.freed(moved.after)
        return self._read(session_id)

    def resume(self, caller: Caller, session_id: SessionId) -> SessionRead:
        on, now = self._on, self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if read.session.state not in ("on_hold", "active"):
                raise NotActive("This conversation is not on hold.")
            return read.session.resumed(now), SystemLine(code="resumed")

        on.sessions.move(session_id, party(caller), on.access.may(caller, "session.hold"), decide)
        return self._read(session_id)

    def requeue(self, caller: Caller, session_id: SessionId) -> SessionRead:
        """Back to the queue with the time it had; somebody else goes on."""
        on, now = self._on, self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if read.session.state == "left_message":
                return given_back(read.session, now), SystemLine(code="requeued")
            return read.session.requeued(AgentId(caller.id), now), SystemLine(code="requeued")

        own = on.access.may(caller, "session.requeue")

        def may(session: Session) -> None:
            if not (session.unserved and caller.id in session.tried):
                own(session)

        moved = on.sessions.move(session_id, party(caller), may, decide)
        on.telling.changed_for(moved.before.agent, moved.after)
        on.dispatch.ring(moved.after.queue_id, newly=moved.after)
        on.dispatch.freed(moved.before)
        return for_staff(on.store.tail(session_id))

    def edit(self, caller: Caller, session_id: SessionId, change: SessionChange, version: int) -> SessionRead:
        """Other tags, attributes, priority or category; a legal hold, by whoever may search what others served."""
        on, now = self._on, self._on.clock()
        facts = change.model_dump(exclude_none=True)
        if "tags" in facts:
            facts["tags"] = tuple(dict.fromkeys(facts["tags"]))

        def decide(read: Read) -> tuple[Session, SystemLine]:
            if "legal_hold" in facts and not on.units.reach(caller, "session.edit").others_too:
                raise Forbidden("A legal hold is set by a supervisor or an admin.")
            if "category_id" in facts:
                on.sources.category(CategoryId(facts["category_id"]))
            if read.session.version != version:
                raise StaleVersion("Somebody changed this since you read it. Read it again.")
            what = ", ".join(sorted(facts))
            return read.session.edited(now, **facts), SystemLine(code="edited", about={"what": what})

        may = on.access.may(caller, "session.edit")
        on.sessions.move(session_id, party(caller), may, decide, staff=True)
        return self._read(session_id)

    def tag(self, caller: Caller, session_id: SessionId, tags: tuple[str, ...]) -> SessionRead:
        """With these tags too, whatever else is changed meanwhile."""

        def facts(session: Session) -> dict[str, object]:
            return {"tags": tuple(dict.fromkeys([*session.tags, *tags]))[:MOST_TAGS]}

        return self._edited(caller, session_id, facts)

    def put_first(self, caller: Caller, session_id: SessionId, priority: int) -> SessionRead:
        """With this priority, whatever else is changed meanwhile."""
        return self._edited(caller, session_id, lambda _: {"priority": priority})

    def _edited(
        self, caller: Caller, session_id: SessionId, facts: Callable[[Session], dict[str, object]]
    ) -> SessionRead:
        now = self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            new = facts(read.session)
            line = SystemLine(code="edited", about={"what": ", ".join(new)})
            return read.session.edited(now, **new), line

        may = self._on.access.may(caller, "session.edit")
        self._on.sessions.move(session_id, party(caller), may, decide, staff=True)
        return self._read(session_id)

    def ask_rating(self, caller: Caller, session_id: SessionId) -> SessionRead:
        """Invites the customer, once."""
        on, now = self._on, self._on.clock()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return read.session.invited_to_rate(now), SystemLine(code="rating_asked")

        may = on.access.may(caller, "session.reply")
        moved = on.sessions.move(session_id, party(caller), may, decide, staff=True)
        if moved.happened:
            on.telling.ask_rating(moved.after)
        return self._read(session_id)

    def extend_wrap_up(self, caller: Caller, session_id: SessionId) -> SessionRead:
        self._on.archive.extend(caller, session_id, self._on.access.may(caller, "session.dispose"))
        return self._read(session_id)

    def file(self, caller: Caller, session_id: SessionId, filing: NewFiling) -> SessionRead:
        may = self._on.access.may(caller, "session.dispose")
        self._on.archive.file(caller, session_id, filing, may)
        return self._read(session_id)

    def mark(self, caller: Caller, session_id: SessionId, marks: NewMarks) -> Mark:
        may = self._on.access.may(caller, "session.reply")
        return self._on.sessions.mark(session_id, party(caller), marks, may, caller.connection)

    def typing(self, caller: Caller, session_id: SessionId, *, on: bool) -> None:
        may = self._on.access.may(caller, "session.reply")
        self._on.sessions.typing(session_id, party(caller), may, on=on)

    # reading

    def get(self, caller: Caller, session_id: SessionId) -> SessionRead:
        return for_staff(self._on.sessions.get(session_id, self._on.access.may(caller, "session.read")))

    def scheme_of(self, caller: Caller, session_id: SessionId) -> tuple[Scheme, str | None]:
        """The scheme to file by, and the option that is likely."""
        read = self._on.sessions.get(session_id, self._on.access.may(caller, "session.read"))
        scheme = self._on.archive.scheme_of(read.session)
        return scheme, self._on.archive.suggested(read.session, scheme)

    def dispositions(self, caller: Caller, session_id: SessionId) -> list[Filing]:
        """Every revision of what was filed, the latest first; what was filed by itself is one, too."""
        session = self._on.sessions.get(session_id, self._on.access.may(caller, "session.read")).session
        lines = (e.system for e in self._on.store.after(session_id, (0, 0), 1_000, staff=True))
        filed = [f for line in lines if line and (f := line.about.get("filing"))]
        found = [Filing.model_validate_json(f) for f in reversed(filed)]
        by_itself = session.disposition and session.disposition.filed_by is None
        return [session.disposition, *found] if session.disposition and by_itself else found

    def catch_up(self, caller: Caller, asked: CatchUp) -> CaughtUp:
        found = self.after(caller, SessionId(asked.session_id), (asked.after, 0), asked.limit, staff=True)
        return found.model_copy(update={"client_id": asked.client_id})

    def after(
        self, caller: Caller, session_id: SessionId, after: tuple[int, int], limit: int, *, staff: bool
    ) -> CaughtUp:
        may = self._on.access.may(caller, "session.read")
        return self._on.sessions.after(session_id, after, limit, "agent", may, staff=staff)

    def before(
        self, caller: Caller, session_id: SessionId, before: tuple[int, int], limit: int, *, staff: bool
    ) -> CaughtUp:
        may = self._on.access.may(caller, "session.read")
        return self._on.sessions.before(session_id, before, limit, "agent", may, staff=staff)

    # status

    def set_status(self, caller: Caller, agent_id: AgentId, new: NewRoutingStatus) -> Agent:
        """One's own, or another's with a wider scope. Accepting looks for work at once."""
        of = self._on.agents.get(agent_id)
        reach = self._on.units.reach(caller, "agent.status")
        if not reach.covers(owner_id=of.id, unit_id=of.unit_id):
            raise NoSuchAgent("There is no such agent.")
        by = By(role="agent", id=caller.id, name=caller.name)
        agent = self._on.presence.set_status(
            agent_id, new.status, new.reason, by, new.reason or "asked", new.next
        )
        if agent.routing_status == "accepting":
            self._on.dispatch.ring_for(agent)
        return agent

    def _read(self, session_id: SessionId) -> SessionRead:
        return for_staff(self._on.store.tail(session_id))


def party(caller: Caller) -> Party:
    return Party("agent", caller.id, caller.name)


def _client(client_id: str | None) -> ClientId | None:
    return ClientId(client_id) if client_id else None
