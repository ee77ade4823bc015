"""How a customer comes in: unnamed, by the refresh token this browser has, or by the word of their site."""

from dataclasses import dataclass

from chalicelib.customers import identity, used_tokens
from chalicelib.customers.identity import (
    IdentityNotOffered,
    IdentityRequired,
    IdentityTokenInvalid,
    IdentityTokenUsed,
    Signed,
)
from chalicelib.customers.model import Customer, NoSuchSource, anonymous_name
from chalicelib.customers.store import CustomerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.ids import Ids, derived
from chalicelib.kit.values import CustomerId
from chalicelib.protocol.rest import NewCustomer
from chalicelib.records.merging import Merging
from chalicelib.sessions.service import Busy
from chalicelib.sign_in.service import Pass, RefreshTokenInvalid, SignIn
from chalicelib.sources.identity_keys import IdentityKeyStore
from chalicelib.sources.model import Source
from chalicelib.sources.store import SourceStore

ATTEMPTS = 5
COMING_IN = (
    NoSuchSource,
    RefreshTokenInvalid,
    IdentityRequired,
    IdentityNotOffered,
    IdentityTokenInvalid,
    IdentityTokenUsed,
    Busy,
)
"""What coming in may be refused with."""


@dataclass(frozen=True)
class SigningIn:
    sources: SourceStore
    identity_keys: IdentityKeyStore
    customers: CustomerStore
    merging: Merging
    sign_in: SignIn
    ids: Ids
    clock: Clock
    machine_clock: Clock

    def come_in(self, new: NewCustomer) -> tuple[Caller, Pass]:
        """A customer's tokens. A signature comes first; what this browser was before becomes theirs."""
        source = self.sources.by_key(new.source_key)
        if source is None:
            raise NoSuchSource("No source has this key. Check the embed line.")
        if new.identity_token is not None:
            return self._identified(source, new.identity_token, new.refresh_token)
        if new.refresh_token:
            return self._again(source, new.refresh_token)
        if source.identity == "required":
            raise _required()
        customer_id = CustomerId(self.ids.new())
        return self._begun(self._created(source, customer_id, anonymous_name(customer_id)))

    def _again(self, source: Source, refresh_token: str) -> tuple[Caller, Pass]:
        caller, given = self.sign_in.refresh_customer(refresh_token, source.id)
        if source.identity == "required":
            customer = self.customers.find(CustomerId(caller.id))
            if customer is None or not customer.verified:
                raise _required()
        return caller, given

    def _identified(self, source: Source, token: str, refresh_token: str | None) -> tuple[Caller, Pass]:
        if source.identity == "anonymous":
            raise IdentityNotOffered(
                "This source takes everybody unnamed. Set its `identity` to optional first."
            )
        keys = self.identity_keys.of(source.id)
        signed = identity.read(token, keys, source.good_keys, self.machine_clock())
        if not used_tokens.used_now(source.id, signed.jti, self.ids.new(), signed.expires_at):
            raise IdentityTokenUsed("This identity token was used before. Sign a new one for each visit.")
        customer = self._known(source, signed)
        if refresh_token:
            self._absorb(source, refresh_token, customer)
        return self._begun(customer)

    def _known(self, source: Source, signed: Signed) -> Customer:
        """As their site says they are by now."""
        customer_id = CustomerId(derived("identified", source.id, signed.sub))
        for _ in range(ATTEMPTS):
            customer = self.customers.find(customer_id)
            if customer is None:
                customer = self._created(
                    source, customer_id, signed.name or anonymous_name(customer_id), signed
                )
            if customer.merged_into:
                customer = self.customers.get(customer.merged_into)
            facts = {n: v for n, v in signed.facts.items() if getattr(customer, n) != v}
            if not facts:
                return customer
            try:
                self.customers.replace(customer.changed(facts))
            except StaleVersion:
                continue
            return customer.changed(facts)
        raise Busy("Too much happened at the same moment. Try again.", retry_after_s=1)

    def _created(
        self, source: Source, customer_id: CustomerId, name: str, signed: Signed | None = None
    ) -> Customer:
        facts = signed.facts if signed else {}
        customer = Customer(
            id=customer_id,
            source_id=source.id,
            verified=signed is not None,
            created_at=self.clock(),
            **{"name": name, **facts},  # type: ignore[arg-type]
        )
        return self.customers.create(customer)

    def _absorb(self, source: Source, refresh_token: str, into: Customer) -> None:
        """What this browser said unnamed. Who came by another signature before is somebody else, and is signed out here.

        The token is good until all is done, so that what is cut short is finished by coming in again.
        """
        try:
            was = CustomerId(self.sign_in.customer_of(refresh_token, source.id))
        except RefreshTokenInvalid:
            return
        self.merging.absorb(was, into)
        self.sign_in.end_sign_in(refresh_token)

    def _begun(self, customer: Customer) -> tuple[Caller, Pass]:
        caller = Caller("customer", customer.id, customer.name, source_id=customer.source_id)
        return caller, self.sign_in.begin(caller)


def _required() -> IdentityRequired:
    return IdentityRequired("Sign in on the site first: this chat is for customers who are known there.")
