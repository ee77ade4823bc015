"""Ids, instants and the base class every value in the house is built on."""

from datetime import UTC, datetime
from typing import Annotated, NewType

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

SessionId = NewType("SessionId", str)
MessageId = NewType("MessageId", str)
AgentId = NewType("AgentId", str)
CustomerId = NewType("CustomerId", str)
QueueId = NewType("QueueId", str)
SourceId = NewType("SourceId", str)
CategoryId = NewType("CategoryId", str)
SchemeId = NewType("SchemeId", str)
UnitId = NewType("UnitId", str)
ConnectionId = NewType("ConnectionId", str)
ClientId = NewType("ClientId", str)


def to_milliseconds(instant: datetime) -> datetime:
    """The instant in UTC, cut to whole milliseconds: what is stored is what is told."""
    moment = instant.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


Instant = Annotated[AwareDatetime, AfterValidator(to_milliseconds)]


class Value(BaseModel):
    """An immutable value; an unknown field is a bug on our side or theirs, so it is refused.

    `defer_build`: a cold function builds the schemas it uses, not all there are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
