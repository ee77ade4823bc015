"""A queue's definition and its members."""

from chalicelib.kit.values import AgentId, QueueId, Value
from chalicelib.protocol.queues import IdleRule as Idle, QueueRules, WrapUpRule as WrapUp

__all__ = ["Idle", "Member", "Queue", "WrapUp"]


class Queue(QueueRules):
    """The rules, and whose they are. `version` counts their changes."""

    id: QueueId
    version: int = 1


class Member(Value):
    """An agent's place in a queue. `capacity` limits what they hold of all queues while it is this one's turn."""

    agent_id: AgentId
    priority: int = 0
    capacity: int | None = None
