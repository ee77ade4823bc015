"""Queues as far as somebody's grants reach: their own, those of units, or all."""

from chalicelib.gateway.caller import Caller
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.permissions.model import Reach
from chalicelib.queues.model import Member, NoSuchQueue, Queue
from chalicelib.queues.store import QueueStore
from chalicelib.units.service import Units


class ReadQueues:
    def __init__(self, store: QueueStore, units: Units) -> None:
        self._store = store
        self._units = units

    def page(self, caller: Caller, limit: int, cursor: str | None) -> Slice[Queue]:
        """Of the few queues there are, one Query's page; what is out of reach is left out of it."""
        reach = self._units.reach(caller, "queue.read")
        found = self._store.page(limit, cursor)
        return Slice([q for q in found.items if self._covers(reach, q)], found.next_cursor)

    def get(self, caller: Caller, queue_id: QueueId, permission: str) -> Queue:
        """A queue that takes sessions, in reach of the caller's grants of the permission."""
        queue = self._store.find(queue_id)
        if queue is None or not self._covers(self._units.reach(caller, permission), queue):
            raise NoSuchQueue("There is no such queue.")
        return queue

    def members(self, caller: Caller, queue_id: QueueId, limit: int, cursor: str | None) -> Slice[Member]:
        self.get(caller, queue_id, "queue.read")
        return self._store.members_page(queue_id, limit, cursor)

    def _covers(self, reach: Reach, queue: Queue) -> bool:
        own = "queue" in reach.scopes and not reach.everything
        in_own = own and self._store.find_member(queue.id, AgentId(reach.caller_id)) is not None
        return reach.covers(unit_id=queue.unit_id, in_own_queue=in_own)
