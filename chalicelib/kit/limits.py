"""How often something may be done: the limits, what the environment says of them, and how they are judged. Pure."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.kit.clock import to_ms
from chalicelib.kit.errors import TooMany


class RateLimited(TooMany):
    """More than one may do in so short a time."""


@dataclass(frozen=True)
class Limit:
    """`most` times `within` so long; None: as often as one likes."""

    name: str
    most: int | None
    within: timedelta

    def window(self, now: datetime) -> datetime:
        """When the window that `now` lies in began."""
        length = int(self.within.total_seconds() * 1000)
        return now - timedelta(milliseconds=to_ms(now) % length)

    def exceeded(self, now: datetime) -> RateLimited:
        return _refusal(self.window(now) + self.within - now)

    def paced(self, due_ms: int | None, now: datetime) -> int | None:
        """When as much will have been forgiven as is asked by then, in ms, with one act more; None: not limited.

        `due_ms` is what this gave last. Raises RateLimited. The generic cell rate algorithm (ITU-T I.371): `most` at once, and one
        more each time a `most`-th of `within` has passed.
        """
        if self.most is None:
            return None
        now_ms, length = to_ms(now), int(self.within.total_seconds() * 1000)
        due = max(due_ms or 0, now_ms) + length // self.most
        if due > now_ms + length:
            raise _refusal(timedelta(milliseconds=due - now_ms - length))
        return due


def _refusal(wait: timedelta) -> RateLimited:
    seconds = max(1, math.ceil(wait.total_seconds()))
    return RateLimited(
        f"This is more than may be done in so short a time. Try again in {seconds} s.", retry_after_s=seconds
    )


_USUAL = (
    Limit("messages", 20, timedelta(seconds=10)),  # a customer's, in one session
    Limit("frames", 200, timedelta(seconds=10)),  # of one socket
    Limit("sessions", 5, timedelta(hours=1)),  # begun by one customer
    Limit("files", 30, timedelta(hours=1)),  # uploaded by one customer
    Limit("pages", 60, timedelta(minutes=5)),  # looked at by one customer
    Limit("customers", 300, timedelta(minutes=5)),  # come in from one address: offices and carriers share one
    Limit("sign_in", 10, timedelta(minutes=5)),  # tries for one e-mail address
    Limit("sign_in_address", 100, timedelta(minutes=5)),  # tries from one address
)
USUAL: Final[Mapping[str, Limit]] = MappingProxyType({limit.name: limit for limit in _USUAL})


class Limits:
    """The limits of this house, by name. `off` lifts them all; `messages=30/10,files=5/3600` changes those named: most/seconds."""

    def __init__(self, text: str = "") -> None:
        """Raises ValueError, in words for whoever set it."""
        self._by_name = dict(USUAL)
        if text.strip() == "off":
            self._by_name = {name: replace(limit, most=None) for name, limit in USUAL.items()}
            return
        for part in filter(None, text.split(",")):
            found = re.fullmatch(r"\s*(\w+)=(\d{1,9})/(\d{1,9})\s*", part)
            if not found or found[1] not in USUAL or not int(found[2]) or not int(found[3]):
                raise ValueError(
                    f"DESKBELL_LIMITS: {part.strip()!r} is no limit. Write `off`, or name=most/seconds of {', '.join(USUAL)}."
                )
            self._by_name[found[1]] = Limit(found[1], int(found[2]), timedelta(seconds=int(found[3])))

    def __getitem__(self, name: str) -> Limit:
        return self._by_name[name]


@dataclass
class Counted:
    """Counts in this process alone, of the present window: for what is too frequent to be counted in the store."""

    limit: Limit
    _window: datetime | None = None
    _counts: Counter[str] = field(default_factory=Counter)

    def count(self, who: str, now: datetime) -> None:
        """Raises RateLimited."""
        if self.limit.most is None:
            return
        window = self.limit.window(now)
        if window != self._window:
            self._window, self._counts = window, Counter()
        self._counts[who] += 1
        if self._counts[who] > self.limit.most:
            raise self.limit.exceeded(now)
