"""The agent's routes and commands in a session, and their routing status."""

from chalicelib.agents.breaks import TooManyOnBreak
from chalicelib.agents.model import TooManyOnHold
from chalicelib.agents.presence import StatusContended
from chalicelib.archive.api import read as read_scheme
from chalicelib.archive.filing import FieldsDoNotFit, NoteRequired, UnknownOption
from chalicelib.archive.model import NoScheme, SchemeRetired
from chalicelib.dispatch.service import DeskFull
from chalicelib.gateway.answers import accepted, done, stands
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.gateway.socket import Commands
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import AgentId, ClientId, SessionId
from chalicelib.protocol.commands import (
    CatchUp,
    FileDisposition,
    Hello,
    HoldSession,
    MoveMark,
    Ping,
    RecallMessage,
    RequeueSession,
    ResumeSession,
    SendMessage,
    SetRoutingStatus,
    TakeSession,
    Typing,
)
from chalicelib.protocol.events import Accepted, CaughtUp, Pong, Welcome
from chalicelib.protocol.rest import (
    NewFiling,
    NewHold,
    NewMarks,
    NewMessage,
    NewRoutingStatus,
    Nothing,
    Page,
    SessionChange,
    Stored,
)
from chalicelib.protocol.schemes import SchemeForSession
from chalicelib.protocol.values import Agent, Filing, Mark, Message, Segment, Session
from chalicelib.sessions.entries import Entry
from chalicelib.sessions.left import LeftByColleague, NotLeft
from chalicelib.sessions.model import NotActive, NotInWrapUp, NotQueued, NotRatable
from chalicelib.sessions.paging import MessagesQuery, StaffSeq, page_of
from chalicelib.sessions.recall import seq_in
from chalicelib.sessions.service import RECALLING, SAYING, Busy
from chalicelib.sources.model import UnknownCategory
from chalicelib.workbench.service import Workbench

_ONE = "/v1/sessions/{session_id}"


class StaffMessagesQuery(MessagesQuery):
    """`staff` interleaves notes; `after_staff` reads on among those that stand on `after`, `before_staff` up on `before`."""

    after_staff: StaffSeq = 0
    before_staff: StaffSeq = 0
    staff: bool = False


