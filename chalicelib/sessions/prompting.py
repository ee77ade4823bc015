"""A customer waits for a reply, and nobody says anything. Pure: who is told when, and when somebody else goes on.

once the target     its agent is prompted
twice               supervisors are told
four times          it is offered anew, if somebody else could serve it

Each once in a turn: `prompted` says how far that has come, as ten times the turn's seq and the step.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.queues.model import Queue
from chalicelib.sessions.model import MOST_REQUEUES, Session

AGENT, SUPERVISORS, SOMEBODY_ELSE = 1, 2, 3
_TIMES: Final = {AGENT: 1, SUPERVISORS: 2, SOMEBODY_ELSE: 4}
_STEPS: Final = 10
LOOK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Prompt:
    """`mark`: what is noted as told; the next look is at `at`."""

    step: int
    mark: int
    at: datetime


@dataclass(frozen=True)
class OfferAnew:
    """If somebody else could serve it; else to be looked at again at `at`."""

    at: datetime


def silent(session: Session, queue: Queue, now: datetime) -> Prompt | OfferAnew | datetime:
    """What the silence of its agent makes due now, or when the next step is."""
    since = max(session.waits_since or session.created_at, session.assigned_at or session.created_at)
    target = timedelta(seconds=queue.reply_target_s)
    passed = [step for step, times in _TIMES.items() if since + times * target <= now]
    told = session.prompted % _STEPS if session.prompted // _STEPS == session.turn_seq else 0
    step = max(passed, default=0)
    if step == SOMEBODY_ELSE and len(session.tried) < MOST_REQUEUES:
        return OfferAnew(now + LOOK_AGAIN)
    step = min(step, SUPERVISORS)
    ahead = [since + times * target for times in _TIMES.values() if since + times * target > now]
    next_at = min(ahead, default=now + LOOK_AGAIN)
    if step > told:
        return Prompt(step, session.turn_seq * _STEPS + step, next_at)
    return next_at
