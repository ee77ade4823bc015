"""Queues: what is asked of one, and how one is read."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.asked import Asked, Change
from chalicelib.protocol.labels import Name, Wording
from chalicelib.protocol.left_messages import LeftRule
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import Duty, OpaqueId, RoutingStatus

WEEK_S = 7 * 24 * 3600
QueueMode = Literal["auto", "ring", "manual"]
Strategy = Literal["least_loaded", "longest_idle", "round_robin", "skill_best"]


class IdleRule(Asked):
    """How long a customer may be silent after an agent's message: until they are asked, and until the talk ends."""

    warn_after_s: Annotated[int, Field(ge=10, le=WEEK_S)] = 300
    end_after_s: Annotated[int, Field(ge=20, le=WEEK_S)] = 480

    @model_validator(mode="after")
    def _asked_first(self) -> Self:
        if self.end_after_s <= self.warn_after_s:
            raise ValueError("end_after_s must be more than warn_after_s: nobody is ended unasked")
        return self


class WrapUpRule(Asked):
    """`limit_s`: how long an agent may take to file; `extension_s` is given once. `weight`: the part of a slot that it takes."""

    policy: Literal["required", "optional", "automatic"] = "required"
    limit_s: Annotated[int, Field(ge=10, le=WEEK_S)] = 90
    extension_s: Annotated[int, Field(ge=10, le=WEEK_S)] = 60
    weight: Annotated[float, Field(ge=0, le=1)] = 1.0


class OverflowRule(Asked):
    """What has waited for so long may be served by another queue's agents too."""

    queue_id: OpaqueId
    after_s: Annotated[int, Field(ge=0, le=WEEK_S)] = 120


class QueueRules(Value):
    """What a queue is told. Durations are seconds.

    `max_waiting`: how many may wait; null counts the slots on duty. `max_wait_s`: waiting longer than this ends it.
    `relax_after_s`: when required skills are asked for no more; null is never. `queue_grace_s`: how long a place is kept for
    one whose sockets are gone. `reopen_window_s`: writing again within it goes on in the same session. `hold_weight`: the part of a
    slot that a session on hold takes. `answer_target_s` and `reply_target_s`: how soon a first and a later answer should come.
    """

    name: Name
    unit_id: OpaqueId | None = None
    mode: QueueMode = "auto"
    strategy: Strategy = "least_loaded"
    required_skills: Annotated[list[SkillLevel], Field(max_length=20)] = []
    priority: Annotated[int, Field(ge=-5, le=5)] = 0
    max_waiting: Annotated[int, Field(ge=0, le=100_000)] | None = None
    max_wait_s: Annotated[int, Field(ge=10, le=WEEK_S)] = 900
    offer_timeout_s: Annotated[int, Field(ge=5, le=3_600)] = 20
    relax_after_s: Annotated[int, Field(ge=0, le=WEEK_S)] | None = 90
    overflow: OverflowRule | None = None
    first_reply_limit_s: Annotated[int, Field(ge=5, le=WEEK_S)] = 60
    max_misses: Annotated[int, Field(ge=1, le=100)] = 2
    ignore_duty: bool = False
    wrap_up: WrapUpRule = WrapUpRule()
    idle: IdleRule = IdleRule()
    scheme_id: OpaqueId | None = None
    business_hours_id: OpaqueId | None = None
    answer_target_s: Annotated[int, Field(ge=1, le=WEEK_S)] = 30
    reply_target_s: Annotated[int, Field(ge=1, le=WEEK_S)] = 60
    dispatch_on: Literal["first_message", "open"] = "first_message"
    queue_grace_s: Annotated[int, Field(ge=0, le=WEEK_S)] = 60
    hold_limit_s: Annotated[int, Field(ge=10, le=WEEK_S)] = 1_800
    hold_weight: Annotated[float, Field(ge=0, le=1)] = 0.0
    reopen_window_s: Annotated[int, Field(ge=0, le=WEEK_S)] = 1_800
    left_messages: LeftRule = LeftRule()
    greeting: Wording = ""
    closed_message: Wording = ""


class NewQueue(QueueRules, Asked):
    """A queue to be."""


class QueueChange(QueueRules, Change):
    """What is named is changed; the rest stays."""

    name: Name = ""


class Queue(QueueRules):
    """A queue as it is read."""

    id: str
    version: int = 1


class NewMember(Asked):
    """`priority`: the higher are asked first. `capacity`: how much they may hold of all queues while it is this one's turn."""

    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    capacity: Annotated[int, Field(ge=0, le=100)] | None = None


class QueueMember(Value):
    """An agent's place in a queue as it is read."""

    agent_id: str
    priority: int
    capacity: int | None = None


class QueueAgent(Value):
    """A member as they stand now, on the three axes; `free_slots` only where all of them say yes."""

    agent_id: str
    name: str
    connected: bool
    routing_status: RoutingStatus
    duty: Duty
    load: float
    capacity: int
    free_slots: int


class QueueStatus(Value):
    """`waiting` is counted to 100. `oldest_queued_at`: of the twenty at the front, who has waited longest."""

    queue_id: str
    waiting: int
    oldest_queued_at: Instant | None = None
    agents: list[QueueAgent]
    free_slots: int
