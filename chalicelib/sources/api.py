"""Reading the doors and the categories, as staff needs their names."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.paging import BadCursor
from chalicelib.protocol.rest import Category, Page, PageQuery, Source
from chalicelib.sources.store import SourceStore


def routes(sources: SourceStore) -> Routes:
    on = Routes()

    @on.get("/v1/sources", allow="source.read", query=PageQuery, answers=Page[Source], refuses=(BadCursor,))
    def list_sources(caller: Caller, query: PageQuery) -> Page[Source]:
        found = sources.page(query.limit, query.cursor)
        items = [Source.model_validate(s.model_dump(include=set(Source.model_fields))) for s in found.items]
        return Page(items=items, next_cursor=found.next_cursor)

    @on.get(
        "/v1/categories", allow="source.read", query=PageQuery, answers=Page[Category], refuses=(BadCursor,)
    )
    def list_categories(caller: Caller, query: PageQuery) -> Page[Category]:
        found = sources.categories_page(query.limit, query.cursor)
        items = [
            Category.model_validate(c.model_dump(include=set(Category.model_fields))) for c in found.items
        ]
        return Page(items=items, next_cursor=found.next_cursor)

    return on
