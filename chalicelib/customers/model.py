"""A customer."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kit.errors import NotFound
from chalicelib.kit.values import CustomerId, SourceId
from chalicelib.protocol.values import CustomerBrief


class NoSuchSource(NotFound):
    """No source has this key."""


@dataclass(frozen=True, kw_only=True)
class Customer:
    id: CustomerId
    name: str
    source_id: SourceId
    verified: bool = False
    level: str | None = None
    created_at: datetime

    @property
    def brief(self) -> CustomerBrief:
        return CustomerBrief(id=self.id, name=self.name, verified=self.verified, level=self.level)


def anonymous_name(customer_id: str) -> str:
    """What staff read until they know better: `Visitor 7F3A`."""
    return f"Visitor {customer_id[-4:]}"