def routes(workbench: Workbench, clock: Clock, machine_clock: Clock) -> Routes:
    on = Routes()

    @on.get(_ONE, allow="session.read", answers=Session)
    def get_session(caller: Caller, session_id: str) -> Session:
        return workbench.get(caller, SessionId(session_id))

    @on.get(
        _ONE + "/messages",
        allow="session.read",
        query=StaffMessagesQuery,
        answers=Page[Message],
        refuses=(BadCursor,),
    )
    def messages(caller: Caller, session_id: str, query: StaffMessagesQuery) -> Page[Message]:
        of = SessionId(session_id)
        return page_of(
            query,
            after=lambda place: workbench.after(caller, of, place, query.limit, staff=query.staff),
            before=lambda place: workbench.before(caller, of, place, query.limit, staff=query.staff),
            after_staff=query.after_staff,
            before_staff=query.before_staff,
        )

    @on.get(_ONE + "/segments", allow="session.read", answers=Page[Segment])
    def segments(caller: Caller, session_id: str) -> Page[Segment]:
        return Page(items=workbench.get(caller, SessionId(session_id)).segments)

    @on.get(
        _ONE + "/scheme", allow="session.read", answers=SchemeForSession, refuses=(NoScheme, SchemeRetired)
    )
    def scheme_of_session(caller: Caller, session_id: str) -> SchemeForSession:
        scheme, suggested = workbench.scheme_of(caller, SessionId(session_id))
        return SchemeForSession(**dict(read_scheme(scheme)), suggested=suggested)

    @on.get(_ONE + "/dispositions", allow="session.read", answers=Page[Filing])
    def dispositions(caller: Caller, session_id: str) -> Page[Filing]:
        """Every revision of what was filed, the latest first."""
        return Page(items=workbench.dispositions(caller, SessionId(session_id)))

    @on.post(
        _ONE + "/messages", allow="session.reply", body=NewMessage, answers=Stored, status=201, refuses=SAYING
    )
    def reply(caller: Caller, session_id: str, body: NewMessage) -> Stored:
        return stored(workbench.say(caller, SessionId(session_id), body, staff=False))

    @on.post(
        _ONE + "/notes", allow="session.note", body=NewMessage, answers=Stored, status=201, refuses=SAYING
    )
    def note(caller: Caller, session_id: str, body: NewMessage) -> Stored:
        return stored(workbench.say(caller, SessionId(session_id), body, staff=True))

    @on.post(
        _ONE + "/messages/{seq}/recall",
        allow="session.reply",
        body=Nothing,
        answers=Stored,
        refuses=RECALLING,
    )
    def recall(caller: Caller, session_id: str, seq: str, body: Nothing) -> Stored:
        return stored(workbench.recall(caller, SessionId(session_id), seq_in(seq)))

    @on.post(_ONE + "/marks", allow="session.reply", body=NewMarks, answers=Mark, refuses=(Busy,))
    def mark(caller: Caller, session_id: str, body: NewMarks) -> Mark:
        return workbench.mark(caller, SessionId(session_id), body)

    @on.patch(
        _ONE,
        allow="session.edit",
        body=SessionChange,
        answers=Session,
        refuses=(Busy, StaleVersion, UnknownCategory),
    )
    def edit(caller: Caller, session_id: str, body: SessionChange, version: int) -> Session:
        return workbench.edit(caller, SessionId(session_id), body, version)

    @on.post(
        _ONE + "/take",
        allow="session.take",
        body=Nothing,
        answers=Session,
        refuses=(Busy, NotQueued, DeskFull, LeftByColleague, NotLeft),
    )
    def take(caller: Caller, session_id: str, body: Nothing) -> Session:
        return workbench.take(caller, SessionId(session_id))

    @on.post(
        _ONE + "/disposition",
        allow="session.dispose",
        body=NewFiling,
        answers=Session,
        refuses=(Busy, NotInWrapUp, NoScheme, SchemeRetired, UnknownOption, NoteRequired, FieldsDoNotFit),
    )
    def file(caller: Caller, session_id: str, body: NewFiling) -> Session:
        return workbench.file(caller, SessionId(session_id), body)

    @on.post(
        _ONE + "/hold",
        allow="session.hold",
        body=NewHold,
        answers=Session,
        refuses=(Busy, NotActive, TooManyOnHold),
    )
    def hold(caller: Caller, session_id: str, body: NewHold) -> Session:
        return workbench.hold(caller, SessionId(session_id), body)

    @on.post(_ONE + "/resume", allow="session.hold", body=Nothing, answers=Session, refuses=(Busy, NotActive))
    def resume(caller: Caller, session_id: str, body: Nothing) -> Session:
        return workbench.resume(caller, SessionId(session_id))

    @on.post(
        _ONE + "/requeue", allow="session.requeue", body=Nothing, answers=Session, refuses=(Busy, NotActive)
    )
    def requeue(caller: Caller, session_id: str, body: Nothing) -> Session:
        return workbench.requeue(caller, SessionId(session_id))

    @on.post(
        _ONE + "/ask-rating",
        allow="session.reply",
        body=Nothing,
        answers=Session,
        refuses=(Busy, NotRatable),
    )
    def ask_rating(caller: Caller, session_id: str, body: Nothing) -> Session:
        return workbench.ask_rating(caller, SessionId(session_id))

    @on.post(
        _ONE + "/extend-wrap-up",
        allow="session.dispose",
        body=Nothing,
        answers=Session,
        refuses=(Busy, NotInWrapUp),
    )
    def extend_wrap_up(caller: Caller, session_id: str, body: Nothing) -> Session:
        return workbench.extend_wrap_up(caller, SessionId(session_id))

    @on.put(
        "/v1/agents/{agent_id}/routing-status",
        allow="agent.status",
        body=NewRoutingStatus,
        answers=Agent,
        refuses=(TooManyOnBreak, StatusContended),
    )
    def set_routing_status(caller: Caller, agent_id: str, body: NewRoutingStatus) -> Agent:
        return workbench.set_status(caller, AgentId(agent_id), body).read(machine_clock(), clock())

    return on


