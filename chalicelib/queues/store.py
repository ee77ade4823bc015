"""Queues and their members: one Query each, both config-sized (at most 200 members a queue)."""

from chalicelib.kit.documents import Documents, QueueItem
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.queues.model import Member, Queue


class QueueStore:
    def __init__(self) -> None:
        self._queues = Documents(QueueItem, "queue", Queue, lambda q: q.id, lambda q: q.version)

    def get(self, queue_id: QueueId) -> Queue:
        return self._queues.get(queue_id)

    def knows(self, queue_id: QueueId) -> bool:
        return self._queues.find(queue_id) is not None

    def page(self, limit: int, cursor: str | None = None) -> Slice[Queue]:
        return self._queues.page(limit, cursor)

    def all(self) -> list[Queue]:
        return self._queues.all()

    def create(self, queue: Queue) -> None:
        self._queues.create(queue)

    def replace(self, queue: Queue) -> None:
        self._queues.replace(queue)

    def members(self, queue_id: QueueId) -> list[Member]:
        return self._members(queue_id).all()

    def add_member(self, queue_id: QueueId, member: Member) -> None:
        self._members(queue_id).create(member)

    def find_member(self, queue_id: QueueId, agent_id: AgentId) -> Member | None:
        return self._members(queue_id).find(agent_id)

    @staticmethod
    def _members(queue_id: QueueId) -> Documents[Member]:
        return Documents(QueueItem, f"members:{queue_id}", Member, lambda m: m.agent_id)
