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
        assigned = 0
        for queue in self._queues.all():
            try:
                assigned += self._dispatch.drain(queue.id)
            except Exception as error:  # noqa: BLE001  # one queue's trouble keeps nothing from the others
                self._log(what="round", schedule="drain_queues", queue_id=queue.id, error=repr(error))
        self._log(what="round", schedule="drain_queues", count=assigned)
        return assigned
