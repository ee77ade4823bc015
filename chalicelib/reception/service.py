"""The customer's side. Every session is loaded through its customer: another's does not exist."""

from dataclasses import dataclass

from chalicelib.archive.service import Archive
from chalicelib.connections.model import Connection
from chalicelib.connections.store import ConnectionStore
from chalicelib.connections.terms import not_too_old, welcome_terms
from chalicelib.customers.model import NoSuchSource
from chalicelib.customers.store import CustomerStore
from chalicelib.delivery.room import Room
from chalicelib.delivery.service import Delivery
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.ids import Ids, derived
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import ClientId, CustomerId, SessionId, SourceId
from chalicelib.left_messages.leaving import Leaving
from chalicelib.protocol.commands import CatchUp, Hello, LeaveQueue
from chalicelib.protocol.events import CaughtUp, Pong, Welcome
from chalicelib.protocol.left_messages import LeavingQueue
from chalicelib.protocol.rest import (
    CategoryChoice,
    NewCustomer,
    NewMarks,
    NewMessage,
    NewRating,
    NewSession,
    WidgetConfig,
)
from chalicelib.protocol.values import CustomerSession, Mark, Rating, SystemLine
from chalicelib.reception.joining import Joining
from chalicelib.reception.looking_back import Past
from chalicelib.reception.opening import Openings
from chalicelib.reception.openness import Openness
from chalicelib.reception.signing_in import SigningIn
from chalicelib.reception.starting import Starting
from chalicelib.sessions.entries import Draft, Entry, Party
from chalicelib.sessions.model import NoSuchSession, NotQueued, Session
from chalicelib.sessions.reading import for_customer
from chalicelib.sessions.service import ATTEMPTS, Busy, May, Sessions
from chalicelib.sessions.store import Read, SessionStore
from chalicelib.sessions.telling import Telling
from chalicelib.shifts.reading import Looking
from chalicelib.sign_in.service import Pass, SignIn
from chalicelib.sources.model import Language, OriginNotAllowed, Source, offered, route, way_of, worded
from chalicelib.sources.store import SourceStore

PAST_MESSAGES = 50


@dataclass(frozen=True)
class Started:
    """The session a customer is in now, and where what they said first stands."""

    session: CustomerSession
    first: Entry | None


