"""Reading the queues one may see."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.values import AgentId
from chalicelib.permissions.model import scopes
from chalicelib.protocol.rest import Page, Queue
from chalicelib.queues.store import QueueStore


def routes(queues: QueueStore) -> Routes:
    on = Routes()

    @on.get("/v1/queues", allow="queue.read", answers=Page[Queue])
    def list_queues(caller: Caller) -> Page[Queue]:
        within = scopes(caller.role_ids, "queue.read")
        found = queues.all()
        if not within & {"all", "unit", "unit_tree"}:
            found = [q for q in found if queues.find_member(q.id, AgentId(caller.id))]
        return Page(items=[Queue.model_validate(q.model_dump()) for q in found])

    return on
