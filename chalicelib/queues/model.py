"""A queue's definition and its members."""

from chalicelib.kit.errors import NotFound
from chalicelib.kit.values import AgentId, QueueId, Value
from chalicelib.protocol.queues import (
    IdleRule as Idle,
    Queue as QueueRead,
    QueueMember,
    QueueRules,
    WrapUpRule as WrapUp,
)

__all__ = ["Idle", "Member", "NoSuchQueue", "Queue", "WrapUp"]


class Queue(QueueRules):
    """The rules, and whose they are. `version` counts their changes."""

    id: QueueId
    version: int = 1

    def read(self) -> QueueRead:
        return QueueRead.model_validate(dict(self))


class NoSuchQueue(NotFound):
    """No queue of that id, or not for this caller."""

    code = "not_found"


class Member(Value):
    """An agent's place in a queue. `capacity` limits what they hold of all queues while it is this one's turn."""

    agent_id: AgentId
    priority: int = 0
    capacity: int | None = None

    def read(self) -> QueueMember:
        return QueueMember.model_validate(dict(self))
