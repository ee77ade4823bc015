"""Bodies of looking at what is masked of a customer."""

from typing import Literal

from chalicelib.kit.values import CustomerId, Instant, Value
from chalicelib.protocol.values import AgentBrief, Asked

Masked = Literal["phone", "email"]


class NewReveal(Asked):
    field: Masked


class Revealed(Value):
    """It is noted that it was looked at, and by whom, before it is shown."""

    customer_id: CustomerId
    field: Masked
    value: str


class RevealNoted(Value):
    id: str
    field: str
    at: Instant
    by: AgentBrief
