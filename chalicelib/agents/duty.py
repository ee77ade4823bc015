"""What an agent's item knows of the roster: the next stretches of duty, and the two nearest windows in which work may come. Pure.

A cache that ends by itself. The roster's room writes it anew in the same transaction as whatever changes a roster, and `version`
fences it: what was computed from an older roster is refused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.protocol.values import Duty, RoutingStatus


@dataclass(frozen=True)
class Stretch:
    """From `starts_at` on and before `ends_at`, the agent's duty is this."""

    starts_at: datetime
    ends_at: datetime
    duty: Duty

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class Window:
    """New work may come from `opens_at` on and before `closes_at`, which is some minutes before the duty ends."""

    opens_at: datetime
    closes_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.opens_at <= at < self.closes_at


@dataclass(frozen=True)
class Pause:
    """A roster's break that sets and ends itself. `ends_at` None: it is due, and waits for the live sessions to end.

    `then`: the routing status it came upon, which comes back.
    """

    kind: str
    lasts: timedelta
    ends_at: datetime | None
    then: RoutingStatus


@dataclass(frozen=True)
class DutyCache:
    """`windows`: the two nearest, at most. `due_at`: when the roster has something to say next; None: nothing in sight.

    `rostered`: whether there is a shift, a rotation or an override at all; without, only a leave takes them off.
    """

    version: int
    stretches: tuple[Stretch, ...] = ()
    windows: tuple[Window, ...] = ()
    due_at: datetime | None = None
    rostered: bool = True

    def duty(self, at: datetime) -> Duty:
        return next((s.duty for s in self.stretches if s.covers(at)), "off_shift")

    def until(self, at: datetime) -> datetime | None:
        """When the present duty ends; None off shift."""
        return next((s.ends_at for s in self.stretches if s.covers(at)), None)

    def works(self, at: datetime) -> bool:
        return any(window.covers(at) for window in self.windows)
