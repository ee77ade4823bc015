"""Offers and transfers: the routes and the commands."""

from typing import Literal

from chalicelib.dispatch.barriers import BARRIERS
from chalicelib.dispatch.service import DeskFull
from chalicelib.dispatch.simulating import UnknownPlace
from chalicelib.dispatch.transfers import UnknownTarget
from chalicelib.gateway.answers import accepted
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.gateway.socket import Commands
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import SessionId
from chalicelib.protocol.commands import AcceptOffer, DeclineOffer, TransferSession
from chalicelib.protocol.events import Accepted
from chalicelib.protocol.offers import (
    Declining,
    Offered,
    Simulated,
    Simulating,
    Transferring,
    TransferTarget,
)
from chalicelib.protocol.rest import Nothing, Page, PageQuery
from chalicelib.protocol.values import Session
from chalicelib.sessions.model import NotActive
from chalicelib.sessions.offers import OfferExpired, OfferGone, OfferPending
from chalicelib.sessions.service import Busy
from chalicelib.sessions.transfers import NotHandedOver, TooManyTransfers
from chalicelib.sources.model import UnknownCategory
from chalicelib.workbench.handing_on import HandingOn

_ONE = "/v1/sessions/{session_id}"


class TargetsQuery(PageQuery):
    kind: Literal["agent", "queue"] = "agent"


def routes(handing_on: HandingOn) -> Routes:
    on = Routes()

    @on.get(
        _ONE + "/offers",
        allow="session.read",
        query=PageQuery,
        answers=Page[Offered],
        refuses=(BadCursor,),
    )
    def offers(caller: Caller, session_id: str, query: PageQuery) -> Page[Offered]:
        found = handing_on.offered(caller, SessionId(session_id), query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        _ONE + "/accept",
        allow="session.take",
        body=Nothing,
        answers=Session,
        refuses=(Busy, OfferGone, OfferExpired),
    )
    def accept(caller: Caller, session_id: str, body: Nothing) -> Session:
        return handing_on.accept(caller, SessionId(session_id))

    @on.post(
        _ONE + "/decline", allow="session.take", body=Declining, answers=Session, refuses=(Busy, OfferGone)
    )
    def decline(caller: Caller, session_id: str, body: Declining) -> Session:
        return handing_on.decline(caller, SessionId(session_id), body.reason)

    @on.post(
        _ONE + "/transfer",
        allow="session.transfer",
        body=Transferring,
        answers=Session,
        refuses=(Busy, NotActive, OfferPending, TooManyTransfers, UnknownTarget, *BARRIERS),
    )
    def transfer(caller: Caller, session_id: str, body: Transferring) -> Session:
        return handing_on.transfer(caller, SessionId(session_id), body)

    @on.post(
        _ONE + "/transfer/cancel",
        allow="session.transfer",
        body=Nothing,
        answers=Session,
        refuses=(Busy, NotHandedOver, DeskFull),
    )
    def cancel_transfer(caller: Caller, session_id: str, body: Nothing) -> Session:
        return handing_on.cancel(caller, SessionId(session_id))

    @on.get(
        _ONE + "/transfer-targets",
        allow="session.transfer",
        query=TargetsQuery,
        answers=Page[TransferTarget],
        refuses=(BadCursor,),
    )
    def transfer_targets(caller: Caller, session_id: str, query: TargetsQuery) -> Page[TransferTarget]:
        found = handing_on.targets(caller, SessionId(session_id), query.kind, query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        "/v1/routing/simulate",
        allow="queue.simulate",
        body=Simulating,
        answers=Simulated,
        refuses=(UnknownPlace, UnknownCategory),
    )
    def simulate(caller: Caller, body: Simulating) -> Simulated:
        return handing_on.simulate(body)

    return on


def commands(on: Commands, handing_on: HandingOn) -> None:
    @on.on(AcceptOffer, "agent", allow="session.take")
    def accept_offer(caller: Caller, command: AcceptOffer) -> Accepted:
        return accepted(command.client_id, handing_on.accept(caller, SessionId(command.session_id)))

    @on.on(DeclineOffer, "agent", allow="session.take")
    def decline_offer(caller: Caller, command: DeclineOffer) -> Accepted:
        declined = handing_on.decline(caller, SessionId(command.session_id), command.reason)
        return accepted(command.client_id, declined)

    @on.on(TransferSession, "agent", allow="session.transfer")
    def transfer_session(caller: Caller, command: TransferSession) -> Accepted:
        return accepted(
            command.client_id, handing_on.transfer(caller, SessionId(command.session_id), command)
        )
