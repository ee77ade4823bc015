"""Making and changing sources, and rotating their keys."""

from collections.abc import Callable

from chalicelib.kit.documents import NoSuchThing, StaleVersion
from chalicelib.kit.ids import Ids
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import QueueId, SourceId
from chalicelib.protocol.sources import NewSource, SourceChange
from chalicelib.queues.store import QueueStore
from chalicelib.sources.model import Source, UnknownHours, UnknownQueue
from chalicelib.sources.store import SourceStore

KEY_LETTERS = 24


def are_known(business_hours_id: str | None, knows_hours: Callable[[str], bool]) -> None:
    """Raises UnknownHours."""
    if business_hours_id and not knows_hours(business_hours_id):
        raise UnknownHours(
            "There are no such business hours. Make them first.",
            errors=(("business_hours_id", "is unknown"),),
        )


class Sources:
    """`knows_hours`: whether there are business hours of an id."""

    def __init__(
        self, store: SourceStore, queues: QueueStore, ids: Ids, knows_hours: Callable[[str], bool]
    ) -> None:
        self._store = store
        self._queues = queues
        self._ids = ids
        self._knows_hours = knows_hours

    def page(self, limit: int, cursor: str | None) -> Slice[Source]:
        return self._store.page(limit, cursor)

    def get(self, source_id: SourceId) -> Source:
        return self._store.get(source_id)

    def create(self, new: NewSource) -> Source:
        facts = new.model_dump(exclude={"key"})
        source = Source(**facts, id=SourceId(self._ids.new()), key=new.key or self._key())
        self._refers_to_what_is(source)
        self._store.create(source, self._ids.new())
        return source

    def change(self, source_id: SourceId, change: SourceChange, version: int) -> Source:
        kept = self._store.get(source_id)
        changed = Source.model_validate(
            {**kept.model_dump(), **change.model_dump(exclude_unset=True), "version": version + 1}
        )
        self._refers_to_what_is(changed)
        self._is_current(kept, version)
        self._store.replace(changed)
        return changed

    def add_key(self, source_id: SourceId) -> Source:
        """A new key stands in embed lines from now on; the one so far stays good until it is dropped."""
        rotated = self._store.get(source_id).rotated(self._key())
        self._store.rotate(rotated, self._ids.new())
        return rotated

    def drop_key(self, source_id: SourceId, key: str) -> None:
        source = self._store.get(source_id)
        if key not in source.good_keys:
            raise NoSuchThing("There is no such key.")
        self._store.drop(source.without(key), key, self._ids.new())

    def _key(self) -> str:
        return self._ids.secret()[:KEY_LETTERS].lower()

    def _refers_to_what_is(self, source: Source) -> None:
        if not self._queues.knows(QueueId(source.default_queue_id)):
            raise UnknownQueue(
                "There is no such queue. Make it first.", errors=(("default_queue_id", "is unknown"),)
            )
        are_known(source.business_hours_id, self._knows_hours)

    @staticmethod
    def _is_current(kept: Source, version: int) -> None:
        if kept.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
