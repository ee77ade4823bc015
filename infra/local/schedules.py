"""EventBridge on one machine: each scheduled function by the rate it declares, and now when asked."""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chalice.app import Chalice, ScheduledEventConfig, ScheduleExpression

from chalicelib.kit.clock import Clock
from infra.local.gateway.context import LambdaContext
from infra.local.gateway.events import scheduled_event
from infra.local.trouble import CannotStart

FIRST_RUN_S = 2.0
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}

log = logging.getLogger("deskbell.local")


class UnknownSchedule(Exception):
    """No scheduled function has this name."""


@dataclass(frozen=True)
class Round:
    """Something to do again and again. Its first run comes shortly after the start."""

    name: str
    every_s: float
    run: Callable[[], object]


def rounds_of(app: Chalice, clock: Clock, every_s: float | None = None) -> list[Round]:
    """The app's scheduled functions, by the rates they declare or all of them each `every_s`.

    The event's `time` is the business clock's. Raises CannotStart for a schedule that isn't a rate.
    """
    return [
        Round(source.name, every_s or _period_s(source), _function(app, source.name, clock))
        for source in app.event_sources
        if isinstance(source, ScheduledEventConfig)
    ]


class Schedules:
    """Runs rounds in threads, each by itself and never over itself. An error is logged, and the next turn comes."""

    def __init__(self, rounds: Iterable[Round], first_run_s: float = FIRST_RUN_S) -> None:
        self._rounds = {each.name: each for each in rounds}
        self._turns = {name: threading.Lock() for name in self._rounds}
        self._first_run_s = first_run_s
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def names(self) -> list[str]:
        return sorted(self._rounds)

    def start(self) -> None:
        for each in self._rounds.values():
            thread = threading.Thread(target=self._keep, args=(each,), name=each.name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, within_s: float) -> None:
        """Begin no further run, and wait for those under way, for at most so long in all."""
        self._stopping.set()
        ends_at = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, ends_at - time.monotonic()))

    def tick(self, name: str) -> None:
        """Run it now, after a run under way. Raises UnknownSchedule, and what the function raises."""
        if name not in self._rounds:
            raise UnknownSchedule(name)
        with self._turns[name]:
            self._rounds[name].run()

    def _keep(self, each: Round) -> None:
        pause_s = min(self._first_run_s, each.every_s)
        while not self._stopping.wait(pause_s):
            pause_s = each.every_s
            try:
                self.tick(each.name)
            except Exception:
                log.exception("%s failed; it runs again in %s s", each.name, each.every_s)


def _function(app: Chalice, name: str, clock: Clock) -> Callable[[], Any]:
    function = app.handler_map[name]

    def run() -> Any:
        return function(scheduled_event(name, clock(), uuid4()), LambdaContext(name))

    return run


def _period_s(source: ScheduledEventConfig) -> float:
    expression = source.schedule_expression
    text = expression.to_string() if isinstance(expression, ScheduleExpression) else str(expression)
    rate = _RATE.fullmatch(text)
    if rate is None:
        raise CannotStart(
            f"{source.name} is scheduled by {text}: one machine runs rates of minutes, hours or days."
        )
    return int(rate[1]) * _SECONDS[rate[2]]
