"""Sources with their keys, and categories: read by staff, for their names; made and changed by admins."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import AlreadyExists, StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import CategoryId, SourceId
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.sources import (
    Category,
    CategoryChange,
    NewCategory,
    NewSource,
    NewSourceKey,
    Source,
    SourceChange,
    SourceKey,
)
from chalicelib.queues.skills import UnknownSkill
from chalicelib.sources import model
from chalicelib.sources.categories import Categories, UnknownAnswer, UnknownScheme
from chalicelib.sources.identity_keys import IdentityKeyStore
from chalicelib.sources.model import (
    KeyTaken,
    LastKey,
    TooManyKeys,
    UnknownCategory,
    UnknownHours,
    UnknownQueue,
    UnknownSource,
)
from chalicelib.sources.service import Sources
from chalicelib.sources.tree import CategoryInUse, TooDeep, UnderItself

_SOURCE = "/v1/sources/{source_id}"
_CATEGORY = "/v1/categories/{category_id}"
_STANDING = (
    UnknownSkill,
    UnknownHours,
    UnknownQueue,
    UnknownSource,
    UnknownScheme,
    UnknownAnswer,
    UnknownCategory,
    UnderItself,
    TooDeep,
    StaleVersion,
)
"""What a category may be refused with."""


def routes(sources: Sources, categories: Categories, identity_keys: IdentityKeyStore) -> Routes:
    on = Routes()

    @on.get("/v1/sources", allow="source.read", query=PageQuery, answers=Page[Source], refuses=(BadCursor,))
    def list_sources(caller: Caller, query: PageQuery) -> Page[Source]:
        found = sources.page(query.limit, query.cursor)
        return Page(items=[_source(s) for s in found.items], next_cursor=found.next_cursor)

    @on.post(
        "/v1/sources",
        allow="source.edit",
        body=NewSource,
        answers=Source,
        status=201,
        refuses=(UnknownQueue, UnknownHours, KeyTaken),
    )
    def create_source(caller: Caller, body: NewSource) -> Source:
        return _source(sources.create(body))

    @on.get(_SOURCE, allow="source.read", answers=Source)
    def get_source(caller: Caller, source_id: str) -> Source:
        return _source(sources.get(SourceId(source_id)))

    @on.patch(
        _SOURCE,
        allow="source.edit",
        body=SourceChange,
        answers=Source,
        refuses=(UnknownQueue, UnknownHours, StaleVersion),
    )
    def change_source(caller: Caller, source_id: str, body: SourceChange, version: int) -> Source:
        return _source(sources.change(SourceId(source_id), body, version))

    @on.post(
        _SOURCE + "/keys",
        allow="source.edit",
        body=NewSourceKey,
        answers=SourceKey,
        status=201,
        refuses=(TooManyKeys, KeyTaken, StaleVersion, AlreadyExists),
    )
    def add_source_key(caller: Caller, source_id: str, body: NewSourceKey) -> SourceKey:
        """The key so far stays good until it is dropped."""
        if body.kind == "identity":
            made = identity_keys.add(SourceId(source_id))
            return SourceKey(id=made.kid, source_id=source_id, kind="identity", key=made.secret)
        source = sources.add_key(SourceId(source_id))
        return SourceKey(id=source.key, source_id=source.id, key=source.key)

    @on.get(_SOURCE + "/keys", allow="source.edit", answers=Page[SourceKey])
    def source_keys(caller: Caller, source_id: str) -> Page[SourceKey]:
        """Those that are good, the newest of each kind first; of identity keys no more than what they are called."""
        source = sources.get(SourceId(source_id))
        public = [SourceKey(id=k, source_id=source_id, key=k) for k in source.good_keys]
        kept = identity_keys.of(source.id).keys
        secret = [SourceKey(id=k.kid, source_id=source_id, kind="identity") for k in kept]
        return Page(items=[*public, *secret])

    @on.delete(_SOURCE + "/keys/{key}", allow="source.edit", refuses=(LastKey, StaleVersion))
    def drop_source_key(caller: Caller, source_id: str, key: str) -> None:
        """By what it is called: a source's key itself, an identity key's id."""
        source = sources.get(SourceId(source_id))
        if key in source.good_keys:
            sources.drop_key(source.id, key)
        else:
            identity_keys.drop(source.id, key)

    @on.get(
        "/v1/categories", allow="source.read", query=PageQuery, answers=Page[Category], refuses=(BadCursor,)
    )
    def list_categories(caller: Caller, query: PageQuery) -> Page[Category]:
        found = categories.page(query.limit, query.cursor)
        return Page(items=[_category(c) for c in found.items], next_cursor=found.next_cursor)

    @on.post(
        "/v1/categories",
        allow="category.edit",
        body=NewCategory,
        answers=Category,
        status=201,
        refuses=_STANDING,
    )
    def create_category(caller: Caller, body: NewCategory) -> Category:
        return _category(categories.create(body))

    @on.get(_CATEGORY, allow="source.read", answers=Category)
    def get_category(caller: Caller, category_id: str) -> Category:
        return _category(categories.get(CategoryId(category_id)))

    @on.patch(_CATEGORY, allow="category.edit", body=CategoryChange, answers=Category, refuses=_STANDING)
    def change_category(caller: Caller, category_id: str, body: CategoryChange, version: int) -> Category:
        return _category(categories.change(CategoryId(category_id), body, version))

    @on.delete(_CATEGORY, allow="category.edit", refuses=(CategoryInUse, StaleVersion))
    def delete_category(caller: Caller, category_id: str) -> None:
        categories.remove(CategoryId(category_id))

    return on


def _source(source: model.Source) -> Source:
    return Source.model_validate(dict(source))


def _category(category: model.Category) -> Category:
    return Category.model_validate(dict(category))
