"""Access tokens: JWTs signed by HS256 and nothing else (RFC 8725), a quarter of an hour long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.errors import NotSignedIn
from chalicelib.kit.ids import Ids
from chalicelib.kit.outside import SigningKeys

ISSUER = "deskbell"
LIFE = timedelta(minutes=15)


class TokenExpired(NotSignedIn):
    """Renew it with the refresh token."""


class TokenInvalid(NotSignedIn):
    """Not a token of ours, or not whole."""


@dataclass(frozen=True)
class Token:
    text: str
    expires_at: datetime


class Tokens:
    """`machine_clock`: tokens live by the machine's time, whatever the business's clock is set to."""

    def __init__(self, keys: SigningKeys, ids: Ids, machine_clock: Clock) -> None:
        self._keys = keys
        self._ids = ids
        self._now = machine_clock

    def of(self, caller: Caller) -> Token:
        now = self._now()
        claims = {
            "iss": ISSUER,
            "aud": caller.kind,
            "sub": caller.id,
            "name": caller.name,
            "roles": list(caller.role_ids),
            "src": caller.source_id,
            "epoch": caller.epoch,
            "fam": caller.family,
            "jti": self._ids.new(),
            "iat": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
        }
        text = jwt.encode(
            claims,
            self._keys.keys[self._keys.current],
            algorithm="HS256",
            headers={"kid": self._keys.current},
        )
        return Token(text, (now + LIFE).replace(microsecond=0))

    def read(self, text: str) -> Caller:
        """Who the token says, if it is ours, whole and not expired."""
        try:
            key = self._keys.keys[jwt.get_unverified_header(text)["kid"]]
            claims: dict[str, Any] = jwt.decode(
                text,
                key,
                algorithms=["HS256"],
                audience=["agent", "customer"],
                issuer=ISSUER,
                options={"require": ["exp", "sub", "jti", "aud"], "verify_exp": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, KeyError, TypeError) as error:
            raise TokenInvalid("This token is not valid here. Sign in again.") from error
        if claims["exp"] <= self._now().timestamp():
            raise TokenExpired("Your access has run out. Renew it, or sign in again.")
        return Caller(
            kind=claims["aud"],
            id=claims["sub"],
            name=claims["name"],
            role_ids=tuple(claims["roles"]),
            source_id=claims["src"],
            epoch=claims["epoch"],
            family=claims["fam"],
        )
