"""Signing in, staying signed in, and getting a socket."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from chalicelib.agents.model import Agent, NoSuchAgent
from chalicelib.agents.presence import Presence
from chalicelib.agents.store import AgentStore
from chalicelib.connections.model import Person
from chalicelib.connections.store import ConnectionStore
from chalicelib.delivery.service import Delivery
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import NotSignedIn
from chalicelib.kit.ids import Ids, fingerprint
from chalicelib.kit.values import AgentId
from chalicelib.protocol.values import By
from chalicelib.sign_in.passwords import hashed, matches
from chalicelib.sign_in.store import SignInStore
from chalicelib.sign_in.tokens import Token, Tokens

NOBODY = "nobody"
INVITATION_LIFE = timedelta(days=7)
TICKET_LIFE = timedelta(seconds=30)
ENDED = "Your access has ended. Sign in again."


class WrongCredentials(NotSignedIn):
    """The address or the password is wrong; which of them is not told."""


class RefreshTokenInvalid(NotSignedIn):
    """Unknown, expired, or used before: then its whole family has ended."""


class AccessEnded(NotSignedIn):
    """The token was good, and what it stood for is no more: signed out, disabled, or rights revoked."""


class InvitationInvalid(NotSignedIn):
    """Unknown, used, expired, or of somebody who may not sign in."""


class TicketInvalid(NotSignedIn):
    """Unknown, expired or used."""


@dataclass(frozen=True)
class Pass:
    """An access token, and the refresh token that gets the next pair."""

    access: Token
    refresh_token: str


@dataclass(frozen=True)
class Ticket:
    text: str
    expires_at: datetime


class SignIn:
    def __init__(
        self,
        store: SignInStore,
        agents: AgentStore,
        presence: Presence,
        delivery: Delivery,
        connections: ConnectionStore,
        tokens: Tokens,
        ids: Ids,
        machine_clock: Clock,
    ) -> None:
        self._store = store
        self._agents = agents
        self._presence = presence
        self._delivery = delivery
        self._connections = connections
        self._tokens = tokens
        self._ids = ids
        self._now = machine_clock

    def invite(self, agent_id: AgentId) -> tuple[str, datetime]:
        """The secret of a link that sets a password once, and until when it is good. An earlier one is not any more."""
        secret, until = self._ids.secret(), self._now() + INVITATION_LIFE
        self._store.invite(agent_id, fingerprint(secret), until)
        return f"{agent_id}.{secret}", until

    def accept_invitation(self, token: str, password: str) -> tuple[Agent, Pass]:
        """Sets the password, and signs in by it; what was begun by an earlier one ends."""
        agent_id, _, secret = token.partition(".")
        marked = fingerprint(secret)
        if not agent_id or not self._store.invited(agent_id, marked, self._now()):
            raise InvitationInvalid("This invitation is unknown, used or expired. Ask for a new one.")
        try:
            agent = self._agents.get(AgentId(agent_id))
        except NoSuchAgent as error:
            raise InvitationInvalid("This invitation is good no more.") from error
        if not agent.enabled or not self._store.accept(agent_id, marked, hashed(password), self._ids.new()):
            raise InvitationInvalid("This invitation is used, or good no more. Ask for a new one.")
        self.end_all(Person("agent", agent_id))
        return self.agent(agent.email, password)

    def set_password(self, agent_id: AgentId, password: str) -> None:
        self._store.set_password(agent_id, hashed(password))

    def agent(self, email: str, password: str) -> tuple[Agent, Pass]:
        """Signs an agent in, who accepts work from now on. Unknown, disabled and wrong look and take the same."""
        agent = self._agents.by_email(email.strip().lower())
        stored = self._store.password(agent.id if agent else NOBODY)
        if not matches(password, stored) or agent is None or not agent.enabled:
            raise WrongCredentials("The e-mail address or the password is wrong.")
        caller = caller_of(agent)
        if agent.routing_status == "offline":
            agent = self._presence.set_status(
                agent.id, "accepting", None, by_oneself(caller), "signed in on duty"
            )
        return agent, self.begin(caller)

    def begin(self, caller: Caller) -> Pass:
        """A new family of tokens for somebody who has just proved who they are."""
        family, secret = self._ids.new(), self._ids.secret()
        facts = {"name": caller.name, "source_id": caller.source_id, "epoch": caller.epoch}
        self._store.begin_family(caller.person, family, fingerprint(secret), facts, self._now())
        access = self._tokens.of(replace(caller, family=family))
        return Pass(access, _refresh_token(caller.person, family, secret))

    def refresh_agent(self, refresh_token: str) -> tuple[Agent, Pass]:
        person, family, facts, turned = self._turn(refresh_token, "agent")
        agent = self._agent_of(person.id, facts["epoch"])
        access = self._tokens.of(replace(caller_of(agent), family=family))
        return agent, Pass(access, turned)

    def refresh_customer(self, refresh_token: str, source_id: str) -> tuple[Caller, Pass]:
        """The same customer again, if the token is of this very source."""
        person, family, facts, turned = self._turn(refresh_token, "customer", source_id)
        caller = Caller("customer", person.id, str(facts["name"]), source_id=source_id, family=family)
        return _become(caller, facts), Pass(self._tokens.of(caller), turned)

    def customer_of(self, refresh_token: str, source_id: str) -> str:
        """Whose refresh token this is, if it is the one due; it is not spent."""
        person, family, secret = _parts(refresh_token)
        facts = self._store.family(person, family, self._now())
        if facts is None or person.kind != "customer" or facts["source_id"] != source_id:
            raise RefreshTokenInvalid(ENDED)
        if not self._store.is_due(person, family, fingerprint(secret)):
            raise RefreshTokenInvalid(ENDED)
        return str(facts.get("now") or person.id)

    def end_sign_in(self, refresh_token: str) -> None:
        """Of whoever brings the token of it."""
        person, family, _ = _parts(refresh_token)
        self._end_family(person, family)

    def sign_out(self, caller: Caller, refresh_token: str) -> None:
        """Ends this family of one's own, and with it its access tokens and sockets; an agent stops accepting work, unless they
        work in another browser still.
        """
        person, family, _ = _parts(refresh_token)
        if person != caller.signed_in:
            raise RefreshTokenInvalid("This is not your own refresh token.")
        self._end_family(person, family, caller.person)
        if person.kind == "agent" and not self._works_elsewhere(person, family):
            self._presence.set_status(AgentId(person.id), "offline", None, by_oneself(caller), "signed out")

    def _works_elsewhere(self, person: Person, family: str) -> bool:
        """In another browser, by another sign-in."""
        return any(c.family not in (None, family) for c in self._delivery.connections_of(person))

    def _end_family(self, person: Person, family: str, now_as: Person | None = None) -> None:
        """With the sockets that came of it. `now_as`: whom they were merged into since."""
        self._store.end_family(person, family)
        for connection in self._connections.let_in(now_as or person):
            if connection.family == family:
                self._delivery.close(connection.id)
                self._connections.forget(connection)

    def end_all(self, person: Person) -> None:
        """Ends everything somebody is signed in by, sockets too."""
        self._store.end_families(person)
        for connection in self._connections.let_in(person):
            self._delivery.close(connection.id)
            self._connections.forget(connection)

    def become(self, was: Person, now: str | None) -> None:
        """Whoever is signed in as the one is the other from now on, or themselves again; their sockets come back as such."""
        self._store.point_families(was, now)
        for connection in self._connections.let_in(was):
            self._delivery.close(connection.id)
            self._connections.forget(connection)

    def caller(self, bearer: str) -> Caller:
        """Who an access token stands for, while its family lives; an agent's, while enabled and of the same epoch too."""
        return self.still(self._tokens.read(bearer))

    def still(self, caller: Caller) -> Caller:
        """Somebody who was let in, as of now. Raises `AccessEnded` where what they came by is no more."""
        facts = self._store.family(caller.signed_in, caller.family, self._now()) if caller.family else {}
        if facts is None:
            raise AccessEnded(ENDED)
        return self._as_of_now(_become(caller, facts))

    def _as_of_now(self, caller: Caller) -> Caller:
        """With an agent's roles as they are by now, or their refusal. A customer has nothing that could have changed."""
        if caller.kind == "customer":
            return caller
        agent = self._agent_of(caller.id, caller.epoch)
        return replace(
            caller_of(agent),
            family=caller.family,
            host=caller.host,
            origin=caller.origin,
            connection=caller.connection,
        )

    def _agent_of(self, agent_id: str, epoch: object) -> Agent:
        try:
            agent = self._agents.get(AgentId(agent_id))
        except NoSuchAgent as error:
            raise AccessEnded(ENDED) from error
        if not agent.enabled or agent.epoch != epoch:
            raise AccessEnded(ENDED)
        return agent

    def ticket(self, caller: Caller) -> Ticket:
        """Opens one socket within thirty seconds."""
        secret, until = self._ids.secret(), self._now() + TICKET_LIFE
        facts = asdict(replace(caller, connection=None))
        self._store.put_ticket(fingerprint(secret), facts, until)
        return Ticket(secret, until)

    def redeem(self, ticket: str) -> Caller:
        facts = self._store.redeem_ticket(fingerprint(ticket), self._now())
        if facts is None:
            raise TicketInvalid("This socket ticket is unknown, used or expired. Ask for a new one.")
        try:
            return self.still(Caller(**{**facts, "role_ids": tuple(facts["role_ids"])}))
        except AccessEnded as error:
            raise TicketInvalid(ENDED) from error

    def _turn(
        self, refresh_token: str, kind: str, source_id: str | None = None
    ) -> tuple[Person, str, dict[str, object], str]:
        person, family, secret = _parts(refresh_token)
        facts = self._store.family(person, family, self._now())
        if facts is None or person.kind != kind or facts["source_id"] != source_id:
            raise RefreshTokenInvalid(ENDED)
        fresh = self._ids.secret()
        if not self._store.turn(person, family, fingerprint(secret), fingerprint(fresh), self._now()):
            self._end_family(person, family)
            raise RefreshTokenInvalid(
                "This token was used before, so all of its kin have ended. Sign in again."
            )
        return person, family, facts, _refresh_token(person, family, fresh)


def _become(caller: Caller, facts: Mapping[str, object]) -> Caller:
    """Who they are by now."""
    was, now = caller.came_as or caller.id, facts.get("now")
    if now is None:
        return replace(caller, id=was, came_as=None) if caller.came_as else caller
    return replace(caller, id=str(now), came_as=was)


def caller_of(agent: Agent) -> Caller:
    return Caller(
        "agent",
        agent.id,
        agent.alias,
        role_ids=agent.role_ids,
        unit_id=agent.unit_id,
        epoch=agent.epoch,
    )


def by_oneself(caller: Caller) -> By:
    return By(role="agent", id=caller.id, name=caller.name)


def _refresh_token(person: Person, family: str, secret: str) -> str:
    return f"{person.kind}.{person.id}.{family}.{secret}"


def _parts(refresh_token: str) -> tuple[Person, str, str]:
    parts = refresh_token.split(".")
    match parts:
        case ["agent" | "customer" as kind, who, family, secret] if all(parts):
            return Person(kind, who), family, secret
    raise RefreshTokenInvalid("This is no refresh token.")
