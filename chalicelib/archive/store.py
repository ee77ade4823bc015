"""Schemes and their versions: a Get each, config-sized lists.

scheme               id                    →  the scheme as it stands
scheme versions:<id> ·  000001             →  a version that another has followed
last filing          scheme:category       →  the option that was filed last
"""

from chalicelib.archive.model import Scheme, Snapshot
from chalicelib.kit.documents import DirectoryItem, Documents, StaleVersion
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Clash, transact
from chalicelib.kit.values import SchemeId, Value


class LastFiling(Value):
    id: str
    option_id: str


class SchemeStore:
    def __init__(self) -> None:
        self._schemes = Documents(DirectoryItem, "scheme", Scheme, lambda s: s.id, lambda s: s.version)
        self._last = Documents(DirectoryItem, "last filing", LastFiling, lambda f: f.id)

    def find(self, scheme_id: SchemeId) -> Scheme | None:
        return self._schemes.find(scheme_id)

    def get(self, scheme_id: SchemeId) -> Scheme:
        return self._schemes.get(scheme_id)

    def knows(self, scheme_id: str) -> bool:
        """Whether one can file by it."""
        found = self._schemes.find(scheme_id)
        return found is not None and found.status == "published"

    def page(self, limit: int, cursor: str | None = None) -> Slice[Scheme]:
        return self._schemes.page(limit, cursor)

    def all(self) -> list[Scheme]:
        return self._schemes.all()

    def create(self, scheme: Scheme) -> None:
        self._schemes.create(scheme)

    def replace(self, before: Scheme, after: Scheme, token: str) -> None:
        """The next state of a scheme; a version that another follows is kept beside it, in the same transaction."""
        if after.scheme_version == before.scheme_version:
            self._schemes.replace(after)
            return
        try:
            transact([self._schemes.put(after), self._versions(before.id).put(before.snapshot)], token)
        except Clash as clash:
            raise StaleVersion("Somebody changed this since you read it. Read it again.") from clash

    def version(self, scheme_id: SchemeId, scheme_version: int) -> Snapshot:
        """A version that another has followed."""
        return self._versions(scheme_id).get(f"{scheme_version:06d}")

    def last_filed(self, scheme_id: SchemeId, category_id: str | None) -> str | None:
        found = self._last.find(_place(scheme_id, category_id))
        return found.option_id if found else None

    def remember(self, scheme_id: SchemeId, category_id: str | None, option_id: str) -> None:
        """The last one wins."""
        self._last.overwrite(LastFiling(id=_place(scheme_id, category_id), option_id=option_id))

    @staticmethod
    def _versions(scheme_id: SchemeId) -> Documents[Snapshot]:
        kind = f"scheme versions:{scheme_id}"
        return Documents(DirectoryItem, kind, Snapshot, lambda s: f"{s.scheme_version:06d}")


def _place(scheme_id: SchemeId, category_id: str | None) -> str:
    return f"{scheme_id}:{category_id or ''}"
