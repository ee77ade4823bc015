"""What proves a caller, hashed: passwords, refresh families, socket tickets.

    agents       agent_id     ·  "password"         →  argon2id
    agents       agent_id     ·  "invitation"       →  fingerprint of the one link that is good, until when
    connections  "refresh:<person>" · family        →  fingerprint of the one token that may be turned next
    connections  "ticket:<fingerprint>" · "ticket"  →  whom it lets in, until when

Turning a refresh token is one conditional write; redeeming a ticket is one conditional delete that returns it.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib.connections.model import Person
from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.table import (
    Clash,
    Delete,
    Put,
    Table,
    delete_returning,
    get_raw,
    named,
    query_all,
    transact,
    update_only,
    was_refused,
)

INVITATION = "invitation"
REFRESH_LIFE = {"agent": timedelta(days=7), "customer": timedelta(days=365)}


class PasswordItem(Table):
    class Meta(Table.Meta):
        table_name = named("agents")

    agent_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    hash = UnicodeAttribute()


class InvitationItem(Table):
    class Meta(Table.Meta):
        table_name = named("agents")

    agent_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    fingerprint = UnicodeAttribute()
    until = NumberAttribute()


class FamilyItem(Table):
    class Meta(Table.Meta):
        table_name = named("connections")

    person = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    fingerprint = UnicodeAttribute()
    facts = UnicodeAttribute()
    until = NumberAttribute()
    expires = TTLAttribute()


class TicketItem(Table):
    class Meta(Table.Meta):
        table_name = named("connections")

    person = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    facts = UnicodeAttribute()
    until = NumberAttribute()
    expires = TTLAttribute()


class SignInStore:
    def set_password(self, agent_id: str, hashed: str) -> None:
        PasswordItem(agent_id, "password", hash=hashed).save()

    def password(self, agent_id: str) -> str | None:
        raw = get_raw(PasswordItem, agent_id, "password")
        return raw["hash"]["S"] if raw else None

    def invite(self, agent_id: str, fingerprint: str, until: datetime) -> None:
        """Takes the place of an earlier invitation."""
        InvitationItem(agent_id, INVITATION, fingerprint=fingerprint, until=to_ms(until)).save()

    def invited(self, agent_id: str, fingerprint: str, at: datetime) -> bool:
        raw = get_raw(InvitationItem, agent_id, INVITATION)
        return (
            raw is not None
            and raw["fingerprint"]["S"] == fingerprint
            and from_ms(float(raw["until"]["N"])) > at
        )

    def accept(self, agent_id: str, fingerprint: str, hashed: str, token: str) -> bool:
        """The password, for the invitation, once: both or neither."""
        still = InvitationItem.fingerprint == fingerprint
        try:
            transact(
                [
                    Put(PasswordItem(agent_id, "password", hash=hashed)),
                    Delete(InvitationItem(agent_id, INVITATION), still),
                ],
                token,
            )
        except Clash:
            return False
        return True

    def begin_family(
        self, person: Person, family: str, fingerprint: str, facts: dict[str, Any], at: datetime
    ) -> None:
        until = at + REFRESH_LIFE[person.kind]
        FamilyItem(
            f"refresh:{person.key}",
            family,
            fingerprint=fingerprint,
            facts=json.dumps(facts),
            until=to_ms(until),
            expires=until,
        ).save()

    def family(self, person: Person, family: str, at: datetime) -> dict[str, Any] | None:
        """What was noted of the family when it began, while it lives."""
        raw = get_raw(FamilyItem, f"refresh:{person.key}", family)
        if raw is None or from_ms(float(raw["until"]["N"])) <= at:
            return None
        facts: dict[str, Any] = json.loads(raw["facts"]["S"])
        return facts

    def turn(self, person: Person, family: str, spent: str, fresh: str, at: datetime) -> bool:
        """Puts the next token's fingerprint in the place of the spent one's; False if that was not the one due.

        One's own write whose response was lost looks like a refusal: what stands there tells.
        """
        until = at + REFRESH_LIFE[person.kind]
        try:
            FamilyItem(f"refresh:{person.key}", family).update(
                actions=[
                    FamilyItem.fingerprint.set(fresh),
                    FamilyItem.until.set(to_ms(until)),
                    FamilyItem.expires.set(until),
                ],
                condition=FamilyItem.fingerprint == spent,
            )
        except UpdateError as error:
            if not was_refused(error):
                raise
            raw = get_raw(FamilyItem, f"refresh:{person.key}", family)
            return raw is not None and raw["fingerprint"]["S"] == fresh
        return True

    def is_due(self, person: Person, family: str, fingerprint: str) -> bool:
        """Whether this is the token that may be turned next."""
        raw = get_raw(FamilyItem, f"refresh:{person.key}", family)
        return raw is not None and raw["fingerprint"]["S"] == fingerprint

    def end_family(self, person: Person, family: str) -> None:
        FamilyItem(f"refresh:{person.key}", family).delete()

    def end_families(self, person: Person) -> None:
        """Signs somebody out everywhere."""
        for raw in query_all(FamilyItem, f"refresh:{person.key}", consistent=True):
            self.end_family(person, raw["connection_id"]["S"])

    def point_families(self, person: Person, now: str | None) -> None:
        """Each of their sign-ins stands for `now` from now on, or for themselves again."""
        for raw in query_all(FamilyItem, f"refresh:{person.key}", consistent=True):
            facts = json.loads(raw["facts"]["S"])
            facts.pop("now", None)
            facts |= {"now": now} if now else {}
            item = FamilyItem(raw["person"]["S"], raw["connection_id"]["S"])
            try:
                update_only(item, [FamilyItem.facts.set(json.dumps(facts))], FamilyItem.person.exists())
            except UpdateError as error:
                if not was_refused(error):
                    raise

    def put_ticket(self, fingerprint: str, facts: dict[str, Any], until: datetime) -> None:
        TicketItem(
            f"ticket:{fingerprint}", "ticket", facts=json.dumps(facts), until=to_ms(until), expires=until
        ).save()

    def redeem_ticket(self, fingerprint: str, at: datetime) -> dict[str, Any] | None:
        """The ticket's facts, once: it is gone with the answer."""
        raw = delete_returning(TicketItem(f"ticket:{fingerprint}", "ticket"))
        if raw is None or from_ms(float(raw["until"]["N"])) <= at:
            return None
        facts: dict[str, Any] = json.loads(raw["facts"]["S"])
        return facts
