"""Settings in one document, and tags: a Get, and a page of a Query.

settings  "settings"   →  what was ever changed of them, with the version
tag       name folded  →  the tag: a name stands once, whatever its case
"""

from chalicelib.kit.documents import AlreadyExists, DirectoryItem, Documents, StaleVersion
from chalicelib.kit.errors import Conflict
from chalicelib.kit.ids import derived
from chalicelib.kit.paging import Slice
from chalicelib.protocol.settings import Settings, SettingsChange, Tag

ONLY = "settings"


class TagExists(Conflict):
    """There is a tag of that name."""


class SettingsStore:
    def __init__(self) -> None:
        self._kept = Documents(DirectoryItem, "settings", Settings, lambda _: ONLY, lambda s: s.version)

    def read(self) -> Settings:
        """What nobody changed is what it is by default."""
        return self._kept.find(ONLY) or Settings()

    def change(self, change: SettingsChange, version: int) -> Settings:
        kept = self.read()
        if kept.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        named = {**change.model_dump(exclude_unset=True), "version": version + 1}
        changed = Settings.model_validate({**kept.model_dump(), **named})
        if version:
            self._kept.replace(changed)
            return changed
        try:
            self._kept.create(changed)
        except AlreadyExists as error:
            raise StaleVersion("Somebody changed this since you read it. Read it again.") from error
        return changed


class TagStore:
    def __init__(self) -> None:
        self._tags = Documents(DirectoryItem, "tag", Tag, lambda t: t.id)

    def page(self, limit: int, cursor: str | None) -> Slice[Tag]:
        return self._tags.page(limit, cursor)

    def all(self) -> list[Tag]:
        return self._tags.all()

    def create(self, name: str) -> Tag:
        tag = Tag(id=derived(name.casefold()), name=name)
        try:
            self._tags.create(tag)
        except AlreadyExists as error:
            raise TagExists(f"There is already a tag {name}.", errors=(("name", "is taken"),)) from error
        return tag

    def remove(self, tag_id: str) -> None:
        """Sessions keep it: it is only offered no more."""
        self._tags.get(tag_id)
        self._tags.delete(tag_id)
