"""What can be wrong with a roster, in words that name the clash. Pure."""

from datetime import datetime

from chalicelib.kit.errors import Conflict, Invalid, NotFound, Unavailable


class NoSuchShift(NotFound):
    """Not there, or not for this caller."""

    code = "not_found"


class ShiftOverlaps(Conflict):
    """The agent has another shift in that time."""


class AssignmentOverlaps(Conflict):
    """The agent goes by another rotation in that time."""


class LeaveOverlaps(Conflict):
    """The agent has asked for, or got, another leave in that time."""


class SwapOverlaps(Conflict):
    """That part of the shift is in another swap already."""


class AlreadyDecided(Conflict):
    """A leave or a swap whose state lets nobody do this any more."""


class InThePast(Invalid):
    """What is over can't be swapped."""


class NotOnDuty(Conflict):
    """Nobody stays on who isn't there."""


class RosterBusy(Unavailable):
    """Too many changed this roster at the same moment."""


def span_of(starts_at: datetime, ends_at: datetime) -> str:
    """As it stands in a refusal."""
    return f"{_told(starts_at)} to {_told(ends_at)}"


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
