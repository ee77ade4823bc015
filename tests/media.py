"""Small real files of each kind, and what phones put into pictures besides."""

import io
import struct
import zipfile
import zlib
from base64 import b64decode

CANARY = b"GPS-48.8584N-2.2945E"
"""Stands where a picture would tell where it was taken, or by whom."""

JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9"
    "//j/wAALCAAGAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJx"
    "FDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZ"
    "mqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AGQ2i+1f/9k="
)
"""8 × 6, baseline."""
PROGRESSIVE = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9"
    "//j/wgALCAAGAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAv/aAAgBAQAAAAE//8QAFhAAAwAAAAAAAAAAAAAAAAAAAAEC/9oACAEBAAEFAlJ//8QA"
    "FBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQAGPwJ//8QAFRABAQAAAAAAAAAAAAAAAAAAAAH/2gAIAQEAAT8hm//aAAgBAQAAABD/AP/EABUQAQEAAAAA"
    "AAAAAAAAAAAAAABh/9oACAEBAAE/EIn/2Q=="
)
"""8 × 6, six scans."""
LOSSY = b64decode("UklGRjoAAABXRUJQVlA4IC4AAADQAQCdASoIAAYAB0CWJbACdAEPDAbF4AD+wGMTIpM5oMaZ+JTjvdzj0hsNDAAA")
"""A WebP of 8 × 6, of one chunk."""
LOSSLESS = b64decode("UklGRioAAABXRUJQVlA4TB4AAAAvB0ABALmM6H/sIqL/ASEBYY7/GyULxmO0YgKQWjY=")
"""A WebP of 8 × 6, of one chunk."""
ANIMATED = b64decode(
    "R0lGODlhCAAGAIEAAJagWh6gWmlQWmkUWiH/C05FVFNDQVBFMi4wAwEAAAAh/gZTRUNSRVQAIfkEAAoAAAAsAAAAAAgABgAACB0ABwgcSLDggAACEioE"
    "EKBhQgAQGwaASFEiRYgBAQAh+QQBCgAEACwAAAAACAAGAIGWoFoeoFppUFppFFoIHwABCBQYoOBAggYFEiBQMAAAAQIWQgwwoKLFixgHBAQAOw=="
)
"""A GIF of 8 × 6, two pictures that play for ever, and a comment `SECRET`."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0\0\0\x08free" + b"\0\0\0\x10mdat" + bytes(8)
VOICE_MP4 = b"\0\0\0\x1cftypiso5\0\0\2\0iso5iso6mp41" + b"\0\0\0\x10mdat" + bytes(8)
WEBM = (
    b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04"
    + bytes(64)
)
OPUS = b"OggS\0\2" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(30)
EXE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(64)


def exif(orientation: int = 1, order: str = ">") -> bytes:
    """As a phone writes it: which way up, and where."""
    byte_order = b"MM\0*" if order == ">" else b"II*\0"
    entries = [
        struct.pack(order + "HHII", 0x010F, 2, len(CANARY), 200),
        struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0),
        struct.pack(order + "HHII", 0x8825, 4, 1, 200),
    ]
    head = byte_order + struct.pack(order + "IH", 8, len(entries)) + b"".join(entries)
    return head + bytes(204 - len(head)) + CANARY


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def phones_jpeg(orientation: int = 6, order: str = ">", drawn: bytes = JPEG) -> bytes:
    """Exif, XMP, IPTC, a comment, a colour profile, a small picture inside JFIF, and a film behind the end."""
    return b"".join(
        [
            drawn[:2],
            segment(0xE1, b"Exif\0\0" + exif(orientation, order)),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + CANARY),
            segment(0xED, b"Photoshop 3.0\0" + CANARY),
            segment(0xE2, b"MPF\0" + CANARY),
            segment(0xE2, b"ICC_PROFILE\0\1\1colours"),
            segment(0xE0, b"JFXX\0\x10" + CANARY),
            segment(0xFE, CANARY),
            drawn[2:],
            b"\0\0\0\x18ftypmp42" + CANARY,
        ]
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 8, height: int = 6, *more: tuple[bytes, bytes]) -> bytes:
    """Has the pixels of 8 × 6, whatever it says."""
    rows = zlib.compress(b"".join(b"\0" + bytes(8 * 3) for _ in range(6)))
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            *(chunk(name, body) for name, body in more),
            chunk(b"IDAT", rows),
            chunk(b"IEND", b""),
        ]
    )


def phones_png(orientation: int = 1) -> bytes:
    told = [
        (b"eXIf", exif(orientation)),
        (b"tEXt", b"Author\0" + CANARY),
        (b"iTXt", b"XML:com.adobe.xmp\0" + CANARY),
    ]
    return png(8, 6, *told, (b"tIME", bytes(7)), (b"prVt", CANARY), (b"gAMA", b"\0\0\xb1\x8f")) + CANARY


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(inside)) + inside + b"\0" * (len(inside) % 2) for name, inside in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def phones_webp(orientation: int = 6) -> bytes:
    size = struct.pack("<I", 7)[:3] + struct.pack("<I", 5)[:3]
    return (
        riff(
            (b"VP8X", bytes((0x2C, 0, 0, 0)) + size),
            (b"ICCP", b"colours"),
            (b"VP8 ", LOSSY[20:]),
            (b"EXIF", exif(orientation)),
            (b"XMP ", CANARY),
        )
        + CANARY
    )


def archive(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in parts.items():
            into.writestr(name, content)
    return made.getvalue()


def office(folder: str, *more: str) -> bytes:
    names = ["[Content_Types].xml", "_rels/.rels", f"{folder}/document.xml", *more]
    return archive(dict.fromkeys(names, b"<x/>" * 50))
