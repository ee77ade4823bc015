"""Objects on the disk: a key, a kind and bytes. A key never becomes a path, so none can leave the folder."""

import contextlib
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from infra.local.folder import sync_folder

QUARANTINE = "quarantine/"
"""Keys of uploads nobody has looked at yet begin so; like the bucket's, they are kept for a day at most."""
_KEPT_S = 86_400
_PIECE = 1024 * 1024
_UNFINISHED, _QUARANTINED = ".incoming-", "quarantined-"


class NoSuchObject(Exception):
    """Nothing is stored under this key, or not in this version."""


@dataclass(frozen=True)
class StoredObject:
    """What is known of an object without its bytes. `version` is another one after each upload under its key."""

    key: str
    content_type: str
    size: int
    version: str


class Incoming:
    """An object on its way in. It is there only once `keep` has returned, and then whole and on the disk."""

    def __init__(self, file: BinaryIO, unfinished: Path, target: Path) -> None:
        self._file = file
        self._unfinished = unfinished
        self._target = target

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def keep(self) -> None:
        """Replaces what was stored under the key before."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unfinished.replace(self._target)
        sync_folder(self._target.parent)


class ObjectStore:
    """One file per object, named by its key's hash: a line that says what it is, then its bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the folder, and clear away what an interrupted upload left, or nobody completed."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left_over in self._folder.glob(f"{_UNFINISHED}*"):
            left_over.unlink(missing_ok=True)
        for quarantined in self._folder.glob(f"{_QUARANTINED}*"):
            if quarantined.stat().st_mtime < time.time() - _KEPT_S:
                quarantined.unlink(missing_ok=True)

    @contextlib.contextmanager
    def receive(self, key: str, content_type: str) -> Iterator[Incoming]:
        """An object to write to. What isn't kept when the block ends is gone."""
        unfinished = self._folder / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                described = {"key": key, "content_type": content_type, "version": secrets.token_hex(16)}
                file.write(json.dumps(described).encode() + b"\n")
                yield Incoming(file, unfinished, self._path(key))
        finally:
            unfinished.unlink(missing_ok=True)

    def head(self, key: str) -> StoredObject:
        """Raises NoSuchObject."""
        with self._open(key) as (stored, _):
            return stored

    def read_range(self, key: str, first: int, count: int, version: str | None = None) -> bytes:
        """`count` bytes from byte `first` on, or as many as there are. Raises NoSuchObject."""
        with self._open(key, version) as (_, file):
            file.seek(first, os.SEEK_CUR)
            return file.read(count)

    @contextlib.contextmanager
    def pieces(self, key: str, version: str) -> Iterator[Iterator[bytes]]:
        """All of it, whatever is stored under the key meanwhile. Raises NoSuchObject."""
        with self._open(key, version) as (_, file):
            yield iter(lambda: file.read(_PIECE), b"")

    def delete(self, key: str) -> None:
        """Deleting what isn't there is no error."""
        self._path(key).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _open(self, key: str, version: str | None = None) -> Iterator[tuple[StoredObject, BinaryIO]]:
        """The object and its file, standing at its first byte; of any version, or of this one alone."""
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise NoSuchObject(key) from None
        with file:
            described = json.loads(file.readline())
            size = os.fstat(file.fileno()).st_size - file.tell()
            stored = StoredObject(key, described["content_type"], size, described["version"])
            if version not in (None, stored.version):
                raise NoSuchObject(key)
            yield stored, file

    def _path(self, key: str) -> Path:
        named = hashlib.sha256(key.encode()).hexdigest()
        return self._folder / (f"{_QUARANTINED}{named}" if key.startswith(QUARANTINE) else named)
