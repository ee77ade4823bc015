"""A customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from chalicelib.kit.errors import NotAllowed, NotFound
from chalicelib.kit.values import CustomerId, SourceId
from chalicelib.protocol.values import CustomerBrief


class NoSuchCustomer(NotFound):
    """No customer of that id, or not for this caller."""

    code = "not_found"


class NoSuchSource(NotFound):
    """No source has this key."""


class CustomerBlocked(NotAllowed):
    """They were blocked, and it has not run out yet."""


@dataclass(frozen=True, kw_only=True)
class Customer:
    id: CustomerId
    name: str
    source_id: SourceId
    verified: bool = False
    level: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    remark: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    blocked_until: datetime | None = None
    version: int = 1
    created_at: datetime

    def not_blocked(self, now: datetime) -> None:
        """Raises while they can't write to us."""
        if self.blocked_until and self.blocked_until > now:
            raise CustomerBlocked(
                f"You can't write to us at the moment. It is possible again from {self.blocked_until:%Y-%m-%d %H:%M} UTC on."
            )

    def changed(self, facts: Mapping[str, Any]) -> Self:
        """The next version, with these facts in the place of theirs."""
        return replace(self, version=self.version + 1, **facts)

    @property
    def brief(self) -> CustomerBrief:
        return CustomerBrief(id=self.id, name=self.name, verified=self.verified, level=self.level)


def anonymous_name(customer_id: str) -> str:
    """What staff read until they know better: `Visitor 7F3A`."""
    return f"Visitor {customer_id[-4:]}"
