"""Writing, publishing and retiring schemes."""

from collections.abc import Callable

from chalicelib.archive.model import Scheme, Snapshot
from chalicelib.archive.store import SchemeStore
from chalicelib.kit.documents import NoSuchThing, StaleVersion
from chalicelib.kit.ids import Ids
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import SchemeId
from chalicelib.protocol.schemes import NewScheme, NewSchemeVersion, SchemeChange


class Schemes:
    def __init__(self, store: SchemeStore, ids: Ids) -> None:
        self._store = store
        self._ids = ids

    def page(self, limit: int, cursor: str | None) -> Slice[Scheme]:
        return self._store.page(limit, cursor)

    def published(self) -> list[Scheme]:
        return [s for s in self._store.all() if s.status == "published"]

    def get(self, scheme_id: SchemeId) -> Scheme:
        return self._store.get(scheme_id)

    def version(self, scheme_id: SchemeId, scheme_version: int) -> Snapshot:
        """As it was published, or as it is being written."""
        scheme = self._store.get(scheme_id)
        if scheme_version == scheme.scheme_version:
            return scheme.snapshot
        if scheme_version == scheme.draft_version:
            return Snapshot(scheme_version=scheme_version, name=scheme.name, options=scheme.draft or [])
        if not 0 < scheme_version < scheme.scheme_version:
            raise NoSuchThing("This scheme has no such version.")
        return self._store.version(scheme_id, scheme_version)

    def create(self, new: NewScheme) -> Scheme:
        scheme = Scheme(id=SchemeId(self._ids.new()), name=new.name, options=new.options)
        self._store.create(scheme)
        return scheme

    def change(self, scheme_id: SchemeId, change: SchemeChange, version: int) -> Scheme:
        named = change.model_fields_set
        kept = self._store.get(scheme_id)
        changed = kept.changed(
            change.name if "name" in named else None, change.options if "options" in named else None
        )
        if kept.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        return self._kept(kept, changed)

    def draft(self, scheme_id: SchemeId, new: NewSchemeVersion) -> Scheme:
        return self._moved(scheme_id, lambda scheme: scheme.drafted(new.options))

    def publish(self, scheme_id: SchemeId) -> Scheme:
        return self._moved(scheme_id, Scheme.published)

    def retire(self, scheme_id: SchemeId) -> Scheme:
        return self._moved(scheme_id, Scheme.retired)

    def _moved(self, scheme_id: SchemeId, decide: Callable[[Scheme], Scheme]) -> Scheme:
        kept = self._store.get(scheme_id)
        return self._kept(kept, decide(kept))

    def _kept(self, before: Scheme, after: Scheme) -> Scheme:
        if after is not before:
            self._store.replace(before, after, self._ids.new())
        return after
