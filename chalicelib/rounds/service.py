"""The net under the doorbells."""

from chalicelib.dispatch.service import Dispatch
from chalicelib.kit.log import Log
from chalicelib.queues.store import QueueStore


class Rounds:
    def __init__(self, queues: QueueStore, dispatch: Dispatch, log: Log) -> None:
        self._queues = queues
        self._dispatch = dispatch
        self._log = log

    def drain_queues(self) -> int:
        """Assigns whatever waits while somebody is free; what events did already is not done again."""
        assigned = sum(self._dispatch.drain(q.id) for q in self._queues.all())
        self._log(what="round", schedule="drain_queues", count=assigned)
        return assigned
