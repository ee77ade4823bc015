"""What a roster tells an agent as time goes on. It may be lost: their week can be read over REST."""

from typing import Literal

from chalicelib.kit.values import Instant, Value


class ShiftStarted(Value):
    """`accepting`: the roster set the routing status for them; work comes from `choose_until` on, unless they say "not yet" by setting
    another. Null: nothing was set, and work comes at once if they accept it.
    """

    type: Literal["shift.started"] = "shift.started"
    shift_id: str | None = None
    starts_at: Instant
    ends_at: Instant
    accepting: bool = False
    choose_until: Instant | None = None


class ShiftEnding(Value):
    """Nothing new comes from `last_dispatch_at` on. `sessions`: what lies on the desk, to be ended or handed over."""

    type: Literal["shift.ending"] = "shift.ending"
    shift_id: str | None = None
    ends_at: Instant
    last_dispatch_at: Instant
    sessions: list[str] = []


class ShiftEnded(Value):
    """`sessions` are still theirs: from `hand_over_at` on they are handed to the next crew, if there is one."""

    type: Literal["shift.ended"] = "shift.ended"
    shift_id: str | None = None
    ended_at: Instant
    hand_over_at: Instant
    sessions: list[str] = []


class BreakStarted(Value):
    """`ends_at` null: it is due, and begins when the live sessions have ended; nothing new comes meanwhile."""

    type: Literal["break.started"] = "break.started"
    kind: str
    ends_at: Instant | None = None


class BreakEnded(Value):
    type: Literal["break.ended"] = "break.ended"
    kind: str


class RosterPublished(Value):
    """The agent's own shifts from `starts_at` on and before `ends_at` were published, or changed so many times."""

    type: Literal["roster.published"] = "roster.published"
    starts_at: Instant
    ends_at: Instant
    changes: int
