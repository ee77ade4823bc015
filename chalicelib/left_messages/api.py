"""Leaving a message, and answering one."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.values import SessionId
from chalicelib.left_messages.answering import NoEmailLeft, NoPhoneLeft
from chalicelib.left_messages.leaving import LEAVING, NotKnownHere
from chalicelib.left_messages.service import LeftMessages
from chalicelib.mail.model import MailNotSetUp
from chalicelib.protocol.left_messages import NewAnswer, NewLeftMessage
from chalicelib.protocol.values import CustomerSession, Session
from chalicelib.sessions.left import NotLeft
from chalicelib.sessions.service import SAYING
from chalicelib.sources.model import UnknownCategory


def routes(left_messages: LeftMessages) -> Routes:
    on = Routes()

    @on.post(
        "/v1/widget/left-messages",
        allow="customer",
        body=NewLeftMessage,
        answers=CustomerSession,
        status=201,
        refuses=(*LEAVING, NotKnownHere, UnknownCategory, *SAYING),
        limits={"sessions": "customer"},
    )
    def leave_message(caller: Caller, body: NewLeftMessage) -> CustomerSession:
        return left_messages.leave(caller, body)

    @on.post(
        "/v1/sessions/{session_id}/answer",
        allow="session.reply",
        body=NewAnswer,
        answers=Session,
        refuses=(NotLeft, NoEmailLeft, NoPhoneLeft, MailNotSetUp, *SAYING),
    )
    def answer_left_message(caller: Caller, session_id: str, body: NewAnswer) -> Session:
        return left_messages.answer(caller, SessionId(session_id), body)

    return on
