"""What a file is, by its bytes. Pure: what its name and its sender say of it only tells apart what bytes can't.

An allow-list: what is not known for something harmless is refused. Nothing that a browser or a shell would run is on it.
"""

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.attachments.names import extension

HEAD = 64 * 1024
"""Bytes looked at from the beginning, and as many from the end."""


@dataclass(frozen=True)
class FileType:
    """`extensions`: those that its files may have; the first is added to a name without one."""

    content_type: str
    extensions: tuple[str, ...]

    @property
    def group(self) -> str:
        return self.content_type.partition("/")[0]


def _types(*types: FileType) -> dict[str, FileType]:
    return {known.content_type: known for known in types}


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
TYPES: Final = _types(
    FileType("image/jpeg", ("jpg", "jpeg", "jfif", "jpe")),
    FileType("image/png", ("png", "apng")),
    FileType("image/gif", ("gif",)),
    FileType("image/webp", ("webp",)),
    FileType("video/mp4", ("mp4", "m4v")),
    FileType("video/quicktime", ("mov", "qt")),
    FileType("video/webm", ("webm",)),
    FileType("audio/mpeg", ("mp3", "mpga")),
    FileType("audio/mp4", ("m4a", "mp4", "m4b")),
    FileType("audio/aac", ("aac",)),
    FileType("audio/ogg", ("ogg", "oga", "opus")),
    FileType("audio/webm", ("webm", "weba")),
    FileType("audio/wav", ("wav",)),
    FileType("audio/flac", ("flac",)),
    FileType("application/pdf", ("pdf",)),
    FileType(_OPEN_XML + "wordprocessingml.document", ("docx",)),
    FileType(_OPEN_XML + "spreadsheetml.sheet", ("xlsx",)),
    FileType(_OPEN_XML + "presentationml.presentation", ("pptx",)),
    FileType(_OPEN_DOCUMENT + "text", ("odt",)),
    FileType(_OPEN_DOCUMENT + "spreadsheet", ("ods",)),
    FileType(_OPEN_DOCUMENT + "presentation", ("odp",)),
    FileType("application/msword", ("doc",)),
    FileType("application/vnd.ms-excel", ("xls",)),
    FileType("application/vnd.ms-powerpoint", ("ppt",)),
    FileType("application/zip", ("zip",)),
    FileType("text/csv", ("csv",)),
    FileType(
        "text/plain", ("txt", "text", "log", "md", "tsv", "json", "yaml", "yml", "ini", "srt", "ics", "vcf")
    ),
)
SOUND_OF: Final = {"video/mp4": "audio/mp4", "video/webm": "audio/webm"}
"""One container holds either; which, only the sender's kind tells."""
_BY_EXTENSION: Final = {e: known for known in reversed(TYPES.values()) for e in known.extensions}

_MARKUP = re.compile(rb"<(?:[!?/a-z]|\s*(?:svg|html|script)\b)", re.IGNORECASE)
_MARKUP_WITHIN = re.compile(rb"<(?:!doctype|\?xml|\?php|html|svg|script|iframe|body)\b", re.IGNORECASE)
_SCRIPT = (b"#!", b"%!", b"@echo", b"<%", b"{\\rtf")
_NEAR = 2_048
"""Bytes in which browsers look for markup that nobody announced."""
_NOT_IN_A_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_PICTURES_IN_FTYP = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx "})
_SOUND_IN_FTYP = frozenset({b"M4A ", b"M4B ", b"M4P "})
_ZIPPED = {b"word/": "docx", b"xl/": "xlsx", b"ppt/": "pptx"}
_RUNS_IN_ZIP = (
    b"META-INF/MANIFEST.MF", b"AndroidManifest.xml", b"classes.dex", b"vbaProject.bin", b"Payload/", b"xl/macrosheets/",
)  # fmt: skip
_OLE = ("doc", "xls", "ppt")


_NOT_TAKEN = "Files of this kind are not taken here."


class Unknown(Exception):
    """Not a kind of file that is let in. The message says what was found, for people."""


