"""Queues and their members: one Query each, both config-sized (at most 200 members a queue)."""

from chalicelib.kit.documents import Documents, QueueItem
from chalicelib.kit.guards import Guard
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Check, Delete, Put, Write, get_raw
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.queues.model import Member, NoSuchQueue, Queue

ABLE = "able"


class QueueStore:
    def __init__(self) -> None:
        self._queues = Documents(QueueItem, "queue", Queue, lambda q: q.id, lambda q: q.version)
        self._closed = Documents(QueueItem, "closed queue", Queue, lambda q: q.id, lambda q: q.version)
        self.overflows = Guard(QueueItem, "overflows")

    def get(self, queue_id: QueueId) -> Queue:
        """One that is closed for good too: old sessions are of it."""
        found = self._queues.find(queue_id) or self._closed.find(queue_id)
        if found is None:
            raise NoSuchQueue("There is no such queue.")
        return found

    def find(self, queue_id: QueueId) -> Queue | None:
        """One that takes sessions."""
        return self._queues.find(queue_id)

    def knows(self, queue_id: QueueId) -> bool:
        return self._queues.find(queue_id) is not None

    def page(self, limit: int, cursor: str | None = None) -> Slice[Queue]:
        return self._queues.page(limit, cursor)

    def all(self, *, consistent: bool = False) -> list[Queue]:
        return self._queues.all(consistent=consistent)

    def all_ever(self) -> list[Queue]:
        """With those that are closed for good, whose sessions are still there."""
        return [*self._queues.all(), *self._closed.all()]

    def put(self, queue: Queue) -> Put:
        return self._queues.put(queue)

    def closing(self, queue: Queue) -> list[Write]:
        """Closed for good, and still there for what was in it."""
        same = QueueItem.version == queue.version
        return [
            Delete(QueueItem("queue", queue.id), same),
            self._closed.put(queue.model_copy(update={"version": 1})),
        ]

    @staticmethod
    def is_open(queue_id: QueueId) -> Check:
        """Nothing is done for a queue that is closed meanwhile."""
        return Check(QueueItem, "queue", queue_id, QueueItem.kind.exists())

    def create(self, queue: Queue) -> None:
        self._queues.create(queue)

    def replace(self, queue: Queue) -> None:
        self._queues.replace(queue)

    def members(self, queue_id: QueueId) -> list[Member]:
        return self._members(queue_id).all()

    def members_page(self, queue_id: QueueId, limit: int, cursor: str | None) -> Slice[Member]:
        return self._members(queue_id).page(limit, cursor)

    def add_member(self, queue_id: QueueId, member: Member) -> None:
        self._members(queue_id).create(member)

    def member_put(self, queue_id: QueueId, member: Member) -> Put:
        return Put(self._members(queue_id).put(member).item)

    @staticmethod
    def member_gone(queue_id: QueueId, agent_id: AgentId) -> Delete:
        return Delete(QueueItem(f"members:{queue_id}", agent_id))

    def able_lately(self, queue_id: QueueId) -> AgentId | None:
        """Who could serve it when somebody looked last: a guess to try first."""
        raw = get_raw(QueueItem, ABLE, queue_id, consistent=False)
        return AgentId(raw["body"]["S"]) if raw else None

    def was_able(self, queue_id: QueueId, agent_id: AgentId) -> None:
        QueueItem(ABLE, queue_id, version=1, body=agent_id).save()

    def find_member(self, queue_id: QueueId, agent_id: AgentId) -> Member | None:
        return self._members(queue_id).find(agent_id)

    @staticmethod
    def _members(queue_id: QueueId) -> Documents[Member]:
        return Documents(QueueItem, f"members:{queue_id}", Member, lambda m: m.agent_id)
