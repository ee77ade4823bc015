"""The data folder: what stands where in it, which version of it this is, and the signing keys.

.deskbell/version     the folder's form, a whole number
          desk.db     the tables
          keys.json   signing keys, for the owner's eyes only
          files/      the attachments
          mail/       the e-mail that was sent, where no server is named that carries it
"""

import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from chalicelib.kit.outside import SigningKeys
from infra.local.trouble import CannotStart

VERSION = 1
KEY_BYTES = 32


@dataclass(frozen=True)
class DataFolder:
    """Nothing is created before `prepare`; `check` only looks."""

    path: Path

    @property
    def tables(self) -> Path:
        return self.path / "desk.db"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def mail(self) -> Path:
        return self.path / "mail"

    def check(self) -> None:
        """Raises CannotStart when the folder isn't ours, is damaged, or is a later release's."""
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise CannotStart(f"{self.path} is a file: DESKBELL_DATA must name a folder.")
        if not any(self.path.iterdir()):
            return
        version = self._version()
        if version > VERSION:
            raise CannotStart(
                f"{self.path} was written by a later release of Deskbell (form {version}; this one knows {VERSION}): "
                "start that release, or name another folder with DESKBELL_DATA."
            )
        self._read_keys()

    def prepare(self) -> SigningKeys:
        """Create what is missing; the signing keys. Survives being interrupted anywhere."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.files.mkdir(mode=0o700, exist_ok=True)
        if not self._keys.exists():
            key = {"current": "k1", "keys": {"k1": b64encode(secrets.token_bytes(KEY_BYTES)).decode()}}
            write_whole(self._keys, json.dumps(key).encode())
        if not self._version_file.exists():
            write_whole(self._version_file, f"{VERSION}\n".encode())
        keys = self._read_keys()
        if keys is None:
            raise CannotStart(f"{self._keys} was removed while the server started: start it again.")
        return keys

    @property
    def _version_file(self) -> Path:
        return self.path / "version"

    @property
    def _keys(self) -> Path:
        return self.path / "keys.json"

    def _version(self) -> int:
        try:
            text = self._version_file.read_text("ascii").strip()
        except FileNotFoundError:
            # `prepare` was interrupted before its last step, or this folder is somebody else's.
            if {entry.name for entry in self.path.iterdir()} <= {"keys.json", "files"} | _unfinished(
                self.path
            ):
                return VERSION
            raise CannotStart(
                f"{self.path} has files in it but not Deskbell's `version`: name another folder with DESKBELL_DATA."
            ) from None
        except (OSError, ValueError):
            text = ""
        if not text.isdigit():
            raise CannotStart(
                f"{self._version_file} is damaged: it should hold a whole number. Restore a backup."
            )
        return int(text)

    def _read_keys(self) -> SigningKeys | None:
        try:
            kept = json.loads(self._keys.read_bytes())
            keys = {name: b64decode(key, validate=True) for name, key in kept["keys"].items()}
            current = kept["current"]
            if current in keys and all(len(key) >= KEY_BYTES for key in keys.values()):
                return SigningKeys(current, keys)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        raise CannotStart(
            f"{self._keys} is damaged: restore it from a backup, or remove it, and everybody signs in again."
        )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is either there whole or not at all, readable by its owner only, safe through power loss."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries themselves durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unfinished(folder: Path) -> set[str]:
    return {entry.name for entry in folder.glob(".keys.json.*")} | {
        entry.name for entry in folder.glob(".version.*")
    }
