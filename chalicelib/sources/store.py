"""Sources by id and by key, and categories: config-sized, a Query or a Get each.

source            id  →  the source
source key        key →  its source's id; good as long as the source names it, too
category          id  →  the category
category tree     "tree" → counts the tree's changes, so that two moves at once can't make a circle
"""

from chalicelib.kit.documents import AlreadyExists, DirectoryItem, Documents, StaleVersion
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Clash, transact
from chalicelib.kit.values import CategoryId, SourceId, Value
from chalicelib.sources.model import Category, KeyTaken, Source, UnknownCategory

TREE = "tree"


class KeyOfSource(Value):
    key: str
    source_id: SourceId


class Tree(Value):
    """`version` counts what was put in, moved and taken out."""

    id: str = TREE
    version: int = 0


class SourceStore:
    def __init__(self) -> None:
        self._sources = Documents(DirectoryItem, "source", Source, lambda s: s.id, lambda s: s.version)
        self._keys = Documents(DirectoryItem, "source key", KeyOfSource, lambda k: k.key)
        self._categories = Documents(DirectoryItem, "category", Category, lambda c: c.id, lambda c: c.version)
        self._tree = Documents(DirectoryItem, "category tree", Tree, lambda t: t.id, lambda t: t.version)

    def get(self, source_id: SourceId) -> Source:
        return self._sources.get(source_id)

    def find(self, source_id: SourceId) -> Source | None:
        return self._sources.find(source_id)

    def by_key(self, key: str) -> Source | None:
        found = self._keys.find(key)
        source = self._sources.find(found.source_id) if found else None
        return source if source and key in source.good_keys else None

    def all(self) -> list[Source]:
        return self._sources.all()

    def replace(self, source: Source) -> None:
        self._sources.replace(source)

    def create(self, source: Source, token: str | None = None) -> None:
        """The source and its key, or neither. Raises KeyTaken."""
        key = KeyOfSource(key=source.key, source_id=source.id)
        try:
            transact([self._sources.put(source), self._keys.put(key)], token or source.id)
        except Clash as clash:
            if clash.refused == [1]:
                raise _taken(source.key) from clash
            raise AlreadyExists(f"There is already a source with the id {source.id}.") from clash

    def rotate(self, source: Source, token: str) -> None:
        """The source with its new key, and the key, or neither."""
        key = KeyOfSource(key=source.key, source_id=source.id)
        try:
            transact([self._sources.put(source), self._keys.put(key)], token)
        except Clash as clash:
            raise (_taken(source.key) if clash.refused == [1] else _stale()) from clash

    def drop(self, source: Source, key: str, token: str) -> None:
        """The source without that key, and the key is nobody's."""
        try:
            transact([self._sources.put(source), self._keys.gone(key)], token)
        except Clash as clash:
            raise _stale() from clash

    def page(self, limit: int, cursor: str | None = None) -> Slice[Source]:
        return self._sources.page(limit, cursor)

    def categories_page(self, limit: int, cursor: str | None = None) -> Slice[Category]:
        return self._categories.page(limit, cursor)

    def categories(self, *, consistent: bool = False) -> list[Category]:
        """In the order they are offered in; those that were removed, too."""
        return sorted(self._categories.all(consistent=consistent), key=lambda c: (c.order, c.id))

    def get_category(self, category_id: CategoryId) -> Category:
        return self._categories.get(category_id)

    def category(self, category_id: CategoryId) -> Category:
        """One that can be chosen. Raises `UnknownCategory`."""
        found = self._categories.find(category_id)
        if found is None or found.removed:
            raise UnknownCategory("There is no such category.", errors=(("category_id", "is unknown"),))
        return found

    def create_category(self, category: Category) -> None:
        self._categories.create(category)

    def replace_category(self, category: Category) -> None:
        """Where it stands stays the same."""
        self._categories.replace(category)

    def tree(self) -> Tree:
        """Read before the categories, so that what is decided from them falls with it."""
        return self._tree.find(TREE) or Tree()

    def stand(self, category: Category, tree: Tree, token: str) -> None:
        """Puts in, moves or takes out one, if the tree is still the one that was read."""
        grown = tree.model_copy(update={"version": tree.version + 1})
        try:
            transact([self._categories.put(category), self._tree.put(grown)], token)
        except Clash as clash:
            raise _stale() from clash


def _taken(key: str) -> KeyTaken:
    return KeyTaken(f"Another source has the key {key} already. Choose another one.")


def _stale() -> StaleVersion:
    return StaleVersion("Somebody changed this since you read it. Read it again.")
