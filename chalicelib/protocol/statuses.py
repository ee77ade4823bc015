"""Routing statuses over time, and the reasons for a break that an admin defines."""

from typing import Annotated

from pydantic import ConfigDict, Field

from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.asked import Asked, Change
from chalicelib.protocol.labels import Name
from chalicelib.protocol.values import By, RoutingStatus

Minutes = Annotated[int, Field(ge=1, le=1_440)]
AtOnce = Annotated[int, Field(ge=1, le=1_000)]


class StatusPeriod(Value):
    """`until` null: it lasts. `by`: who set it, and `why`."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    status: RoutingStatus
    reason: str | None = None
    since: Annotated[Instant, Field(alias="from")]
    until: Annotated[Instant | None, Field(alias="to")] = None
    by: By
    why: str


class BreakRules(Value):
    """`max_minutes`: longer is shown to supervisors. `max_at_once`: how many may be away for it; none is any number."""

    max_minutes: Minutes | None = None
    max_at_once: AtOnce | None = None


class NewBreakReason(Asked, BreakRules):
    """A reason for a break. Its name is what it is known by."""

    name: Name


class BreakReasonChange(Change, BreakRules):
    """What is named is changed; the rest stays."""


class BreakReason(BreakRules):
    """A reason for a break as it is read."""

    id: str
    version: int = 1
    name: str
