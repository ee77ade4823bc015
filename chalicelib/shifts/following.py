"""What the roster's moments make of an agent, and what they are told. Pure: run late, it comes to what runs in time had come to.

A moment changes the routing status only if nobody set it since: what is stale never overrides what is newer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from chalicelib.agents.duty import Pause
from chalicelib.agents.model import Agent
from chalicelib.kit.values import Value
from chalicelib.protocol.shift_events import BreakEnded, BreakStarted, ShiftEnded, ShiftEnding, ShiftStarted
from chalicelib.protocol.values import RoutingStatus
from chalicelib.shifts.calendar import LAST_DISPATCH, Roster, spells
from chalicelib.shifts.moments import AROUND, HAND_OVER, Block, Moment, block_at, blocks, moments

NOT_YET = timedelta(seconds=10)
"""How long an agent whom the roster set accepting may say "not yet"."""
BREAK_DUE = "break due"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Standing:
    """What of an agent's item the roster moves."""

    status: RoutingStatus
    reason: str | None
    status_at: datetime | None
    accepts_from: datetime | None
    pause: Pause | None
    on_since: datetime | None

    @classmethod
    def of(cls, agent: Agent) -> Self:
        return cls(
            agent.routing_status,
            agent.break_reason,
            agent.status_at,
            agent.accepts_from,
            agent.pause,
            agent.on_since,
        )

    def begun_anew(self) -> Self:
        if self.pause is None:
            return replace(self, status_at=None, on_since=None)
        return replace(self, status=self.pause.then, reason=None, status_at=None, pause=None, on_since=None)

    def fresh(self, at: datetime) -> bool:
        """Whether nobody has set the status since."""
        return self.status_at is None or self.status_at <= at


@dataclass(frozen=True)
class Followed:
    """`events` in order; `late`: not accepting some minutes after the start; `hand_over`: of which duty the desk is still full;
    `due_at`: when to look again, if sooner than the roster's next moment.
    """

    standing: Standing
    events: Sequence[Value] = ()
    late: bool = False
    hand_over: Block | None = None
    due_at: datetime | None = None


