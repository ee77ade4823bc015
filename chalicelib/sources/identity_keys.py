"""The secrets by which a source's own server says who its customers are: two live while they rotate.

    identity keys   source → its keys, each with its secret

A secret is told once, when it is made, and stands in no list and no other document. It signs by HMAC, so it is kept as it is: in the
cloud the table is encrypted at rest.
"""

from typing import Final

from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import DirectoryItem, Documents, NoSuchThing
from chalicelib.kit.ids import Ids
from chalicelib.kit.values import Instant, SourceId, Value
from chalicelib.sources.model import MOST_KEYS, TooManyKeys
from chalicelib.sources.store import SourceStore

_KID_LETTERS: Final = 10


class IdentityKey(Value):
    kid: str
    secret: str
    made_at: Instant


class IdentityKeys(Value):
    """Of one source, the newest first."""

    source_id: str
    version: int = 0
    keys: list[IdentityKey] = []

    def secret(self, kid: str | None) -> list[str]:
        """Those a token may be signed with: the one it names, or any where it names none."""
        return [k.secret for k in self.keys if kid in (None, k.kid)]


class IdentityKeyStore:
    def __init__(self, sources: SourceStore, ids: Ids, clock: Clock) -> None:
        self._documents = Documents(
            DirectoryItem, "identity keys", IdentityKeys, lambda k: k.source_id, lambda k: k.version
        )
        self._sources = sources
        self._ids = ids
        self._now = clock

    def of(self, source_id: SourceId) -> IdentityKeys:
        return self._documents.find(source_id) or IdentityKeys(source_id=source_id)

    def add(self, source_id: SourceId) -> IdentityKey:
        """Tokens of both are believed until the older is dropped."""
        self._sources.get(source_id)
        kept = self.of(source_id)
        if len(kept.keys) >= MOST_KEYS:
            raise TooManyKeys(f"Two keys live at most. Drop {kept.keys[-1].kid} first.")
        made = IdentityKey(
            kid=self._ids.secret()[:_KID_LETTERS].lower(), secret=self._ids.secret(), made_at=self._now()
        )
        self._keep(kept, [made, *kept.keys])
        return made

    def drop(self, source_id: SourceId, kid: str) -> None:
        """Tokens signed with it are believed no more."""
        kept = self.of(source_id)
        left = [k for k in kept.keys if k.kid != kid]
        if len(left) == len(kept.keys):
            raise NoSuchThing("There is no such key.")
        self._keep(kept, left)

    def _keep(self, kept: IdentityKeys, keys: list[IdentityKey]) -> None:
        changed = kept.model_copy(update={"keys": keys, "version": kept.version + 1})
        if kept.version:
            self._documents.replace(changed)
        else:
            self._documents.create(changed)
