"""Schemes: a Get each, config-sized lists."""

from chalicelib.archive.model import Scheme
from chalicelib.kit.documents import DirectoryItem, Documents
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import SchemeId


class SchemeStore:
    def __init__(self) -> None:
        self._schemes = Documents(DirectoryItem, "scheme", Scheme, lambda s: s.id, lambda s: s.version)

    def find(self, scheme_id: SchemeId) -> Scheme | None:
        return self._schemes.find(scheme_id)

    def knows(self, scheme_id: str) -> bool:
        """Whether one can file by it."""
        found = self._schemes.find(scheme_id)
        return found is not None and found.status == "published"

    def page(self, limit: int, cursor: str | None = None) -> Slice[Scheme]:
        return self._schemes.page(limit, cursor)

    def create(self, scheme: Scheme) -> None:
        self._schemes.create(scheme)
