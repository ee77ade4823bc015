"""Reading the queues one may see."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import QueueId
from chalicelib.protocol.queues import Queue, QueueMember
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.queues.reading import ReadQueues


def routes(queues: ReadQueues) -> Routes:
    on = Routes()

    @on.get("/v1/queues", allow="queue.read", query=PageQuery, answers=Page[Queue], refuses=(BadCursor,))
    def list_queues(caller: Caller, query: PageQuery) -> Page[Queue]:
        """By id. A page may be short and carry a cursor: what the caller may not see is not in it."""
        found = queues.page(caller, query.limit, query.cursor)
        return Page(items=[q.read() for q in found.items], next_cursor=found.next_cursor)

    @on.get("/v1/queues/{queue_id}", allow="queue.read", answers=Queue)
    def get_queue(caller: Caller, queue_id: str) -> Queue:
        return queues.get(caller, QueueId(queue_id), "queue.read").read()

    @on.get(
        "/v1/queues/{queue_id}/members",
        allow="queue.read",
        query=PageQuery,
        answers=Page[QueueMember],
        refuses=(BadCursor,),
    )
    def members(caller: Caller, queue_id: str, query: PageQuery) -> Page[QueueMember]:
        found = queues.members(caller, QueueId(queue_id), query.limit, query.cursor)
        return Page(items=[m.read() for m in found.items], next_cursor=found.next_cursor)

    return on
