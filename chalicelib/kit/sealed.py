"""Texts that are kept for whoever brings their key, and for nobody who reads the table.

The key is 256 bits that are used for one text alone: SHAKE-256 of it gives as many bytes as the text has, which are combined with
it, and BLAKE2b under another half of the same output proves that nothing was changed (encrypt, then authenticate).
"""

import base64
import hashlib
import hmac

_TAG = 32


def sealed(text: str, key: bytes) -> str:
    content = text.encode()
    stream, prover = _streams(key, len(content))
    hidden = bytes(a ^ b for a, b in zip(content, stream, strict=True))
    return base64.b64encode(_tag(hidden, prover) + hidden).decode()


def opened(text: str, key: bytes) -> str | None:
    """None where the key is another's, or something was changed."""
    kept = base64.b64decode(text)
    tag, hidden = kept[:_TAG], kept[_TAG:]
    stream, prover = _streams(key, len(hidden))
    if not hmac.compare_digest(tag, _tag(hidden, prover)):
        return None
    return bytes(a ^ b for a, b in zip(hidden, stream, strict=True)).decode()


def _streams(key: bytes, length: int) -> tuple[bytes, bytes]:
    out = hashlib.shake_256(b"deskbell sealed" + key).digest(_TAG + length)
    return out[_TAG:], out[:_TAG]


def _tag(hidden: bytes, prover: bytes) -> bytes:
    return hashlib.blake2b(hidden, key=prover, digest_size=_TAG).digest()
