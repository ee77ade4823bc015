"""A queue's definition and its members."""

from typing import Literal

from pydantic import Field, model_validator

from chalicelib.kit.values import AgentId, QueueId, Value


class Idle(Value):
    """How long a customer may be silent after an agent's message: until they are asked, and until the talk ends."""

    warn_after_s: int = Field(default=300, ge=10)
    end_after_s: int = Field(default=480, ge=20)

    @model_validator(mode="after")
    def _asked_first(self) -> "Idle":
        if self.end_after_s <= self.warn_after_s:
            raise ValueError("end_after_s must be more than warn_after_s: nobody is ended unasked")
        return self


class WrapUp(Value):
    """`limit_s`: how long an agent may take to file; `extension_s` is given once."""

    limit_s: int = Field(default=90, ge=10)
    extension_s: int = Field(default=60, ge=10)


class Queue(Value):
    """`answer_target_s` and `reply_target_s`: how soon a first and a later answer should come.

    `max_wait_s`: waiting longer than this ends it; `queue_grace_s`: how long a place is kept for one whose sockets are gone;
    `reopen_window_s`: writing again within it goes on in the same session.
    """

    id: QueueId
    version: int = 1
    name: str
    mode: Literal["auto", "manual"] = "auto"
    strategy: Literal["least_loaded", "longest_idle"] = "least_loaded"
    scheme_id: str | None = None
    answer_target_s: int = Field(default=30, ge=1)
    reply_target_s: int = Field(default=60, ge=1)
    max_wait_s: int = Field(default=900, ge=10)
    queue_grace_s: int = Field(default=60, ge=0)
    hold_limit_s: int = Field(default=1800, ge=10)
    reopen_window_s: int = Field(default=1800, ge=0)
    idle: Idle = Idle()
    wrap_up: WrapUp = WrapUp()


class Member(Value):
    """An agent's place in a queue. `capacity` limits what they hold of all queues while it is this one's turn."""

    agent_id: AgentId
    priority: int = 0
    capacity: int | None = None
