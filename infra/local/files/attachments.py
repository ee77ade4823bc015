"""The attachments' store as the house sees it: what S3 would be asked for."""

from datetime import timedelta
from urllib.parse import quote

from chalicelib.kit.outside import FileFacts, NoSuchFile, Upload
from infra.local.files.signing import Allowed, Given, Signer
from infra.local.files.store import NoSuchObject, ObjectStore

NO_KIND = "application/octet-stream"


class LocalFiles:
    """Forms and links that this server answers at `/files`. `origin` is what they begin with."""

    def __init__(self, store: ObjectStore, signer: Signer, origin: str) -> None:
        self._store = store
        self._signer = signer
        self._origin = origin

    def form(self, key: str, *, largest: int, lasts: timedelta) -> Upload:
        """Good as often as it is sent in time, as S3's is."""
        return Upload(f"{self._origin}/files", self._signer.fields(Allowed(key, NO_KIND, largest), lasts))

    def link(self, key: str, *, name: str, inline: bool, lasts: timedelta) -> str:
        return f"{self._origin}/files/{quote(key)}?{self._signer.query(key, Given(name, inline), lasts)}"

    def look(self, key: str) -> FileFacts | None:
        try:
            stored = self._store.head(key)
        except NoSuchObject:
            return None
        return FileFacts(stored.size, stored.version)

    def read(self, key: str, version: str, first: int, count: int) -> bytes:
        try:
            return self._store.read_range(key, first, count, version)
        except NoSuchObject as gone:
            raise NoSuchFile(key) from gone

    def put(self, key: str, content: bytes, content_type: str) -> None:
        with self._store.receive(key, content_type) as incoming:
            incoming.write(content)
            incoming.keep()

    def copy(self, key: str, version: str, to: str, content_type: str) -> None:
        try:
            with (
                self._store.pieces(key, version) as pieces,
                self._store.receive(to, content_type) as incoming,
            ):
                for piece in pieces:
                    incoming.write(piece)
                incoming.keep()
        except NoSuchObject as gone:
            raise NoSuchFile(key) from gone

    def delete(self, key: str) -> None:
        self._store.delete(key)
