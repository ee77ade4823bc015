"""Reading the schemes."""

from chalicelib.archive.service import Archive
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.protocol.rest import Page, PageQuery, Scheme


def routes(archive: Archive) -> Routes:
    on = Routes()

    @on.get("/v1/schemes", allow="scheme.read", query=PageQuery, answers=Page[Scheme], refuses=(BadCursor,))
    def schemes(caller: Caller, query: PageQuery) -> Page[Scheme]:
        found = archive.schemes(query.limit, query.cursor)
        return Page(
            items=[Scheme.model_validate(s.model_dump()) for s in found.items], next_cursor=found.next_cursor
        )

    return on
