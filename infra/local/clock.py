"""The clock business rules and schedules see: the machine's, and as far ahead of it as was last asked."""

from datetime import datetime, timedelta

from chalicelib.kit.clock import Clock


class ShiftedClock:
    """A clock that `POST /local/clock` moves. The shift is forgotten when the server stops."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._machine() + self._ahead

    def shift(self, ahead: timedelta) -> None:
        """Run this far ahead of the machine's clock: absolute, so a smaller one goes back."""
        self._ahead = ahead
