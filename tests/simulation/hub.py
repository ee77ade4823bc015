"""Virtual time, and greenlets that take turns on it: one thread, no real waiting, the same order for the same seed."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from tests.house import NOON, FrozenClock

SWEEP = 60.0
"""Seconds between two rounds of what EventBridge runs by the minute."""


class Hub:
    """Whoever sleeps here lets the others go on until its time comes. Outside of any greenlet nobody sleeps."""

    def __init__(self, *clocks: FrozenClock) -> None:
        self.now = 0.0
        self.stopped = False
        self.clocks_stand_still = False
        self._clocks = clocks
        self._main = getcurrent()
        self._due: list[tuple[float, int, Callable[[], Any]]] = []
        self._order = itertools.count()
        self._running: set[greenlet] = set()

    def after(self, seconds: float, act: Callable[[], Any]) -> None:
        heapq.heappush(self._due, (self.now + seconds, next(self._order), act))

    def spawn(self, act: Callable[[], Any], *, after: float = 0.0) -> None:
        """Runs `act` in a greenlet of its own; what it raises ends the whole run."""

        def body() -> None:
            try:
                act()
            finally:
                self._running.discard(started)

        started = greenlet(body, parent=self._main)
        self._running.add(started)
        self.after(after, started.switch)

    def sleep(self, seconds: float) -> None:
        me = getcurrent()
        if me is self._main:
            return
        self.after(seconds, me.switch)
        self._main.switch()

    def run(self, until: float) -> None:
        """Goes on to `until`, or to where somebody set `stopped`."""
        while self._due and self._due[0][0] <= until and not self.stopped:
            self._time_is(self._due[0][0])
            heapq.heappop(self._due)[2]()
        if not self.stopped:
            self._time_is(until)

    def close(self) -> None:
        """Ends whoever still runs, without letting them clean up anything in the store."""
        self._due.clear()
        for each in list(self._running):
            each.throw(GreenletExit)

    def _time_is(self, now: float) -> None:
        self.now = now
        for clock in () if self.clocks_stand_still else self._clocks:
            clock.now = NOON + timedelta(milliseconds=round(now * 1000))


@dataclass
class Box:
    """Something that somebody waits for. What comes first stays; what comes later is ignored."""

    hub: Hub
    full: bool = False
    value: Any = None
    _wake: Callable[[], Any] | None = field(default=None, repr=False)

    def put(self, value: Any) -> None:
        if not self.full:
            self.full, self.value = True, value
            self._call()

    def wait(self, at_most: float) -> bool:
        """Whether it came in time. One greenlet at a time may wait."""
        if self.full:
            return True
        me = getcurrent()
        self._wake = me.switch
        mine = self._wake
        self.hub.after(at_most, lambda: self._wake is mine and self._call())
        self.hub._main.switch()
        return self.full

    def _call(self) -> None:
        wake, self._wake = self._wake, None
        if wake is not None:
            self.hub.after(0.0, wake)
