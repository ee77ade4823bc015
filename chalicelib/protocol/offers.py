"""Offers, assignments and transfers: what is asked, what is answered, and why somebody got a session."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.asked import Asked
from chalicelib.protocol.queues import QueueMode
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import AgentBrief, Duty, HowGot, OpaqueId, RoutingStatus

Rule = Literal[
    "disabled",
    "not_connected",
    "not_accepting",
    "off_duty",
    "leaving",
    "full",
    "lacks_skill",
    "let_it_go",
    "refused_at_claim",
    "kept_for_another",
]
"""What keeps an agent from a session. `leaving`: the shift ends too soon for anything new. `let_it_go`: they had it, or were offered it, while it waits now; `refused_at_claim`: able
when read and not any more when it was written; `kept_for_another`: for a moment, for whoever served this customer before.
"""
Outcome = Literal["accepted", "declined", "expired", "withdrawn", "missed"]


class Considered(Value):
    """One candidate in an explanation. `shortfall`: how many levels of the skills asked for they lack in all."""

    agent_id: str
    name: str | None = None
    load: float
    capacity: float
    shortfall: int = 0
    excluded_by: Rule | None = None


class Explanation(Value):
    """Why this one. `strategy` is the queue's, or `returning`, `taken`, `transfer`, `pulled_back`, `assigned`.

    `by`: the agent who decided it; `over_capacity`: although the desk was full. `relaxed`: the skills were asked for no more, since it had waited for so long.
    """

    strategy: str
    by: str | None = None
    over_capacity: bool = False
    chosen: str | None
    runner_up: str | None = None
    required_skills: list[SkillLevel] = []
    relaxed: bool = False
    candidates: list[Considered]


class Offered(Value):
    """One offer or assignment, with why. `outcome` of an offer: what became of it; null while it stands, and of what was assigned
    and not let go by silence.
    """

    offer_id: str
    session_id: str
    agent_id: str
    at: Instant
    how: HowGot
    deadline: Instant | None = None
    outcome: Outcome | None = None
    ended_at: Instant | None = None
    reason: str = ""
    comment: str = ""
    explanation: Explanation


class Declining(Asked):
    reason: Annotated[str, Field(max_length=200)] = ""


class Transferring(Asked):
    """To one agent, or to a queue. The comment is for whoever goes on."""

    to_agent_id: OpaqueId | None = None
    to_queue_id: OpaqueId | None = None
    comment: Annotated[str, Field(max_length=2_000)] = ""

    @model_validator(mode="after")
    def _to_one(self) -> Self:
        if (self.to_agent_id is None) == (self.to_queue_id is None):
            raise ValueError("name either to_agent_id or to_queue_id")
        return self


class TransferTarget(Value):
    """Who or what a session may be handed to. `why_not`: the code that a transfer there would be refused with; null: it can go.

    Of an agent: presence, until when they are on duty by the roster, and free slots. Of a queue: how many wait, to 100, and the range of waiting.
    """

    kind: Literal["agent", "queue"]
    id: str
    name: str
    why_not: str | None = None
    connected: bool | None = None
    routing_status: RoutingStatus | None = None
    duty: Duty | None = None
    duty_until: Instant | None = None
    load: float | None = None
    capacity: float | None = None
    free: float | None = None
    mode: QueueMode | None = None
    waiting: int | None = None
    wait_low_s: int | None = None
    wait_high_s: int | None = None


class Simulating(Asked):
    """A session that nobody begins: in a queue, or by the route of a source and a category. `skills` beside what those ask for."""

    queue_id: OpaqueId | None = None
    source_id: OpaqueId | None = None
    category_id: OpaqueId | None = None
    skills: Annotated[list[SkillLevel], Field(max_length=20)] = []
    customer_id: OpaqueId | None = None

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if (self.queue_id is None) == (self.source_id is None):
            raise ValueError("name either queue_id or source_id")
        if self.queue_id is not None and self.category_id is not None:
            raise ValueError("a category is of a source: name source_id with it")
        return self


class Simulated(Value):
    """Who would get it now, and why. `agent` null: it would wait."""

    queue_id: str
    mode: QueueMode
    agent: AgentBrief | None
    explanation: Explanation
