"""What supervisors do with others' sessions, what sets one aside, and one act on many."""

from chalicelib.dispatch.service import DeskFull
from chalicelib.gateway.answers import accepted
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.gateway.socket import Commands
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import CustomerId, SessionId
from chalicelib.protocol.acts import (
    Block,
    BulkActs,
    BulkResults,
    NewAssignment,
    NewBlock,
    NewWhisper,
)
from chalicelib.protocol.commands import EndSession
from chalicelib.protocol.events import Accepted
from chalicelib.protocol.rest import Nothing, Page, PageQuery, Stored
from chalicelib.protocol.revealing import NewReveal, Revealed, RevealNoted
from chalicelib.protocol.values import Session
from chalicelib.sessions.model import NotActive, SessionEnded
from chalicelib.sessions.service import SAYING, Busy
from chalicelib.sessions.supervising import NothingSaidYet
from chalicelib.workbench.api import stored
from chalicelib.workbench.bulk import Bulk
from chalicelib.workbench.revealing import NothingToReveal, Revealing
from chalicelib.workbench.setting_aside import SettingAside
from chalicelib.workbench.supervising import AgentUnavailable, Supervising, UnknownAgent

_ONE = "/v1/sessions/{session_id}"
_CUSTOMER = "/v1/customers/{customer_id}"
_HANDING = (Busy, DeskFull, SessionEnded, NothingSaidYet)


def routes(supervising: Supervising, aside: SettingAside, bulk: Bulk, revealing: Revealing) -> Routes:
    on = Routes()

    @on.post(
        _ONE + "/assign",
        allow="session.assign",
        body=NewAssignment,
        answers=Session,
        refuses=(*_HANDING, AgentUnavailable, UnknownAgent),
    )
    def assign(caller: Caller, session_id: str, body: NewAssignment) -> Session:
        return supervising.assign(caller, SessionId(session_id), body)

    @on.post(_ONE + "/take-over", allow="session.take_over", body=Nothing, answers=Session, refuses=_HANDING)
    def take_over(caller: Caller, session_id: str, body: Nothing) -> Session:
        return supervising.take_over(caller, SessionId(session_id))

    @on.post(
        _ONE + "/whisper",
        allow="session.whisper",
        body=NewWhisper,
        answers=Stored,
        status=201,
        refuses=(NotActive, *SAYING),
    )
    def whisper(caller: Caller, session_id: str, body: NewWhisper) -> Stored:
        return stored(supervising.whisper(caller, SessionId(session_id), body))

    @on.post(_ONE + "/end", allow="session.end", body=Nothing, answers=Session, refuses=(Busy,))
    def end(caller: Caller, session_id: str, body: Nothing) -> Session:
        return supervising.end(caller, SessionId(session_id), {})

    @on.post(_ONE + "/spam", allow="session.spam", body=Nothing, answers=Session, refuses=(Busy,))
    def spam(caller: Caller, session_id: str, body: Nothing) -> Session:
        return aside.spam(caller, SessionId(session_id))

    @on.post(_ONE + "/test", allow="session.spam", body=Nothing, answers=Session, refuses=(Busy,))
    def test(caller: Caller, session_id: str, body: Nothing) -> Session:
        return aside.test(caller, SessionId(session_id))

    @on.post(_ONE + "/block", allow="session.block", body=NewBlock, answers=Session, refuses=(Busy,))
    def block(caller: Caller, session_id: str, body: NewBlock) -> Session:
        return aside.block(caller, SessionId(session_id), body)

    @on.post("/v1/sessions/bulk", allow="session.read", body=BulkActs, answers=BulkResults)
    def bulk_acts(caller: Caller, body: BulkActs) -> BulkResults:
        return BulkResults(items=bulk.run(caller, body))

    @on.post(
        _CUSTOMER + "/block",
        allow="customer.block",
        body=NewBlock,
        answers=Block,
        status=201,
        refuses=(Busy,),
    )
    def block_customer(caller: Caller, customer_id: str, body: NewBlock) -> Block:
        return aside.block_customer(caller, CustomerId(customer_id), body)

    @on.post(_CUSTOMER + "/unblock", allow="customer.block", body=Nothing, answers=None)
    def unblock_customer(caller: Caller, customer_id: str, body: Nothing) -> None:
        aside.unblock(caller, CustomerId(customer_id))

    @on.get("/v1/blocks", allow="customer.block", query=PageQuery, answers=Page[Block], refuses=(BadCursor,))
    def blocks(caller: Caller, query: PageQuery) -> Page[Block]:
        found = aside.blocked(query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        _CUSTOMER + "/reveal",
        allow="customer.phone.view",
        body=NewReveal,
        answers=Revealed,
        refuses=(Busy, NothingToReveal),
    )
    def reveal(caller: Caller, customer_id: str, body: NewReveal) -> Revealed:
        return revealing.reveal(caller, CustomerId(customer_id), body.field)

    @on.get(
        _CUSTOMER + "/reveals",
        allow="customer.phone.view",
        query=PageQuery,
        answers=Page[RevealNoted],
        refuses=(BadCursor,),
    )
    def reveals(caller: Caller, customer_id: str, query: PageQuery) -> Page[RevealNoted]:
        found = revealing.noted(caller, CustomerId(customer_id), query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    return on


def commands(on: Commands, supervising: Supervising) -> None:
    @on.on(EndSession, "agent", allow="session.end")
    def end_session(caller: Caller, command: EndSession) -> Accepted:
        return accepted(command.client_id, supervising.end(caller, SessionId(command.session_id), {}))
