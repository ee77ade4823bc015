"""The attachments' store as the house sees it: what S3 would be asked for."""

from typing import TypedDict
from urllib.parse import quote

from infra.local.files.signing import Signer, Upload
from infra.local.files.store import NoSuchObject, ObjectStore, StoredObject


class PresignedPost(TypedDict):
    """Where to send the form, and the fields to send before the file."""

    url: str
    fields: dict[str, str]


class LocalFiles:
    """Presigned uploads and links that this server answers at `/files`. `origin` is what they begin with."""

    def __init__(self, store: ObjectStore, signer: Signer, origin: str) -> None:
        self._store = store
        self._signer = signer
        self._origin = origin

    def presign_post(self, key: str, content_type: str, max_size: int, expires_s: int) -> PresignedPost:
        """Lets in one kind of file of 1 to `max_size` bytes under this key, as often as it is sent in time."""
        fields = self._signer.fields(Upload(key, content_type, max_size), expires_s)
        return {"url": f"{self._origin}/files", "fields": fields}

    def link(self, key: str, expires_s: int, name: str | None = None) -> str:
        """A link that downloads the object as `name`, for so long."""
        return f"{self._origin}/files/{quote(key)}?{self._signer.query(key, expires_s, name)}"

    def head(self, key: str) -> StoredObject | None:
        """None when nothing is stored under the key."""
        try:
            return self._store.head(key)
        except NoSuchObject:
            return None

    def read_range(self, key: str, first: int, count: int) -> bytes:
        """Raises NoSuchObject."""
        return self._store.read_range(key, first, count)

    def delete(self, key: str) -> None:
        self._store.delete(key)
