"""A queue's definition and its members."""

from typing import Literal

from pydantic import Field

from chalicelib.kit.values import AgentId, QueueId, Value


class Queue(Value):
    """`answer_target_s` and `reply_target_s`: how soon a first and a later answer should come."""

    id: QueueId
    version: int = 1
    name: str
    mode: Literal["auto", "manual"] = "auto"
    strategy: Literal["least_loaded", "longest_idle"] = "least_loaded"
    scheme_id: str | None = None
    answer_target_s: int = Field(default=30, ge=1)
    reply_target_s: int = Field(default=60, ge=1)


class Member(Value):
    """An agent's place in a queue. `capacity` limits what they hold of all queues while it is this one's turn."""

    agent_id: AgentId
    priority: int = 0
    capacity: int | None = None
