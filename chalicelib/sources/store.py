"""Sources by id and by key, and categories: config-sized, a Query or a Get each."""

from chalicelib.kit.documents import DirectoryItem, Documents
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import CategoryId, SourceId, Value
from chalicelib.sources.model import Category, Source, UnknownCategory


class SourceKey(Value):
    key: str
    source_id: SourceId


class SourceStore:
    def __init__(self) -> None:
        self._sources = Documents(DirectoryItem, "source", Source, lambda s: s.id, lambda s: s.version)
        self._keys = Documents(DirectoryItem, "source key", SourceKey, lambda k: k.key)
        self._categories = Documents(DirectoryItem, "category", Category, lambda c: c.id, lambda c: c.version)

    def get(self, source_id: SourceId) -> Source:
        return self._sources.get(source_id)

    def by_key(self, key: str) -> Source | None:
        found = self._keys.find(key)
        return self._sources.find(found.source_id) if found else None

    def all(self) -> list[Source]:
        return self._sources.all()

    def replace(self, source: Source) -> None:
        self._sources.replace(source)

    def create(self, source: Source) -> None:
        """The source first: a key must never lead nowhere."""
        self._sources.create(source)
        self._keys.create(SourceKey(key=source.key, source_id=source.id))

    def page(self, limit: int, cursor: str | None = None) -> Slice[Source]:
        return self._sources.page(limit, cursor)

    def categories_page(self, limit: int, cursor: str | None = None) -> Slice[Category]:
        return self._categories.page(limit, cursor)

    def categories(self) -> list[Category]:
        return sorted(self._categories.all(), key=lambda c: (c.order, c.id))

    def category(self, category_id: CategoryId) -> Category:
        """Raises `UnknownCategory`."""
        found = self._categories.find(category_id)
        if found is None:
            raise UnknownCategory("There is no such category.", errors=(("category_id", "is unknown"),))
        return found

    def create_category(self, category: Category) -> None:
        self._categories.create(category)
