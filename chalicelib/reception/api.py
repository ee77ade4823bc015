"""The customer's routes and commands."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.customers.model import CustomerBlocked, NoSuchSource
from chalicelib.gateway.answers import accepted, done, stands
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.refusals import Forbidden
from chalicelib.gateway.rest import Routes
from chalicelib.gateway.socket import Commands
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import ClientId, CustomerId, SessionId, Value
from chalicelib.left_messages.leaving import ContactRequired
from chalicelib.protocol.commands import (
    CatchUp,
    EndSession,
    Hello,
    LeaveQueue,
    MoveMark,
    Ping,
    RateSession,
    RecallMessage,
    SendMessage,
    StartSession,
    StillHere,
    Typing,
)
from chalicelib.protocol.events import Accepted, CaughtUp, Pong, Welcome
from chalicelib.protocol.left_messages import LeavingQueue
from chalicelib.protocol.rest import (
    CustomerTokens,
    NewCustomer,
    NewMarks,
    NewMessage,
    NewRating,
    NewSession,
    Nothing,
    Page,
    Refresh,
    Stored,
    WidgetConfig,
)
from chalicelib.protocol.values import CustomerSession, Mark, Message
from chalicelib.reception.looking_back import Past
from chalicelib.reception.service import Reception
from chalicelib.reception.signing_in import COMING_IN
from chalicelib.reception.starting import SourceGone
from chalicelib.sessions.forms import AnswerDoesNotFit
from chalicelib.sessions.model import AlreadyRated, NotQueued, NotRatable, SessionEnded
from chalicelib.sessions.paging import MessagesQuery, page_of
from chalicelib.sessions.recall import seq_in
from chalicelib.sessions.service import RECALLING, SAYING, Busy
from chalicelib.sign_in.service import RefreshTokenInvalid
from chalicelib.sources.model import OriginNotAllowed, UnknownCategory

_ONE = "/v1/widget/sessions/{session_id}"


class ConfigQuery(Value):
    source_key: Annotated[str, Field(min_length=1, max_length=80)]
    lang: Annotated[str, Field(max_length=20)] = "en"

    @property
    def language(self) -> Literal["en", "zh-CN"]:
        return "zh-CN" if self.lang.lower().startswith("zh") else "en"


class HistoryQuery(Value):
    cursor: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=10)] = 3


def routes(reception: Reception) -> Routes:
    on = Routes()

    @on.get(
        "/v1/widget/config",
        allow="public",
        query=ConfigQuery,
        answers=WidgetConfig,
        refuses=(NoSuchSource, OriginNotAllowed),
    )
    def widget_config(caller: Caller, query: ConfigQuery) -> WidgetConfig:
        return reception.config(query.source_key, query.language, caller.page)

    @on.post(
        "/v1/widget/customers",
        allow="public",
        body=NewCustomer,
        answers=CustomerTokens,
        status=201,
        refuses=(*COMING_IN, OriginNotAllowed),
        limits={"customers": "address"},
    )
    def come_in(caller: Caller, body: NewCustomer) -> CustomerTokens:
        customer, given = reception.sign_in(body, caller.page)
        return CustomerTokens(
            customer_id=CustomerId(customer.id),
            token=given.access.text,
            refresh_token=given.refresh_token,
            expires_at=given.access.expires_at,
        )

    @on.post(
        "/v1/widget/sign-out", allow="customer", body=Refresh, answers=None, refuses=(RefreshTokenInvalid,)
    )
    def widget_sign_out(caller: Caller, body: Refresh) -> None:
        reception.sign_out(caller, body.refresh_token)

    @on.post(
        "/v1/widget/sessions",
        allow="customer",
        body=NewSession,
        answers=CustomerSession,
        status=201,
        refuses=(SourceGone, CustomerBlocked, UnknownCategory, AnswerDoesNotFit, *SAYING),
    )
    def start(caller: Caller, body: NewSession) -> CustomerSession:
        return reception.start(caller, body).session

    @on.get("/v1/widget/sessions/current", allow="customer", answers=CustomerSession)
    def current(caller: Caller) -> CustomerSession:
        return reception.current(caller)

    @on.get(
        _ONE + "/messages", allow="customer", query=MessagesQuery, answers=Page[Message], refuses=(BadCursor,)
    )
    def widget_messages(caller: Caller, session_id: str, query: MessagesQuery) -> Page[Message]:
        of = SessionId(session_id)
        return page_of(
            query,
            after=lambda place: reception.polled_after(caller, of, place[0], query.limit),
            before=lambda place: reception.before(caller, of, place[0], query.limit),
        )

    @on.post(
        _ONE + "/messages", allow="customer", body=NewMessage, answers=Stored, status=201, refuses=SAYING
    )
    def say(caller: Caller, session_id: str, body: NewMessage) -> Stored:
        entry = reception.say(caller, SessionId(session_id), body)
        return Stored(seq=entry.seq, message_id=entry.message_id, sent_at=entry.sent_at)

    @on.post(
        _ONE + "/messages/{seq}/recall", allow="customer", body=Nothing, answers=Stored, refuses=RECALLING
    )
    def widget_recall(caller: Caller, session_id: str, seq: str, body: Nothing) -> Stored:
        entry = reception.recall(caller, SessionId(session_id), seq_in(seq))
        return Stored(seq=entry.seq, message_id=entry.message_id, sent_at=entry.sent_at)

    @on.post(_ONE + "/marks", allow="customer", body=NewMarks, answers=Mark, refuses=(Busy,))
    def widget_mark(caller: Caller, session_id: str, body: NewMarks) -> Mark:
        return reception.mark(caller, SessionId(session_id), body)

    @on.post(
        _ONE + "/still-here",
        allow="customer",
        body=Nothing,
        answers=CustomerSession,
        refuses=(Busy, SessionEnded),
    )
    def widget_still_here(caller: Caller, session_id: str, body: Nothing) -> CustomerSession:
        return reception.still_here(caller, SessionId(session_id))

    @on.post(
        _ONE + "/rating",
        allow="customer",
        body=NewRating,
        answers=CustomerSession,
        refuses=(Busy, AlreadyRated, NotRatable),
    )
    def widget_rate(caller: Caller, session_id: str, body: NewRating) -> CustomerSession:
        return reception.rate(caller, SessionId(session_id), body)

    @on.post(_ONE + "/end", allow="customer", body=Nothing, answers=CustomerSession, refuses=(Busy,))
    def widget_end(caller: Caller, session_id: str, body: Nothing) -> CustomerSession:
        return reception.end(caller, SessionId(session_id))

    @on.post(
        _ONE + "/leave-queue",
        allow="customer",
        body=LeavingQueue,
        answers=CustomerSession,
        refuses=(Busy, NotQueued, ContactRequired),
    )
    def leave_queue(caller: Caller, session_id: str, body: LeavingQueue) -> CustomerSession:
        return reception.leave_queue(caller, SessionId(session_id), body)

    @on.get(
        "/v1/widget/history", allow="customer", query=HistoryQuery, answers=Page[Past], refuses=(BadCursor,)
    )
    def widget_history(caller: Caller, query: HistoryQuery) -> Page[Past]:
        found = reception.history(caller, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    return on


def commands(on: Commands, reception: Reception) -> None:
    @on.on(Hello, "customer")
    def hello(caller: Caller, command: Hello) -> Welcome:
        return reception.hello(caller, command)

    @on.on(Ping, "customer")
    def ping(caller: Caller, command: Ping) -> Pong:
        return reception.ping(caller, command.client_id)

    @on.on(CatchUp, "customer")
    def catch_up(caller: Caller, command: CatchUp) -> CaughtUp:
        return reception.catch_up(caller, command)

    @on.on(StartSession, "customer")
    def start_session(caller: Caller, command: StartSession) -> Accepted:
        started = reception.start(caller, command)
        return accepted(command.client_id, started.session, started.first)

    @on.on(SendMessage, "customer")
    def send_message(caller: Caller, command: SendMessage) -> Accepted:
        if command.visibility == "staff":
            raise Forbidden("Only staff leave notes.")
        entry = reception.say(caller, SessionId(command.session_id), command)
        return stands(command.client_id, entry)

    @on.on(RecallMessage, "customer")
    def recall_message(caller: Caller, command: RecallMessage) -> Accepted:
        client_id = ClientId(command.client_id)
        return stands(
            command.client_id, reception.recall(caller, SessionId(command.session_id), command.seq, client_id)
        )

    @on.on(MoveMark, "customer")
    def mark(caller: Caller, command: MoveMark) -> Accepted | None:
        reception.mark(caller, SessionId(command.session_id), command)
        return done(command.client_id, command.session_id)

    @on.on(Typing, "customer")
    def typing(caller: Caller, command: Typing) -> Accepted | None:
        reception.typing(caller, SessionId(command.session_id), on=command.on)
        return done(command.client_id, command.session_id)

    @on.on(EndSession, "customer")
    def end_session(caller: Caller, command: EndSession) -> Accepted:
        return accepted(command.client_id, reception.end(caller, SessionId(command.session_id)))

    @on.on(StillHere, "customer")
    def still_here(caller: Caller, command: StillHere) -> Accepted:
        return accepted(command.client_id, reception.still_here(caller, SessionId(command.session_id)))

    @on.on(RateSession, "customer")
    def rate_session(caller: Caller, command: RateSession) -> Accepted:
        return accepted(command.client_id, reception.rate(caller, SessionId(command.session_id), command))

    @on.on(LeaveQueue, "customer")
    def leave(caller: Caller, command: LeaveQueue) -> Accepted:
        left = reception.leave_queue(caller, SessionId(command.session_id), command)
        return accepted(command.client_id, left)