class Reception:
    def __init__(
        self,
        *,
        archive: Archive,
        signing_in: SigningIn,
        starting: Starting,
        leaving: Leaving,
        sources: SourceStore,
        customers: CustomerStore,
        sessions: Sessions,
        store: SessionStore,
        dispatch: Dispatch,
        joining: Joining,
        openness: Openness,
        connections: ConnectionStore,
        delivery: Delivery,
        telling: Telling,
        sign_in: SignIn,
        looking: Looking,
        ids: Ids,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._archive = archive
        self._signing_in = signing_in
        self._starting = starting
        self._leaving = leaving
        self._sources = sources
        self._customers = customers
        self._sessions = sessions
        self._store = store
        self._dispatch = dispatch
        self._joining = joining
        self._openness = openness
        self._connections = connections
        self._delivery = delivery
        self._telling = telling
        self._sign_in = sign_in
        self._looking = looking
        self._ids = ids
        self._now = clock
        self._machine_now = machine_clock

    # coming in

    def config(self, source_key: str, language: Language, page: str | None = None) -> WidgetConfig:
        """What the panel needs before anybody is known: one computed mode, texts and categories in one language."""
        source = self._door(source_key, page)
        language = source.speaks(language)
        categories = offered(source, self._sources.categories())
        by_id = {c.id: c for c in categories}
        openings = Openings(self._looking, self._now())
        found = openings.of(route(source, categories, None))
        served = found.open and self._openness.of(source.default_queue_id)
        return WidgetConfig(
            mode="open" if served else "queue" if found.open else "leave_message",
            opens_at=found.opens_at,
            lang=language,
            texts={
                "title": source.name,
                "greeting": worded(source.greeting, language),
                "consent": worded(source.consent, language),
            },
            theme=source.theme,
            categories=[
                CategoryChoice(
                    id=c.id,
                    label=worded(c.label, language),
                    parent_id=c.parent_id,
                    icon=c.icon,
                    greeting=worded(c.greeting, language),
                    fields=way_of(c, by_id, source).fields,
                    open=openings.of(way_of(c, by_id, source)).open,
                    opens_at=openings.of(way_of(c, by_id, source)).opens_at,
                )
                for c in categories
            ],
        )

    def _door(self, source_key: str, page: str | None) -> Source:
        """The source of a key, if `page`, another site's that asks, may. Raises NoSuchSource, OriginNotAllowed."""
        source = self._sources.by_key(source_key)
        if source is None:
            raise NoSuchSource("No source has this key. Check the embed line.")
        if page is not None and page not in source.allowed_origins:
            raise OriginNotAllowed(
                f"The pages of {page[:100]} may not use this source. Add them to its allowed origins."
            )
        return source

    def come_in(self, source_key: str, refresh_token: str | None) -> tuple[Caller, Pass]:
        """A customer's tokens: a new anonymous one's, or with a refresh token the same one's again."""
        return self.sign_in(NewCustomer(source_key=source_key, refresh_token=refresh_token))

    def sign_in(self, new: NewCustomer, page: str | None = None) -> tuple[Caller, Pass]:
        """A customer's tokens, however they come. `page`: another site's that asks."""
        self._door(new.source_key, page)
        return self._signing_in.come_in(new)

    def sign_out(self, caller: Caller, refresh_token: str) -> None:
        """Nothing of this customer opens from this browser any more."""
        self._sign_in.sign_out(caller, refresh_token)

    def hello(self, caller: Caller, command: Hello) -> Welcome:
        not_too_old(command.version)
        connection = _socket(caller)
        for extra in self._connections.open(connection, self._machine_now()):
            self._delivery.close(extra.id)
        live = self._live(caller)
        if live is not None:
            self._store.arrived(live.session.id, connection, self._machine_now())
            if live.session.unserved:
                self._delivery.answer(connection.id, self._dispatch.position(live.session))
        room = Room()
        return Welcome(
            **welcome_terms(connection, self._now()),
            client_id=_client(command.client_id),
            sessions=room.some([for_customer(live)] if live else []),
            caught_up=self._sessions.caught_up(command.catch_up, "customer", self._own(caller), room),
        )

    def ping(self, caller: Caller, client_id: str | None) -> Pong:
        connection = _socket(caller)
        now = self._machine_now()
        if not self._connections.renew(connection, now):
            self._connections.open(connection, now)
        live = self._live(caller)
        if live is not None:
            self._store.arrived(live.session.id, connection, now)
        return Pong(
            client_id=_client(client_id),
            heads={live.session.id: (live.head, 0)} if live else {},
        )

    def gone(self, caller: Caller) -> None:
        """Their last socket went while they wait: from now on the grace runs."""
        live = self._live(caller)
        if live is None:
            return
        self._store.left(live.session.id, _socket(caller).id)
        if live.session.unserved and not self._delivery.connections_of(caller.person):
            self._store.left_queue_at(live.session, self._now())

    # talking

    def start(self, caller: Caller, new: NewSession) -> Started:
        """A session, or the live one there is: what was said is said in it. The same `client_id` gives the same one.

        Within the reopening window what has just ended goes on.
        """
        session_id = SessionId(derived(caller.id, new.client_id))
        draft = None
        if new.text is not None:
            draft = _draft(caller, NewMessage(client_id=new.client_id, text=new.text)).checked()
        if not self._exists(caller, session_id):
            session_id = self._begun(caller, session_id, new, draft)
        first = None
        if draft is not None:
            first = self._say(caller, session_id, draft)
        return Started(for_customer(self._store.tail(session_id)), first)

    def _begun(
        self, caller: Caller, session_id: SessionId, new: NewSession, draft: Draft | None
    ) -> SessionId:
        for _ in range(ATTEMPTS):
            if live := self._live(caller):
                return live.session.id
            reopened = self._starting.again(caller, new, draft, self._own(caller))
            if reopened:
                return reopened
            if self._starting.anew(caller, session_id, new, draft) or self._exists(caller, session_id):
                return session_id
        raise Busy("Too much happened at the same moment. Try again.", retry_after_s=1)

    def say(self, caller: Caller, session_id: SessionId, new: NewMessage) -> Entry:
        return self._say(caller, session_id, _draft(caller, new))

    def _say(self, caller: Caller, session_id: SessionId, draft: Draft) -> Entry:
        first_words: list[bool] = []

        def may(session: Session) -> None:
            self._own(caller)(session)
            first_words[:] = [session.queued_at is None]

        entry, session = self._sessions.say(session_id, draft, may, caller.connection)
        if first_words == [True] and session.waits_in_queue:
            self._joining.joined(session)
        return entry

    def recall(
        self, caller: Caller, session_id: SessionId, seq: int, client_id: ClientId | None = None
    ) -> Entry:
        by, own = _party(caller), self._own(caller)
        return self._sessions.recall(session_id, seq, by, own, client_id, caller.connection)

    def end(self, caller: Caller, session_id: SessionId) -> CustomerSession:
        return self._end(caller, session_id, self._own(caller), "customer_ended")

    def leave_queue(
        self, caller: Caller, session_id: SessionId, how: LeavingQueue | LeaveQueue
    ) -> CustomerSession:
        """Leaves while waiting, perhaps a message; who is being served ends instead. Leaving twice is not an error."""
        own = self._own(caller)
        if how.choice == "leave_message":
            left = self._leaving.out_of_queue(caller, session_id, how.contact, own)
            self._dispatch.moved_up(self._store.tail(session_id).session.queue_id)
            return left

        def may(session: Session) -> None:
            own(session)
            if session.state not in ("queued", "offered") and not session.over:
                raise NotQueued("You are being served already. End the conversation instead.")

        return self._end(caller, session_id, may, "abandoned_in_queue")

    def _end(self, caller: Caller, session_id: SessionId, may: May, reason: str) -> CustomerSession:
        self._archive.end(session_id, _party(caller), may, reason=reason)
        return for_customer(self._store.tail(session_id))

    def still_here(self, caller: Caller, session_id: SessionId) -> CustomerSession:
        """One tap instead of a word: the silence is counted anew. For those without a socket it keeps their place, too."""
        now = self._now()

        def decide(read: Read) -> tuple[Session, SystemLine]:
            return read.session.still_here(now), SystemLine(code="still_here")

        self._sessions.move(session_id, _party(caller), self._own(caller), decide)
        return for_customer(self._polled(caller, self._store.tail(session_id)))

    def rate(self, caller: Caller, session_id: SessionId, new: NewRating) -> CustomerSession:
        now = self._now()
        rating = Rating(**new.model_dump(include=set(NewRating.model_fields)), rated_at=now)

        def decide(read: Read) -> tuple[Session, SystemLine]:
            line = SystemLine(code="rated", about={"score": str(new.score)})
            return read.session.rated(rating, now), line

        self._sessions.move(session_id, _party(caller), self._own(caller), decide, staff=True)
        return for_customer(self._store.tail(session_id))

    def _polled(self, caller: Caller, read: Read) -> Read:
        """One who waits and asks is here, with or without a socket."""
        if read.session.unserved:
            self._connections.polled(caller.person, self._machine_now())
        return read

    def mark(self, caller: Caller, session_id: SessionId, marks: NewMarks) -> Mark:
        return self._sessions.mark(session_id, _party(caller), marks, self._own(caller), caller.connection)

    def typing(self, caller: Caller, session_id: SessionId, *, on: bool) -> None:
        self._sessions.typing(session_id, _party(caller), self._own(caller), on=on)

    # looking

    def current(self, caller: Caller) -> CustomerSession:
        live = self._live(caller)
        if live is None:
            raise NoSuchSession("You have no conversation going on.")
        return for_customer(self._polled(caller, live))

    def catch_up(self, caller: Caller, asked: CatchUp) -> CaughtUp:
        found = self.after(caller, SessionId(asked.session_id), asked.after, asked.limit)
        return found.model_copy(update={"client_id": asked.client_id})

    def polled_after(self, caller: Caller, session_id: SessionId, after: int, limit: int) -> CaughtUp:
        """For those without a socket, whom asking keeps in their place."""
        self._connections.polled(caller.person, self._machine_now())
        return self.after(caller, session_id, after, limit)

    def after(self, caller: Caller, session_id: SessionId, after: int, limit: int) -> CaughtUp:
        return self._sessions.after(session_id, (after, 0), limit, "customer", self._own(caller))

    def before(self, caller: Caller, session_id: SessionId, before: int, limit: int) -> CaughtUp:
        return self._sessions.before(session_id, (before, 0), limit, "customer", self._own(caller))

    def history(self, caller: Caller, limit: int, cursor: str | None) -> Slice[Past]:
        """The customer's sessions, newest first, each with its newest messages: the endless scroll."""
        page = self._store.of_customer(CustomerId(caller.id), limit, cursor)
        return Slice([self._past(caller, session_id) for session_id in page.items], page.next_cursor)

    def _past(self, caller: Caller, session_id: SessionId) -> Past:
        read = self._store.tail(session_id, consistent=False)
        newest = self._sessions.before(
            session_id, (read.head + 1, 0), PAST_MESSAGES, "customer", self._own(caller)
        )
        return Past(session=for_customer(read), messages=newest.messages, more=newest.more)

    def _live(self, caller: Caller) -> Read | None:
        session_id = self._customers.live_session(CustomerId(caller.id), SourceId(caller.source_id or ""))
        if session_id is None:
            return None
        try:
            read = self._sessions.get(session_id, self._own(caller))
        except NoSuchSession:
            return None
        return None if read.session.over else read

    def _own(self, caller: Caller) -> May:
        def may(session: Session) -> None:
            if session.customer_id != caller.id:
                raise NoSuchSession("There is no such conversation.")

        return may

    def _exists(self, caller: Caller, session_id: SessionId) -> bool:
        try:
            self._sessions.get(session_id, self._own(caller))
        except NoSuchSession:
            return False
        return True


def _party(caller: Caller) -> Party:
    return Party("customer", caller.id, caller.name)


def _draft(caller: Caller, new: NewMessage) -> Draft:
    return Draft.of(_party(caller), new)


def _client(client_id: str | None) -> ClientId | None:
    return ClientId(client_id) if client_id else None


def _socket(caller: Caller) -> Connection:
    if caller.connection is None:
        raise ValueError("only a socket says this")
    return caller.connection
