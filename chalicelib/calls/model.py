"""A call out and its rules. Pure."""

import re
from datetime import datetime, timedelta
from typing import Any, Final, Self, get_args

from chalicelib.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from chalicelib.kit.values import CustomerId, Instant, SessionId, Value
from chalicelib.protocol.calls import Call as CallRead, CallChange, CallOutcome, CallProvider, CallStatus
from chalicelib.protocol.values import AgentBrief

MOST_CALLS: Final = 20
"""Out of one session."""
CLOCKS_DIFFER = timedelta(minutes=1)
_ORDER: Final[dict[CallStatus, int]] = {"started": 0, "ringing": 1, "answered": 2, "ended": 3, "failed": 3}
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
"""ITU-T E.164: a country code, which never begins with 0, and 15 digits at most in all. Fewer than seven are nobody's."""
_WRITTEN: Final = re.compile(r"[\s().\u2010-\u2015/-]")
"""What people write between the digits."""


class NotAPhoneNumber(Invalid):
    """Not a number as the world dials it."""

    code = "not_a_phone_number"


class NumberUnknown(Conflict):
    """The customer has left no number."""


class NumberHidden(NotAllowed):
    """The agent's own phone can't dial what the agent may not know."""


class ProviderMissing(Conflict):
    """Nobody is set up who dials in that way."""


class CallNotPlaced(Unavailable):
    """Whoever dials for us did not take the call."""


class TooManyCalls(Conflict):
    """As many as one session may have."""


class NoSuchCall(NotFound):
    """No call of that id in this session."""

    code = "not_found"


class CallOver(Conflict):
    """How it went can be said; that it goes on can't."""


def e164(written: str) -> str:
    """As the world dials it, from however somebody wrote it down: `+49 30 / 123-456` is `+4930123456`, `00` stands for `+`."""
    digits = _WRITTEN.sub("", written)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not _E164.fullmatch(digits):
        raise NotAPhoneNumber(
            "This is not a phone number. Write it with its country code, like +49 30 123456.",
            errors=(("number", "is not a phone number in international form"),),
        )
    return digits


def usual_provider(name: str) -> CallProvider:
    """As it is set; a name nobody knows is the agent's own phone."""
    return next((p for p in get_args(CallProvider) if p == name), "tel")


def masked_number(number: str) -> str:
    """Enough to tell one from another: `+49•••••56`."""
    return number[:3] + "•" * (len(number) - 5) + number[-2:]


class Call(Value):
    """`number` in full; `placed_as`: what whoever dials calls it."""

    id: str
    version: int = 1
    session_id: SessionId
    customer_id: CustomerId
    agent: AgentBrief
    provider: CallProvider
    number: str
    placed_as: str | None = None
    status: CallStatus = "started"
    outcome: CallOutcome | None = None
    started_at: Instant
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    duration_s: int | None = None
    note: str = ""

    @property
    def over(self) -> bool:
        return self.status in ("ended", "failed")

    def changed(self, change: CallChange, now: datetime) -> Self:
        """The next version, or what makes no sense in it."""
        facts: dict[str, Any] = change.model_dump(exclude_none=True)
        status = change.status or self.status
        if _ORDER[status] < _ORDER[self.status] or (self.over and status != self.status):
            raise CallOver("This call has gone on since. Read it again.")
        if status == "answered":
            facts.setdefault("answered_at", self.answered_at or now)
        if status in ("ended", "failed") and not self.over:
            facts.setdefault("ended_at", now)
        after = self.model_copy(update={**facts, "version": self.version + 1})
        _in_order(after, now)
        return after.model_copy(update=_concluded(after))

    def failed(self, now: datetime) -> Self:
        return self.changed(CallChange(status="failed", outcome="failed"), now)

    def read(self, *, link: bool = False) -> CallRead:
        facts = self.model_dump(exclude={"placed_as"})
        shown = {"number": masked_number(self.number), "link": f"tel:{self.number}" if link else None}
        return CallRead(**{**facts, **shown})


def _in_order(call: Call, now: datetime) -> None:
    wrong = []
    for name, at, after in (
        ("answered_at", call.answered_at, call.started_at),
        ("ended_at", call.ended_at, call.answered_at or call.started_at),
    ):
        if at is not None and not after - CLOCKS_DIFFER <= at <= now + CLOCKS_DIFFER:
            wrong.append((name, "is before what came first, or not yet"))
    if wrong:
        raise Invalid("These times can't be right. Look at the fields named.", errors=tuple(wrong))


def _concluded(call: Call) -> dict[str, Any]:
    """What follows from the rest: how long they talked, and whether anybody answered."""
    facts: dict[str, Any] = {}
    if call.duration_s is None and call.answered_at and call.ended_at:
        facts["duration_s"] = max(0, int((call.ended_at - call.answered_at).total_seconds()))
    if call.outcome is None and call.over and call.answered_at:
        facts["outcome"] = "answered"
    return facts
