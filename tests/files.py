"""The attachments' store of a house in memory: the folder adapter on a folder of its own, and what was asked of it."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.kit.clock import Clock
from chalicelib.kit.outside import FileFacts, Upload
from infra.local.files.attachments import LocalFiles
from infra.local.files.signing import NotAllowed, Signer
from infra.local.files.store import NoSuchObject, ObjectStore

ORIGIN = "http://files.test"


class Died(Exception):
    """The function was cut off at this call, before or after it."""


class Shelf:
    """Made when first needed. `dies_before` and `dies_after` name calls at which the function ends; `before` plans what another does."""

    def __init__(self, clock: Clock) -> None:
        self.asked: Counter[str] = Counter()
        self.dies_before: set[str] = set()
        self.dies_after: set[str] = set()
        self._meanwhile: dict[str, Callable[[], Any]] = {}
        self._signer = Signer(b"s" * 32, clock)

    @cached_property
    def _folder(self) -> "TemporaryDirectory[str]":
        return TemporaryDirectory(prefix="deskbell-files-")

    @cached_property
    def store(self) -> ObjectStore:
        store = ObjectStore(Path(self._folder.name))
        store.prepare()
        return store

    def close(self) -> None:
        if "_folder" in vars(self):
            self._folder.cleanup()

    def before(self, call: str, act: Callable[[], Any]) -> None:
        """`act` happens just before the next call of this name arrives."""
        self._meanwhile[call] = act

    # what the house asks

    def form(self, key: str, *, largest: int, lasts: timedelta) -> Upload:
        return self._do("form", key, largest=largest, lasts=lasts)

    def link(self, key: str, *, name: str, inline: bool, lasts: timedelta) -> str:
        return self._do("link", key, name=name, inline=inline, lasts=lasts)

    def look(self, key: str) -> FileFacts | None:
        return self._do("look", key)

    def read(self, key: str, version: str, first: int, count: int) -> bytes:
        return self._do("read", key, version, first, count)

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self._do("put", key, content, content_type)

    def copy(self, key: str, version: str, to: str, content_type: str) -> None:
        self._do("copy", key, version, to, content_type)

    def delete(self, key: str) -> None:
        self._do("delete", key)

    # what browsers do

    def uploaded(self, form: dict[str, Any], content: bytes) -> None:
        """Sends a form as a browser would. Raises NotAllowed where the store's door would refuse it."""
        allowed = self._signer.upload_of(form["fields"])
        if not 0 < len(content) <= allowed.max_size:
            raise NotAllowed("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400)
        with self.store.receive(allowed.key, allowed.content_type) as incoming:
            incoming.write(content)
            incoming.keep()

    def given(self, url: str) -> tuple[bytes, str, bool, str]:
        """What a link gives out: bytes, type, whether in its place, name. Raises NotAllowed where it is no link any more."""
        path, _, query = url.removeprefix(f"{ORIGIN}/files/").partition("?")
        given = self._signer.given_in(path, query)
        stored = self.store.head(path)
        return self.store.read_range(path, 0, stored.size), stored.content_type, given.inline, given.name

    @property
    def kept(self) -> int:
        """How many objects lie there."""
        return len(list(Path(self._folder.name).iterdir())) if "store" in vars(self) else 0

    def lies_at(self, key: str) -> bool:
        try:
            self.store.head(key)
        except NoSuchObject:
            return False
        return True

    def _do(self, call: str, *arguments: Any, **facts: Any) -> Any:
        self.asked[call] += 1
        if act := self._meanwhile.pop(call, None):
            act()
        if call in self.dies_before:
            raise Died(call)
        answer = getattr(LocalFiles(self.store, self._signer, ORIGIN), call)(*arguments, **facts)
        if call in self.dies_after:
            raise Died(call)
        return answer
