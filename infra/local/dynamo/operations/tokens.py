"""ClientRequestToken: a transaction sent again within ten minutes is done once.

Source: Developer Guide, "Amazon DynamoDB Transactions: How it works", section Idempotency.
"""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from infra.local.dynamo.refusals import Refused, invalid

KEPT_SECONDS = 600
LONGEST = 36

_FIND = "SELECT digest FROM tokens WHERE token = ? AND until > ?"
_KEEP = (
    "INSERT INTO tokens (token, digest, until) VALUES (?, ?, ?) "
    "ON CONFLICT DO UPDATE SET digest = excluded.digest, until = excluded.until"
)
_FORGET = "DELETE FROM tokens WHERE until <= ?"


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    digest: str

    def spent(self, db: sqlite3.Connection, now: float) -> bool:
        """Whether this very transaction was done with this token; refused if another one was."""
        row = db.execute(_FIND, (self.text, now)).fetchone()
        if row is not None and row[0] != self.digest:
            raise Refused(
                "IdempotentParameterMismatchException",
                "The request uses the same client token as a previous, but non-identical request. "
                "Do not reuse a client token with different requests, unless the requests are identical",
            )
        return row is not None

    def keep(self, db: sqlite3.Connection, now: float) -> None:
        db.execute(_FORGET, (now,))
        db.execute(_KEEP, (self.text, self.digest, now + KEPT_SECONDS))


def token(text: Any, body: Any) -> Token | None:
    if text is None:
        return None
    if not isinstance(text, str) or not text.isprintable() or not 1 <= len(text) <= LONGEST:
        raise invalid(f"ClientRequestToken is text of 1 to {LONGEST} characters")
    spelled = json.dumps(body, sort_keys=True, default=repr)
    return Token(text, hashlib.sha256(spelled.encode()).hexdigest())
