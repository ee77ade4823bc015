"""Bodies of calling out."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.kit.values import CustomerId, Instant, SessionId, Value
from chalicelib.protocol.values import AgentBrief, Asked

CallProvider = Literal["tel", "amazon_connect", "http"]
CallStatus = Literal["started", "ringing", "answered", "ended", "failed"]
CallOutcome = Literal["answered", "no_answer", "busy", "voicemail", "wrong_number", "cancelled", "failed"]


class NewCall(Asked):
    """To whom; none named is the customer's own number. Through whom; none named is what is set up."""

    number: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    provider: CallProvider | None = None


class CallChange(Asked):
    """How it goes, from whoever dials or from the agent. A status only goes on; what is named is changed, the rest stays."""

    status: CallStatus | None = None
    outcome: CallOutcome | None = None
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    duration_s: Annotated[int, Field(ge=0, le=86_400)] | None = None
    note: Annotated[str, Field(max_length=2_000)] | None = None


class Call(Value):
    """`number` is masked. `link`: what the agent's own phone dials, for whoever may know the number. `duration_s`: of talking."""

    id: str
    version: int
    session_id: SessionId
    customer_id: CustomerId
    agent: AgentBrief
    provider: CallProvider
    number: str
    link: str | None = None
    status: CallStatus
    outcome: CallOutcome | None = None
    started_at: Instant
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    duration_s: int | None = None
    note: str = ""
