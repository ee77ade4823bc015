"""The site's files as CloudFront would send them: with the declared headers, ETags and gzip."""

import asyncio
import fnmatch
import gzip
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from infra.local.asgi import Answer, Receive, Scope, Send, answer, header
from infra.local.problems import problem
from infra.local.trouble import CannotStart

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".jpg": "image/jpeg",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
}
_COMPRESSED_ALREADY = {".png", ".webp", ".avif", ".jpg", ".woff2", ".mp3", ".ogg"}


@dataclass(frozen=True)
class Rule:
    """The headers of the paths a pattern matches, names in lower case."""

    pattern: str
    headers: Mapping[str, str]


def rules_in(declared: Path, fillings: Mapping[str, str]) -> list[Rule]:
    """The declared rules, their `{placeholders}` filled in. Raises CannotStart when they can't be read."""
    try:
        text = declared.read_text("utf-8")
        for name, filling in fillings.items():
            text = text.replace(f"{{{name}}}", filling)
        return [
            Rule(rule["path"], {name.lower(): value for name, value in rule["headers"].items()})
            for rule in json.loads(text)["rules"]
        ]
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise CannotStart(f"{declared} can't be read ({error!r}): the site needs its headers.") from error


@dataclass(frozen=True)
class _Loaded:
    """A file in memory, as long as the one on the disk is the same."""

    stamp: tuple[int, int]
    plain: bytes
    zipped: bytes | None
    etag: str


_ANCESTORS = "{ancestors}"


class Site:
    """An ASGI door for the files under `folder`. A build made while the server runs is seen at the next request.

    `ancestors`: who may frame a page that is asked for with `?source=`, as of that request.
    """

    def __init__(
        self, folder: Path, rules: Sequence[Rule], ancestors: Callable[[str], str] = lambda _: "'self'"
    ) -> None:
        self._folder = folder.resolve()
        self._rules = rules
        self._ancestors = ancestors
        self._loaded: dict[Path, _Loaded] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            reply = problem(405, "method_not_allowed", "The site's files can only be read.")
        else:
            reply = await self._filled(scope, self._answer(scope))
        if scope["method"] == "HEAD":
            length = ("content-length", str(len(reply.body)))
            reply = Answer(reply.status, [*reply.headers, length])
        await answer(send, reply)

    async def _filled(self, scope: Scope, reply: Answer) -> Answer:
        if not any(_ANCESTORS in value for _, value in reply.headers):
            return reply
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("source", [""])[0]
        ancestors = await asyncio.to_thread(self._ancestors, asked)
        headers = [(name, value.replace(_ANCESTORS, ancestors)) for name, value in reply.headers]
        return reply._replace(headers=headers)

    def _answer(self, scope: Scope) -> Answer:
        path: str = scope["path"]
        file = self._file(path)
        if file is None:
            return self._missing(path)
        loaded = self._load(file)
        headers = [*self._declared(path).items(), ("vary", "accept-encoding"), ("etag", loaded.etag)]
        if _matches(header(scope, "if-none-match"), loaded.etag):
            return Answer(304, headers)
        headers.append(("content-type", _TYPES.get(file.suffix, "application/octet-stream")))
        if loaded.zipped is not None and _takes_gzip(header(scope, "accept-encoding")):
            return Answer(200, [*headers, ("content-encoding", "gzip")], loaded.zipped)
        return Answer(200, headers, loaded.plain)

    def _missing(self, path: str) -> Answer:
        if self._file(path + "/") is not None:
            return Answer(308, [("location", path + "/")])
        missing = problem(404, "not_found", "There is no such page.")
        return missing._replace(headers=[*{**self._declared(path), **dict(missing.headers)}.items()])

    def _file(self, path: str) -> Path | None:
        """The file a path means, or None: never one outside the folder, never a hidden one."""
        parts = [part for part in path.split("/") if part]
        if "\0" in path or any(part.startswith(".") for part in parts):
            return None
        wanted = self._folder.joinpath(*parts)
        if path.endswith("/"):
            wanted /= "index.html"
        resolved = wanted.resolve()
        return resolved if resolved.is_file() and resolved.is_relative_to(self._folder) else None

    def _load(self, file: Path) -> _Loaded:
        status = file.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        kept = self._loaded.get(file)
        if kept is None or kept.stamp != stamp:
            plain = file.read_bytes()
            etag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
            kept = self._loaded[file] = _Loaded(stamp, plain, _zipped(file, plain), etag)
        return kept

    def _declared(self, path: str) -> dict[str, str]:
        """Of the rules whose pattern matches, the first that names a header gives it."""
        declared: dict[str, str] = {}
        for rule in self._rules:
            if fnmatch.fnmatchcase(path, rule.pattern):
                declared = {**rule.headers, **declared}
        return declared


def _zipped(file: Path, plain: bytes) -> bytes | None:
    built = file.with_name(file.name + ".gz")
    if built.is_file() and built.stat().st_mtime_ns >= file.stat().st_mtime_ns:
        return built.read_bytes()
    if file.suffix in _COMPRESSED_ALREADY or not plain:
        return None
    return gzip.compress(plain, 9, mtime=0)


def _takes_gzip(accepted: str | None) -> bool:
    codings = [coding.strip().replace(" ", "") for coding in (accepted or "").lower().split(",")]
    return any(
        coding == "gzip" or (coding.startswith("gzip;q=") and coding != "gzip;q=0") for coding in codings
    )


def _matches(if_none_match: str | None, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return etag in tags or tags == ["*"]
