"""Settings and tags."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.settings import NewTag, Settings, SettingsChange, Tag
from chalicelib.settings.store import SettingsStore, TagExists, TagStore


def routes(settings: SettingsStore, tags: TagStore) -> Routes:
    on = Routes()

    @on.get("/v1/settings", allow="settings.read", answers=Settings)
    def get_settings(caller: Caller) -> Settings:
        return settings.read()

    @on.patch(
        "/v1/settings", allow="settings.edit", body=SettingsChange, answers=Settings, refuses=(StaleVersion,)
    )
    def change_settings(caller: Caller, body: SettingsChange, version: int) -> Settings:
        return settings.change(body, version)

    @on.get("/v1/tags", allow="tag.read", query=PageQuery, answers=Page[Tag], refuses=(BadCursor,))
    def list_tags(caller: Caller, query: PageQuery) -> Page[Tag]:
        found = tags.page(query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post("/v1/tags", allow="tag.edit", body=NewTag, answers=Tag, status=201, refuses=(TagExists,))
    def create_tag(caller: Caller, body: NewTag) -> Tag:
        return tags.create(body.name)

    @on.delete("/v1/tags/{tag_id}", allow="tag.edit")
    def delete_tag(caller: Caller, tag_id: str) -> None:
        """Sessions that have it keep it."""
        tags.remove(tag_id)

    return on
