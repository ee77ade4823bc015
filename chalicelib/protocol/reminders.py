"""Bodies of reminders."""

from typing import Annotated

from pydantic import Field

from chalicelib.kit.values import AgentId, CustomerId, Instant, SessionId, Value
from chalicelib.protocol.values import Asked


class NewReminder(Asked):
    """When, and of what."""

    at: Instant
    note: Annotated[str, Field(max_length=500)] = ""


class Reminder(Value):
    """`due`: its time has come. It stands in its agent's list until it is done."""

    id: str
    version: int
    agent_id: AgentId
    session_id: SessionId | None = None
    customer_id: CustomerId
    at: Instant
    note: str
    due: bool
    created_at: Instant
    done_at: Instant | None = None
