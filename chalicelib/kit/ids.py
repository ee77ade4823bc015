"""Ids that sort by time, numbers people can read out, and secrets. Time and randomness are passed in."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

from chalicelib.kit.clock import Clock

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U

Randomness = Callable[[int], int]
"""`randomness(bits)`: a whole number below 2 to the power of `bits`, that nobody can foresee."""


def base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def ulid(at: datetime, randomness: Randomness = secrets.randbits) -> str:
    """A ULID: 48 bits of milliseconds since 1970 and 80 random bits, 26 letters that sort by time."""
    return base32(int(at.timestamp() * 1000) << 80 | randomness(80), 26)


class Ids:
    """Makes the ids of one desk."""

    def __init__(self, clock: Clock, randomness: Randomness = secrets.randbits) -> None:
        self._clock = clock
        self._randomness = randomness

    def new(self) -> str:
        return ulid(self._clock(), self._randomness)

    def service_number(self) -> str:
        """40 random bits as `K7Q2-9F3M`: to read out, never a key to access. Uniqueness is the store's condition."""
        letters = base32(self._randomness(40), 8)
        return f"{letters[:4]}-{letters[4:]}"

    def secret(self) -> str:
        """256 random bits."""
        return base32(self._randomness(256), 52)


def derived(*parts: str) -> str:
    """The one id that these parts always give: 130 bits of SHA-256 in 26 letters."""
    digest = hashlib.sha256("\x00".join(parts).encode()).digest()
    return base32(int.from_bytes(digest, "big") >> 126, 26)


def fingerprint(secret: str) -> str:
    """What is stored of a secret in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()
