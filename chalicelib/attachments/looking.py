"""Looking at what was uploaded: what it is, and a picture without what it tells of its maker. Pure.

Apart from the room's other rules, because only the functions that look need what it imports.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Final

from chalicelib.attachments.model import ContentNotAllowed
from chalicelib.attachments.pictures import gif, jpeg, png, webp
from chalicelib.attachments.pictures.picture import Damaged, Picture
from chalicelib.attachments.sniffing import SOUND_OF, TYPES, FileType, Unknown, type_of
from chalicelib.kit.errors import Invalid
from chalicelib.protocol.contents import FileKind

_FORMATS: Final[dict[str, Callable[[bytes], Picture]]] = {
    "image/jpeg": jpeg.cleaned,
    "image/png": png.cleaned,
    "image/webp": webp.cleaned,
    "image/gif": gif.cleaned,
}
_SAID: Final = {"image": "a picture", "video": "a film", "voice": "a sound", "file": "a file"}
_GROUPS: Final = {"image": "image", "video": "video", "voice": "audio"}


def found_type(kind: FileKind, name: str, head: bytes, tail: bytes) -> FileType:
    """The type of a file sent as this kind, from its first and last bytes. Raises ContentNotAllowed."""
    try:
        found = type_of(head, tail, name)
    except Unknown as unknown:
        raise ContentNotAllowed(str(unknown)) from unknown
    if kind == "voice":
        found = TYPES[SOUND_OF.get(found.content_type, found.content_type)]
    if found.group != _GROUPS.get(kind, found.group):
        raise ContentNotAllowed(f"This is not {_SAID[kind]}: it is {found.content_type}.")
    return found


def is_picture(found: FileType) -> bool:
    return found.content_type in _FORMATS


def cleaned(found: FileType, content: bytes) -> Picture:
    """Without what it tells of its maker. Raises ContentNotAllowed for what only begins like a picture."""
    try:
        return _FORMATS[found.content_type](content)
    except Damaged as damaged:
        raise ContentNotAllowed(
            "This picture is damaged, or is none. Save it anew and try again."
        ) from damaged


def thumbnail(sent: str) -> str:
    """A JPEG or a WebP in base64, cleaned like any other. Raises Invalid."""
    try:
        content = base64.b64decode(sent, validate=True)
        small = (webp if content.startswith(b"RIFF") else jpeg).cleaned(content)
    except (binascii.Error, ValueError, Damaged) as error:
        what = "is not a JPEG or WebP in base64"
        raise Invalid(f"The thumbnail {what}.", errors=(("thumbnail", what),)) from error
    return base64.b64encode(small.content).decode()