def commands(on: Commands, workbench: Workbench) -> None:
    @on.on(Hello, "agent")
    def hello(caller: Caller, command: Hello) -> Welcome:
        return workbench.hello(caller, command)

    @on.on(Ping, "agent")
    def ping(caller: Caller, command: Ping) -> Pong:
        return workbench.ping(caller, command.client_id, visible=command.visible)

    @on.on(CatchUp, "agent", allow="session.read")
    def catch_up(caller: Caller, command: CatchUp) -> CaughtUp:
        return workbench.catch_up(caller, command)

    @on.on(SendMessage, "agent", allow="session.reply")
    def send_message(caller: Caller, command: SendMessage) -> Accepted:
        staff = command.visibility == "staff"
        entry = workbench.say(caller, SessionId(command.session_id), command, staff=staff)
        return stands(command.client_id, entry)

    @on.on(RecallMessage, "agent", allow="session.reply")
    def recall_message(caller: Caller, command: RecallMessage) -> Accepted:
        client_id = ClientId(command.client_id)
        return stands(
            command.client_id, workbench.recall(caller, SessionId(command.session_id), command.seq, client_id)
        )

    @on.on(MoveMark, "agent", allow="session.reply")
    def mark(caller: Caller, command: MoveMark) -> Accepted | None:
        workbench.mark(caller, SessionId(command.session_id), command)
        return done(command.client_id, command.session_id)

    @on.on(Typing, "agent", allow="session.reply")
    def typing(caller: Caller, command: Typing) -> Accepted | None:
        workbench.typing(caller, SessionId(command.session_id), on=command.on)
        return done(command.client_id, command.session_id)

    @on.on(TakeSession, "agent", allow="session.take")
    def take_session(caller: Caller, command: TakeSession) -> Accepted:
        return accepted(command.client_id, workbench.take(caller, SessionId(command.session_id)))

    @on.on(FileDisposition, "agent", allow="session.dispose")
    def file_disposition(caller: Caller, command: FileDisposition) -> Accepted:
        return accepted(command.client_id, workbench.file(caller, SessionId(command.session_id), command))

    @on.on(HoldSession, "agent", allow="session.hold")
    def hold_session(caller: Caller, command: HoldSession) -> Accepted:
        return accepted(command.client_id, workbench.hold(caller, SessionId(command.session_id), command))

    @on.on(ResumeSession, "agent", allow="session.hold")
    def resume_session(caller: Caller, command: ResumeSession) -> Accepted:
        return accepted(command.client_id, workbench.resume(caller, SessionId(command.session_id)))

    @on.on(RequeueSession, "agent", allow="session.requeue")
    def requeue_session(caller: Caller, command: RequeueSession) -> Accepted:
        return accepted(command.client_id, workbench.requeue(caller, SessionId(command.session_id)))

    @on.on(SetRoutingStatus, "agent", allow="agent.status")
    def set_routing_status(caller: Caller, command: SetRoutingStatus) -> Accepted:
        agent = workbench.set_status(caller, AgentId(caller.id), command)
        return Accepted(client_id=ClientId(command.client_id), status=agent.routing_status)


def stored(entry: Entry) -> Stored:
    return Stored(
        seq=entry.seq, message_id=entry.message_id, sent_at=entry.sent_at, staff_seq=entry.staff_seq
    )
