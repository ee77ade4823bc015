"""multipart/form-data as S3 takes it: small fields first, the file last, read as it arrives."""

import re
from collections.abc import AsyncIterator

from infra.local.asgi import Receive

_FIELDS_LIMIT = 20 * 1024
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))')
_NAME = re.compile(r'[;\s]name="([^"]*)"')


class BadForm(Exception):
    """The body is no form with a file in it."""


class Form:
    """Ask for `fields` first, then for `file`."""

    def __init__(self, receive: Receive, content_type: str) -> None:
        """Raises BadForm when the content type names no boundary."""
        boundary = _BOUNDARY.search(content_type)
        if not content_type.startswith("multipart/form-data") or boundary is None:
            raise BadForm("the content type must be multipart/form-data with a boundary")
        self._delimiter = b"\r\n--" + (boundary[1] or boundary[2]).encode()
        self._receive = receive
        self._unread = bytearray(b"\r\n")  # so that the first boundary looks like all others
        self._more = True

    async def fields(self) -> dict[str, str]:
        """The fields before the file. Raises BadForm for a form without one, or with too many bytes before it."""
        fields: dict[str, str] = {}
        await self._up_to(self._delimiter)
        while True:
            head = (await self._up_to(b"\r\n\r\n")).decode("utf-8", "replace")
            name = _NAME.search(head)
            if name is None:
                raise BadForm("a part of the form has no name, or the file is missing")
            if name[1] == "file":
                return fields
            fields[name[1]] = (await self._up_to(self._delimiter)).decode("utf-8", "replace")

    async def file(self) -> AsyncIterator[bytes]:
        """The file's bytes, in pieces. Raises BadForm when the form is cut short."""
        kept_back = len(self._delimiter) - 1
        while True:
            end = self._unread.find(self._delimiter)
            if end >= 0:
                yield bytes(self._unread[:end])
                return
            if len(self._unread) > kept_back:
                yield bytes(self._unread[:-kept_back])
                del self._unread[:-kept_back]
            await self._read()

    async def _up_to(self, marker: bytes) -> bytes:
        while (end := self._unread.find(marker)) < 0:
            if len(self._unread) > _FIELDS_LIMIT:
                raise BadForm("the fields before the file are too long")
            await self._read()
        taken = bytes(self._unread[:end])
        del self._unread[: end + len(marker)]
        return taken

    async def _read(self) -> None:
        if not self._more:
            raise BadForm("the form is cut short")
        message = await self._receive()
        self._unread += message.get("body", b"")
        self._more = bool(message.get("more_body"))
