"""Small definitions by kind and id, each with its version: sources, categories, schemes, queues.

    kind ("source", "scheme", …)  ·  id  →  version, body (the model as JSON)

Reading one costs half a unit, a kind's list one Query a page; creating and replacing are conditional.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from pydantic import BaseModel
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from chalicelib.kit.errors import Conflict, NotFound
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.table import Delete, Put, Table, get_raw, named, query_all, query_page, was_refused

T = TypeVar("T", bound=BaseModel)


class NoSuchThing(NotFound):
    """No definition of that id, or not for this caller."""

    code = "not_found"


class AlreadyExists(Conflict):
    """Something of that id is defined already."""


class StaleVersion(Conflict):
    """Somebody changed it since it was read."""


class DirectoryItem(Table):
    class Meta(Table.Meta):
        table_name = named("directory")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    body = UnicodeAttribute()
    schema = NumberAttribute(default=1)


class QueueItem(Table):
    """The same shape in the queues' own table: `kind` is "queue" or "members:<queue>"."""

    class Meta(Table.Meta):
        table_name = named("queues")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    version = NumberAttribute()
    body = UnicodeAttribute()
    schema = NumberAttribute(default=1)


class Documents(Generic[T]):
    """The definitions of one kind. `version_of` tells a document's version: 1 when new, one more at each change."""

    def __init__(
        self,
        item: type[DirectoryItem | QueueItem],
        kind: str,
        model: type[T],
        id_of: Callable[[T], str],
        version_of: Callable[[T], int] = lambda _: 1,
    ) -> None:
        self._item = item
        self._kind = kind
        self._model = model
        self._id_of = id_of
        self._version_of = version_of

    def get(self, key: str) -> T:
        found = self.find(key)
        if found is None:
            raise NoSuchThing(f"There is no such {self._kind.partition(':')[0]}.")
        return found

    def find(self, key: str) -> T | None:
        raw = get_raw(self._item, self._kind, key, consistent=False)
        return self._model.model_validate_json(raw["body"]["S"]) if raw else None

    def page(self, limit: int, cursor: str | None = None) -> Slice[T]:
        """By id."""
        start = None
        if cursor:
            start = {"kind": {"S": self._kind}, "id": {"S": from_cursor(cursor, id=SOME_ID)["id"]}}
        page = query_page(self._item, self._kind, limit=limit, after=start)
        more = to_cursor({"id": page.last_key["id"]["S"]}) if page.last_key else None
        return Slice([self._model.model_validate_json(raw["body"]["S"]) for raw in page.items], more)

    def all(self, *, consistent: bool = False) -> list[T]:
        """Of a kind that is known to be few."""
        found = query_all(self._item, self._kind, consistent=consistent)
        return [self._model.model_validate_json(raw["body"]["S"]) for raw in found]

    def create(self, document: T) -> None:
        try:
            self._as_item(document).save(condition=self._item.kind.does_not_exist())
        except PutError as error:
            if was_refused(error):
                raise AlreadyExists(
                    f"There is already a {self._kind} with the id {self._id_of(document)}."
                ) from error
            raise

    def delete(self, key: str) -> None:
        """Gone already is no error."""
        self._item(self._kind, key).delete()

    def replace(self, document: T) -> None:
        """Stores the next version over the one it was made from."""
        try:
            self._as_item(document).save(condition=self._item.version == self._version_of(document) - 1)
        except PutError as error:
            if was_refused(error):
                raise StaleVersion("Somebody changed this since you read it. Read it again.") from error
            raise

    def overwrite(self, document: T) -> None:
        """Stores it over whatever there is: of a kind where the last word counts."""
        self._as_item(document).save()

    def put(self, document: T) -> Put:
        """The write that stores a new one or the next version, to be part of a transaction."""
        version = self._version_of(document)
        is_new = self._item.kind.does_not_exist()
        return Put(self._as_item(document), is_new if version == 1 else self._item.version == version - 1)

    def gone(self, key: str) -> Delete:
        """The write that removes one, to be part of a transaction."""
        return Delete(self._item(self._kind, key), self._item.kind.exists())

    def _as_item(self, document: T) -> DirectoryItem | QueueItem:
        return self._item(
            self._kind,
            self._id_of(document),
            version=self._version_of(document),
            body=document.model_dump_json(),
        )
