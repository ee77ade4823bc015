"""Calling out of a session, and how it went."""

from chalicelib.calls.model import (
    CallNotPlaced,
    CallOver,
    NotAPhoneNumber,
    NumberHidden,
    NumberUnknown,
    ProviderMissing,
    TooManyCalls,
)
from chalicelib.calls.service import Calls
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.values import SessionId
from chalicelib.protocol.calls import Call, CallChange, NewCall
from chalicelib.protocol.rest import Page
from chalicelib.sessions.service import Busy

_CALLS = "/v1/sessions/{session_id}/calls"


def routes(calls: Calls) -> Routes:
    on = Routes()

    @on.post(
        _CALLS,
        allow="session.call",
        body=NewCall,
        answers=Call,
        status=201,
        refuses=(
            Busy,
            CallNotPlaced,
            NotAPhoneNumber,
            NumberHidden,
            NumberUnknown,
            ProviderMissing,
            TooManyCalls,
        ),
    )
    def call_out(caller: Caller, session_id: str, body: NewCall) -> Call:
        return calls.call(caller, SessionId(session_id), body)

    @on.get(_CALLS, allow="session.read", answers=Page[Call])
    def list_calls(caller: Caller, session_id: str) -> Page[Call]:
        return Page(items=calls.of(caller, SessionId(session_id)))

    @on.patch(
        _CALLS + "/{call_id}",
        allow="session.call",
        body=CallChange,
        answers=Call,
        refuses=(Busy, CallOver, StaleVersion),
    )
    def change_call(caller: Caller, session_id: str, call_id: str, body: CallChange, version: int) -> Call:
        return calls.change(caller, SessionId(session_id), call_id, body, version)

    return on