@dataclass
class _Following:
    agent: Agent
    roster: Roster
    now: datetime
    connected: bool
    standing: Standing
    events: list[Value] = field(default_factory=list)

    def through(self, passed: Sequence[Moment]) -> None:
        for moment in passed:
            self.settle(moment.at)
            match moment.what:
                case "started":
                    self.start(moment.at, moment.ends_at, moment.shift_id)
                case "break":
                    self.pause(moment)
                case "ending":
                    self.announce_end(moment)
                case "ended":
                    self.end(moment.at, moment.shift_id)

    def start(self, at: datetime, ends_at: datetime, shift_id: str | None) -> None:
        if self.standing.on_since is not None:
            return
        self.standing = replace(self.standing, on_since=at)
        sets = self.connected and self.standing.status != "accepting" and self.standing.fresh(at)
        choose_until = max(self.now, at) + NOT_YET if sets else None
        if sets:
            self.standing = replace(
                self.standing,
                status="accepting",
                reason=None,
                status_at=at,
                accepts_from=choose_until,
                pause=None,
            )
        if ends_at > self.now:
            self.events.append(
                ShiftStarted(
                    shift_id=shift_id,
                    starts_at=at,
                    ends_at=ends_at,
                    accepting=sets,
                    choose_until=choose_until,
                )
            )

    def pause(self, moment: Moment) -> None:
        """A live chat delays a break, and never cancels it: nothing new comes until it has ended, then the whole of it is given."""
        standing = self.standing
        if standing.status not in ("accepting", "busy") or not standing.fresh(moment.at) or standing.pause:
            return
        kind = _kind_at(self.roster, moment.at)
        lasts = moment.ends_at - moment.at
        if self.agent.slots:
            self._paused(Pause(kind, lasts, None, standing.status), "busy", BREAK_DUE, moment.at)
        else:
            self._paused(Pause(kind, lasts, moment.ends_at, standing.status), "break", kind, moment.at)

    def _paused(self, pause: Pause, status: RoutingStatus, reason: str, at: datetime) -> None:
        self.standing = replace(
            self.standing, status=status, reason=reason, status_at=at, accepts_from=None, pause=pause
        )
        if pause.ends_at is None or pause.ends_at > self.now:
            self.events.append(BreakStarted(kind=pause.kind, ends_at=pause.ends_at))

    def settle(self, at: datetime) -> None:
        """A break that is over by then ends itself."""
        pause = self.standing.pause
        if pause is not None and pause.ends_at is not None and pause.ends_at <= at:
            self._resume(pause, pause.ends_at)

    def _resume(self, pause: Pause, at: datetime) -> None:
        self.standing = replace(self.standing, status=pause.then, reason=None, status_at=at, pause=None)
        self.events.append(BreakEnded(kind=pause.kind))

    def begin_what_was_delayed(self) -> None:
        pause = self.standing.pause
        if pause is not None and pause.ends_at is None and not self.agent.slots:
            begun = replace(pause, ends_at=self.now + pause.lasts)
            self._paused(begun, "break", pause.kind, self.now)

    def announce_end(self, moment: Moment) -> None:
        if self.standing.on_since is None or moment.ends_at <= self.now:
            return
        self.events.append(
            ShiftEnding(
                shift_id=moment.shift_id,
                ends_at=moment.ends_at,
                last_dispatch_at=moment.ends_at - LAST_DISPATCH,
                sessions=sorted(self.agent.slots),
            )
        )

    def end(self, at: datetime, shift_id: str | None) -> None:
        if self.standing.on_since is None:
            return
        if self.standing.pause is not None:
            self._resume(self.standing.pause, at)
        self.standing = replace(self.standing, on_since=None)
        self.events.append(
            ShiftEnded(
                shift_id=shift_id,
                ended_at=at,
                hand_over_at=at + HAND_OVER,
                sessions=sorted(self.agent.slots),
            )
        )


def follow(agent: Agent, roster: Roster, now: datetime, *, connected: bool) -> Followed:
    """From what the agent was told last to now. Told of a time that is yet to come: the clock was set back, and it begins anew."""
    block = block_at(roster, now)
    since = agent.rotated_to or now
    passed = moments(roster, since, now) if since < now else []
    standing = Standing.of(agent) if since <= now else Standing.of(agent).begun_anew()
    following = _Following(agent, roster, now, connected, standing)
    following.through(passed)
    following.settle(now)
    following.begin_what_was_delayed()
    if block is not None:
        following.start(block.starts_at, block.ends_at, block.shift_id)
    else:
        following.end(now, None)
    standing = following.standing
    late = (
        block is not None
        and any(m.what == "late" and m.ends_at > now for m in passed)
        and standing.pause is None
        and not (connected and standing.status == "accepting")
    )
    left = None if block else _left(agent, roster, now)
    return Followed(
        standing,
        following.events,
        late=late,
        hand_over=left if left and left.ends_at + HAND_OVER <= now else None,
        due_at=_sooner(standing, left, now),
    )


def _left(agent: Agent, roster: Roster, now: datetime) -> Block | None:
    """The duty that ended last, if something of it may still lie on the desk."""
    if not agent.slots:
        return None
    over = [b for b in blocks(spells(roster, now - AROUND, now)) if b.ends_at <= now]
    return over[-1] if over else None


def _sooner(standing: Standing, left: Block | None, now: datetime) -> datetime | None:
    """Delayed breaks and full desks are looked at each minute."""
    if standing.pause is not None:
        return standing.pause.ends_at or now + MINUTE
    return max(left.ends_at + HAND_OVER, now + MINUTE) if left else None


def _kind_at(roster: Roster, at: datetime) -> str:
    pauses = [b for s in roster.shifts for b in s.breaks]
    pauses += [b for s in roster.swaps for b in s.breaks]
    return next((b.kind for b in pauses if b.starts_at <= at < b.ends_at and not b.routable), "break")
