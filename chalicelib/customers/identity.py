"""Who a customer is by the word of their site's server: a JWT that it signs, five minutes at most, good once.

HS256 and nothing else (RFC 8725), by one of the source's identity keys (`kid`). It says: `iss` the source's key, `aud` "deskbell", `sub` the
site's own id of the customer, `exp`, `jti`; and what the site knows of them: `name`, `email`, `phone`, `level`, `language`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import jwt
from pydantic import Field, ValidationError

from chalicelib.kit.clock import from_ms
from chalicelib.kit.errors import NotSignedIn
from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.left_messages import EmailAddress, PhoneNumber
from chalicelib.sources.identity_keys import IdentityKeys

LONGEST: Final = timedelta(minutes=5)
LEEWAY: Final = timedelta(seconds=30)
"""How far the site's clock may be ahead of ours."""
AUDIENCE: Final = "deskbell"


class IdentityTokenInvalid(NotSignedIn):
    """Not signed by the source's keys, not for us, not whole, too old, or good for too long."""


class IdentityTokenUsed(NotSignedIn):
    """It was used before: each is good once."""


class IdentityRequired(NotSignedIn):
    """The source takes nobody whose site does not say who they are."""


class IdentityNotOffered(NotSignedIn):
    """The source takes everybody unnamed."""


class Signed(Value):
    """What the site's server signed. What it doesn't say stays as it was."""

    sub: Annotated[str, Field(min_length=1, max_length=200)]
    jti: Annotated[str, Field(min_length=1, max_length=200)]
    expires_at: Instant
    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    level: Annotated[str, Field(max_length=40)] | None = None
    language: Annotated[str, Field(max_length=20)] | None = None

    @property
    def facts(self) -> dict[str, str]:
        return self.model_dump(include={"name", "email", "phone", "level", "language"}, exclude_none=True)


def read(token: str, keys: IdentityKeys, source_keys: Iterable[str], now: datetime) -> Signed:
    """Raises IdentityTokenInvalid, and says what to mend to whoever writes the site's server."""
    claims = _claims(token, keys, list(source_keys))
    expires_at = from_ms(claims["exp"] * 1000)
    if expires_at <= now:
        raise IdentityTokenInvalid("This identity token has run out. Sign a new one for each visit.")
    issued_at = from_ms(claims["iat"] * 1000) if "iat" in claims else now
    if expires_at > now + LONGEST + LEEWAY or expires_at > issued_at + LONGEST + LEEWAY:
        raise IdentityTokenInvalid(
            "An identity token is good for five minutes at most. Let `exp` come sooner."
        )
    try:
        named = {name: claims[name] for name in Signed.model_fields if name in claims}
        return Signed.model_validate({**named, "expires_at": expires_at})
    except ValidationError as error:
        names = ", ".join(sorted({str(e["loc"][0]) for e in error.errors()}))
        raise IdentityTokenInvalid(f"What this identity token says of {names} can't be read.") from error


def _claims(token: str, keys: IdentityKeys, issuers: list[str]) -> dict[str, Any]:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError as error:
        raise _invalid() from error
    for secret in keys.secret(kid):
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                issuer=issuers,
                options={
                    "require": ["iss", "aud", "sub", "exp", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError as error:
            raise IdentityTokenInvalid(f"This identity token is not taken: {error}.") from error
        if not all(
            isinstance(claims.get(n, 0), int | float) and _sane(claims.get(n, 0)) for n in ("exp", "iat")
        ):
            raise _invalid()
        return claims
    raise _invalid()


def _sane(seconds: float) -> bool:
    return 0 <= seconds < 10**11


def _invalid() -> IdentityTokenInvalid:
    return IdentityTokenInvalid(
        "This identity token is not signed by a key of this source. Sign it by HS256 with one that is good, and name its `kid`."
    )