def type_of(head: bytes, tail: bytes, name: str) -> FileType:
    """Raises Unknown. `head` and `tail` are the first and last bytes, the whole where it is short."""
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head.startswith(b"ID3"):
        return TYPES["audio/mpeg"]
    if _is_text(head):
        return _text(head, name)
    found = _known(head)
    looked_into = {
        "zip": lambda: _zipped(head, tail),
        "doc": lambda: _ole(name),
        "webm": lambda: _matroska(head),
        "mpga": lambda: _mpeg(head),
    }
    for known in ("jpg", "png", "gif", "webp", "wav", "aac", "flac", "ogg", "pdf", *looked_into):
        if known in found:
            return looked_into.get(known, lambda known=known: _BY_EXTENSION[known])()
    raise Unknown(_NOT_TAKEN)


def _known(head: bytes) -> set[str]:
    """Extensions of what puremagic takes it for with the most certainty: one format has several, and some begin alike.

    Imported here: it reads 160 KB of signatures at import, and one function of all needs them. It is not asked about MP4,
    where its list of brands has holes, nor about texts, where its signatures are two letters long.
    """
    from puremagic import PureError, magic_string  # noqa: PLC0415

    try:
        matches = magic_string(head)
    except PureError:
        return set()
    return {m.extension.lstrip(".") for m in matches if m.confidence == matches[0].confidence}


def _is_text(head: bytes) -> bool:
    if head.startswith(_MARKS[1:]):
        return True
    return not _NOT_IN_A_TEXT.search(head) and not head.startswith(b"%PDF-")


def _text(head: bytes, name: str) -> FileType:
    text = _utf_8(head)
    start = text.lstrip()
    if _MARKUP.match(start) or _MARKUP_WITHIN.search(text[:_NEAR]) or start.lower().startswith(_SCRIPT):
        raise Unknown(
            "Web pages, drawings as SVG, XML and scripts are not taken here. Send a PDF or a picture."
        )
    return TYPES["text/csv" if extension(name) == "csv" else "text/plain"]


def _utf_8(head: bytes) -> bytes:
    """Without its byte order mark; UTF-16 rewritten, so that markup in it is seen."""
    if head.startswith(_MARKS[1:]):
        return head[: len(head) & ~1].decode("utf-16", "replace").encode(errors="replace")
    return head.removeprefix(_MARKS[0])


def _zipped(head: bytes, tail: bytes) -> FileType:
    """An archive names its parts in clear, at its beginning and in the directory at its end."""
    parts = head + tail
    if any(part in parts for part in _RUNS_IN_ZIP):
        raise Unknown("Programs and documents with macros are not taken here.")
    office = next((known for folder, known in _ZIPPED.items() if folder in parts), None)
    if b"[Content_Types].xml" in parts and office:
        return _BY_EXTENSION[office]
    if head[30:38] == b"mimetype":
        inside = head[38:120]
        for known in TYPES.values():
            if known.content_type.startswith(_OPEN_DOCUMENT) and inside.startswith(
                known.content_type.encode()
            ):
                return known
    return TYPES["application/zip"]


def _ole(name: str) -> FileType:
    """Word, Excel and PowerPoint before 2007 begin alike, and so do installers: the name tells which, and must be one of these."""
    if extension(name) not in _OLE:
        raise Unknown(_NOT_TAKEN)
    return _BY_EXTENSION[extension(name)]


def _matroska(head: bytes) -> FileType:
    if b"webm" not in head[:64]:
        raise Unknown("Films of this kind are not taken here. Send MP4 or WebM.")
    return TYPES["video/webm"]


def _mpeg(head: bytes) -> FileType:
    """Two bytes alone would take much for music: a whole frame header has to make sense (ISO/IEC 11172-3, 2.4.2.3)."""
    version, layer, rate, sampling = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 0 or rate in (0, 15) or sampling == 3:  # noqa: PLR2004  # reserved values
        raise Unknown(_NOT_TAKEN)
    return TYPES["audio/mpeg"]


def _iso_media(head: bytes) -> FileType:
    """MP4, QuickTime, and pictures in the same boxes (ISO/IEC 14496-12, 4.3): the first box names its brands."""
    brand = head[8:12]
    if brand in _PICTURES_IN_FTYP:
        raise Unknown("Pictures of this kind (HEIC, AVIF) are not taken here. Send JPEG, PNG or WebP.")
    if brand in _SOUND_IN_FTYP:
        return TYPES["audio/mp4"]
    return TYPES["video/quicktime" if brand == b"qt  " else "video/mp4"]
