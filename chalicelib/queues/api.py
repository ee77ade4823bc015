"""Reading the queues one may see."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import AgentId
from chalicelib.permissions.model import reads_others, scopes
from chalicelib.protocol.queues import Queue
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.queues.store import QueueStore


def routes(queues: QueueStore) -> Routes:
    on = Routes()

    @on.get("/v1/queues", allow="queue.read", query=PageQuery, answers=Page[Queue], refuses=(BadCursor,))
    def list_queues(caller: Caller, query: PageQuery) -> Page[Queue]:
        """A page may be short: what the caller may not see is not in it."""
        found = queues.page(query.limit, query.cursor)
        seen = found.items
        if not reads_others(scopes(caller.role_ids, "queue.read")):
            seen = [q for q in seen if queues.find_member(q.id, AgentId(caller.id))]
        return Page(items=[Queue.model_validate(dict(q)) for q in seen], next_cursor=found.next_cursor)

    return on
