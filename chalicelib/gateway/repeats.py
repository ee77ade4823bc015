"""`Idempotency-Key`: who did not hear the answer to a POST asks again under the same key, and gets that answer, for a day.

    connections  "repeat:<fingerprint>" · "answer"  →  what was asked (a fingerprint), status and answer, sealed

The fingerprint is of the caller and the key, and the answer is sealed by the key, which is not kept: the table tells neither a
secret nor a word of what was answered. Without the header nothing of this costs anything; with it 2 write units more, and a
repetition 1.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute

from chalicelib.kit.clock import Clock, from_ms, to_ms
from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.ids import fingerprint
from chalicelib.kit.log import Log
from chalicelib.kit.outside import SigningKeys
from chalicelib.kit.sealed import opened, sealed
from chalicelib.kit.table import Table, named, put_if_absent, update_only

KEPT_FOR = timedelta(hours=24)
AT_WORK = timedelta(seconds=60)
"""Longer than any function may take: who has not answered by then never will."""
MOST_BYTES = 300_000
LONGEST_KEY = 200


class IdempotencyKeyReused(Invalid):
    """Something else was asked under this key."""


class StillBeingDone(Conflict):
    """What was asked first under this key is not answered yet."""


class AnswerNotKept(Conflict):
    """It was begun under this key, and how it went is not known here."""


REPEATING = (IdempotencyKeyReused, StillBeingDone, AnswerNotKept)


class RepeatItem(Table):
    class Meta(Table.Meta):
        table_name = named("connections")

    person = UnicodeAttribute(hash_key=True)
    connection_id = UnicodeAttribute(range_key=True)
    asked = UnicodeAttribute()
    since = NumberAttribute()
    answer = UnicodeAttribute(null=True)
    expires = TTLAttribute()


@dataclass(frozen=True)
class Given:
    """An answer as it went out. `again`: it is a repetition."""

    status: int
    body: str
    again: bool = False


class Repeats:
    def __init__(self, keys: SigningKeys, machine_clock: Clock, log: Log) -> None:
        self._keys = keys
        self._now = machine_clock
        self._log = log

    def once(self, caller: str, key: str, asked: bytes, act: Callable[[], Given]) -> Given:
        """The first answer to this caller's key, or `act`'s, which is done by one of two that come at once.

        What was refused or failed is not kept: the same may be tried again under the same key.
        """
        if not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
            raise Invalid(
                f"An Idempotency-Key has 1 to {LONGEST_KEY} printable characters: a random id.",
                errors=(("Idempotency-Key", "is no key"),),
            )
        item = RepeatItem(
            f"repeat:{fingerprint(f'{caller} {key}')}",
            "answer",
            asked=hashlib.sha256(asked).hexdigest(),
            since=to_ms(self._now()),
            expires=self._now() + KEPT_FOR,
        )
        stood = put_if_absent(item, RepeatItem.person)
        if stood is not None and from_ms(int(stood["since"]["N"])) + KEPT_FOR <= self._now():
            item.save()
            stood = None
        if stood is not None:
            return self._first(stood, item.asked, caller, key)
        try:
            given = act()
        except BaseException:
            item.delete()
            raise
        self._keep(item, given, caller, key)
        return given

    def _first(self, stood: dict[str, dict[str, str]], asked: str, caller: str, key: str) -> Given:
        if stood["asked"]["S"] != asked:
            raise IdempotencyKeyReused(
                "Something else was asked under this Idempotency-Key. Ask this under a new one.",
                errors=(("Idempotency-Key", "was used for another request"),),
            )
        if "answer" not in stood:
            if from_ms(int(stood["since"]["N"])) + AT_WORK > self._now():
                raise StillBeingDone("This is still being done. Ask again in a moment.", retry_after_s=1)
            raise _not_kept()
        kept = opened(stood["answer"]["S"], self._seal(caller, key))
        if kept is None:
            raise _not_kept()
        status, body = json.loads(kept)
        return Given(status, body, again=True)

    def _keep(self, item: RepeatItem, given: Given, caller: str, key: str) -> None:
        text = json.dumps([given.status, given.body])
        if len(text) > MOST_BYTES:
            return
        try:
            update_only(item, [RepeatItem.answer.set(sealed(text, self._seal(caller, key)))])
        except Exception as error:  # noqa: BLE001  # it is done, and whoever asked hears so
            self._log(what="repeats", error=repr(error))

    def _seal(self, caller: str, key: str) -> bytes:
        """Of the key that only the caller has, and one that only the house has."""
        ours = self._keys.keys[self._keys.current]
        return hmac.digest(ours, f"repeat {caller} {key}".encode(), "sha256")


def _not_kept() -> AnswerNotKept:
    return AnswerNotKept(
        "This was begun under this Idempotency-Key, and its answer is not kept. Look whether it was done before you ask under a"
        " new one."
    )
