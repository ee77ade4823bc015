"""`/files`: S3's answers to a presigned POST and to a signed link."""

import logging
import re
from urllib.parse import quote
from xml.sax.saxutils import escape

from infra.local.asgi import Answer, Receive, Scope, Send, answer, header
from infra.local.files.forms import BadForm, Form
from infra.local.files.signing import Given, NotAllowed, Signer
from infra.local.files.store import NoSuchObject, ObjectStore, StoredObject
from infra.local.gateway.workers import Workers

_PIECE = 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
# Another origin may send and read what it holds a signature for; nothing here goes by cookies.
_CROSS_ORIGIN = [("access-control-allow-origin", "*"), ("access-control-expose-headers", "etag")]
# A stored file is never a page: not by its kind, not by a browser's guess, not in a frame.
_NEVER_A_PAGE = [
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "sandbox; default-src 'none'"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("referrer-policy", "no-referrer"),
]

log = logging.getLogger("deskbell.local")


class FilesDoor:
    """An ASGI door for `POST /files` and `GET /files/{key}`."""

    def __init__(self, store: ObjectStore, signer: Signer, workers: Workers) -> None:
        self._store = store
        self._signer = signer
        self._workers = workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] in {"GET", "HEAD"}:
                await self._download(scope, send)
            elif scope["method"] == "POST" and scope["path"] in {"/files", "/files/"}:
                await answer(send, await self._upload(scope, receive))
            elif scope["method"] == "OPTIONS":
                methods = ("access-control-allow-methods", "GET, HEAD, POST")
                await answer(
                    send, Answer(200, [*_CROSS_ORIGIN, methods, ("access-control-allow-headers", "*")])
                )
            else:
                raise NotAllowed("MethodNotAllowed", "The specified method is not allowed.", 405)  # noqa: TRY301
        except NotAllowed as refusal:
            await answer(send, _error(refusal.status, refusal.code, refusal.message))
        except NoSuchObject:
            await answer(send, _error(404, "NoSuchKey", "The specified key does not exist."))

    async def _upload(self, scope: Scope, receive: Receive) -> Answer:
        try:
            form = Form(receive, header(scope, "content-type") or "")
            upload = self._signer.upload_of(await form.fields())
            size = 0
            with self._store.receive(upload.key, upload.content_type) as incoming:
                async for piece in form.file():
                    size += len(piece)
                    if size > upload.max_size:
                        raise NotAllowed(
                            "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400
                        )
                    incoming.write(piece)
                if not size:
                    raise NotAllowed(
                        "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400
                    )
                await self._workers.run(incoming.keep)
        except BadForm as bad:
            raise NotAllowed("MalformedPOSTRequest", f"The form can't be read: {bad}.", 400) from bad
        except OSError:
            log.exception("an upload could not be stored")
            return _error(500, "InternalError", "The file could not be stored.")
        return Answer(204, _CROSS_ORIGIN)

    async def _download(self, scope: Scope, send: Send) -> None:
        key = scope["path"].removeprefix("/files/")
        given = self._signer.given_in(key, scope["query_string"].decode("latin-1"))
        stored = self._store.head(key)
        status, first, last = _asked_range(header(scope, "range"), stored.size)
        headers = [*_CROSS_ORIGIN, *_NEVER_A_PAGE, *_describing(stored, given, first, last)]
        if status == 206:  # noqa: PLR2004  (HTTP's own)
            headers.append(("content-range", f"bytes {first}-{last}/{stored.size}"))
        wire = [(field.encode(), value.encode("latin-1")) for field, value in headers]
        await send({"type": "http.response.start", "status": status, "headers": wire})
        if scope["method"] == "GET":
            for at in range(first, last + 1, _PIECE):
                count = min(_PIECE, last + 1 - at)
                piece = await self._workers.run(self._store.read_range, key, at, count)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _describing(stored: StoredObject, given: Given, first: int, last: int) -> list[tuple[str, str]]:
    how = "inline" if given.inline else "attachment"
    return [
        ("content-type", stored.content_type),
        ("content-length", str(last + 1 - first)),
        ("content-disposition", f"{how}; filename*=UTF-8''{quote(given.name, safe='')}"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, max-age=300"),
    ]


def _asked_range(asked: str | None, size: int) -> tuple[int, int, int]:
    """Status, first byte and last. One range is understood; several, or nonsense, get the whole."""
    found = _RANGE.fullmatch(asked or "")
    if found is None or found[1] == found[2] == "":
        return 200, 0, size - 1
    if not found[1]:
        return 206, max(0, size - int(found[2])), size - 1
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if first > last:
        raise NotAllowed("InvalidRange", "The requested range is not satisfiable", 416)
    return 206, first, last


def _error(status: int, code: str, message: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>'
    return Answer(status, [*_CROSS_ORIGIN, ("content-type", "application/xml")], body.encode())
