"""What time it is. A clock is passed in, never looked at from afar."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chalicelib.kit.values import to_milliseconds

Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    """Now in UTC, in whole milliseconds."""
    return to_milliseconds(datetime.now(UTC))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(instant: datetime) -> int:
    """Whole milliseconds since 1970, as they are stored."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: float) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(milliseconds))


def from_ms_or_none(milliseconds: float | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
