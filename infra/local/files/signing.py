"""What was allowed, signed: the policy of one upload, and the link to one object."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlencode

from chalicelib.kit.clock import Clock

_INLINE = "inline"


class NotAllowed(Exception):
    """S3's refusal. `code` is its error code, the message its sentence; 403 unless said otherwise."""

    def __init__(self, code: str, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Allowed:
    """What one presigned POST lets in."""

    key: str
    content_type: str
    max_size: int


@dataclass(frozen=True)
class Given:
    """How a link gives its object out: shown in its place, or saved under the name."""

    name: str
    inline: bool


class Signer:
    """Signs and checks by HMAC-SHA256. Links and policies outlive a restart, as the secret does."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = hashlib.sha256(b"deskbell files" + secret).digest()
        self._clock = clock

    def fields(self, upload: Allowed, lasts: timedelta) -> dict[str, str]:
        """The form's fields, in S3's names, to be sent before the file."""
        expires_at = self._clock() + lasts
        policy = {
            "expiration": expires_at.isoformat(),
            "conditions": [
                {"key": upload.key},
                {"Content-Type": upload.content_type},
                ["content-length-range", 1, upload.max_size],
            ],
        }
        encoded = base64.b64encode(json.dumps(policy).encode()).decode()
        return {
            "key": upload.key,
            "Content-Type": upload.content_type,
            "policy": encoded,
            "x-amz-signature": self._sign("policy", encoded),
        }

    def upload_of(self, fields: Mapping[str, str]) -> Allowed:
        """What these fields allow. Raises NotAllowed when they are not exactly what was signed, or too late."""
        policy = fields.get("policy", "")
        if not hmac.compare_digest(
            fields.get("x-amz-signature", "").encode(), self._sign("policy", policy).encode()
        ):
            raise NotAllowed("SignatureDoesNotMatch", "The request signature does not match.")
        signed = json.loads(base64.b64decode(policy))
        if self._clock() >= datetime.fromisoformat(signed["expiration"]):
            raise NotAllowed("AccessDenied", "Invalid according to Policy: Policy expired.")
        key, content_type, (_, _, max_size) = signed["conditions"]
        given = {name: value for name, value in fields.items() if name not in {"policy", "x-amz-signature"}}
        if given != key | content_type:
            raise NotAllowed("AccessDenied", "Invalid according to Policy: Policy Condition failed.")
        return Allowed(key["key"], content_type["Content-Type"], max_size)

    def query(self, key: str, given: Given, lasts: timedelta) -> str:
        """The query of a link to the object."""
        expires = str(int((self._clock() + lasts).timestamp()))
        shown = _INLINE if given.inline else ""
        signature = self._sign("link", key, expires, given.name, shown)
        facts = {"name": given.name, "shown": shown, "expires": expires, "signature": signature}
        return urlencode({field: value for field, value in facts.items() if value}, quote_via=quote)

    def given_in(self, key: str, query: str) -> Given:
        """How to give the object out. Raises NotAllowed when the link wasn't signed, or is too old."""
        found = {field: values[0] for field, values in parse_qs(query).items()}
        expires, name, shown = (found.get(field, "") for field in ("expires", "name", "shown"))
        expected = self._sign("link", key, expires, name, shown)
        if not hmac.compare_digest(found.get("signature", "").encode(), expected.encode()):
            raise NotAllowed("SignatureDoesNotMatch", "The request signature does not match.")
        if self._clock() >= datetime.fromtimestamp(int(expires), UTC):
            raise NotAllowed("AccessDenied", "Request has expired")
        return Given(name, shown == _INLINE)

    def _sign(self, *parts: str) -> str:
        return hmac.new(self._secret, json.dumps(parts).encode(), hashlib.sha256).hexdigest()
