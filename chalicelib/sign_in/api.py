"""Signing in and out, oneself, and tickets for a socket."""

from chalicelib.agents.model import Agent
from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.clock import Clock
from chalicelib.kit.values import AgentId
from chalicelib.permissions.model import PERMISSIONS, scopes
from chalicelib.protocol.agents import AcceptInvitation
from chalicelib.protocol.rest import (
    Granted,
    Me,
    Nothing,
    Refresh,
    SignedIn,
    SignIn as SignInBody,
    SocketTicket,
)
from chalicelib.sign_in.service import (
    AccessEnded,
    InvitationInvalid,
    Pass,
    RefreshTokenInvalid,
    SignIn,
    WrongCredentials,
)


def permissions_of(caller: Caller) -> list[Granted]:
    return [Granted(permission=p, scope=s) for p in PERMISSIONS for s in sorted(scopes(caller.role_ids, p))]


def routes(
    sign_in: SignIn, agents: AgentStore, socket_url: str, clock: Clock, machine_clock: Clock
) -> Routes:
    on = Routes()

    def signed_in(agent: Agent, given: Pass) -> SignedIn:
        return SignedIn(
            token=given.access.text,
            expires_at=given.access.expires_at,
            refresh_token=given.refresh_token,
            agent=agent.read(machine_clock(), clock()),
        )

    @on.post(
        "/v1/sign-in",
        allow="public",
        body=SignInBody,
        answers=SignedIn,
        refuses=(WrongCredentials,),
        limits={"sign_in_address": "address", "sign_in": "email"},
    )
    def sign_in_by_password(_: Caller, body: SignInBody) -> SignedIn:
        return signed_in(*sign_in.agent(body.email, body.password))

    @on.post(
        "/v1/sign-in/refresh",
        allow="public",
        body=Refresh,
        answers=SignedIn,
        refuses=(RefreshTokenInvalid, AccessEnded),
    )
    def refresh(_: Caller, body: Refresh) -> SignedIn:
        return signed_in(*sign_in.refresh_agent(body.refresh_token))

    @on.post(
        "/v1/sign-in/accept-invitation",
        allow="public",
        body=AcceptInvitation,
        answers=SignedIn,
        refuses=(InvitationInvalid, WrongCredentials),
    )
    def accept_invitation(_: Caller, body: AcceptInvitation) -> SignedIn:
        return signed_in(*sign_in.accept_invitation(body.token, body.password))

    @on.post("/v1/sign-out", allow="agent", body=Refresh, answers=None, refuses=(RefreshTokenInvalid,))
    def sign_out(caller: Caller, body: Refresh) -> None:
        sign_in.sign_out(caller, body.refresh_token)

    @on.get("/v1/me", allow="agent", answers=Me)
    def me(caller: Caller) -> Me:
        return Me(
            agent=agents.get(AgentId(caller.id)).read(machine_clock(), clock()),
            permissions=permissions_of(caller),
        )

    @on.post("/v1/socket-tickets", allow="anyone_signed_in", body=Nothing, answers=SocketTicket, status=201)
    def socket_ticket(caller: Caller, body: Nothing) -> SocketTicket:
        ticket = sign_in.ticket(caller)
        url = socket_url.replace("{host}", caller.host)
        return SocketTicket(ticket=ticket.text, url=url, expires_at=ticket.expires_at)

    return on
