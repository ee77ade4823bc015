"""Argon2id with OWASP's first parameters (19 MiB, two passes, one lane). An unknown address costs the same time."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$pFrwXiJi4gUgeeULo5TGHQ$1Ns1FZ87f8TcU7YOz3R6EwUSS2h2JEy1GKtnV0J7jbY"  # of no password that anybody has: what an unknown address is compared with


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password; with none stored, the same work and no."""
    try:
        return _hasher.verify(stored or _NOBODYS, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
