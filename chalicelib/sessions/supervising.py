"""What others than its agent decide of a session: who serves it from now on, and that it is none of ours to serve. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal, get_args

from chalicelib.agents.model import Weights
from chalicelib.kit.errors import Conflict
from chalicelib.protocol.values import AgentBrief, Filing, Segment, SystemLine
from chalicelib.sessions.left import given
from chalicelib.sessions.model import USUAL_WEIGHTS, Session, SessionEnded

Handing = Literal["assigned", "taken_over"]
Aside = Literal["spam", "test", "blocked"]
SET_ASIDE: Final = frozenset(get_args(Aside))
"""Close reasons of what nobody goes on with."""

HOUSE_SCHEME: Final = "house"
"""What is filed by itself is filed under no scheme of anybody's."""
_LABELS: Final[dict[Aside, dict[str, str]]] = {
    "spam": {"en": "Spam", "zh-CN": "垃圾信息"},
    "test": {"en": "Test", "zh-CN": "测试"},
    "blocked": {"en": "Blocked", "zh-CN": "已屏蔽"},
}


class NothingSaidYet(Conflict):
    """Its customer has opened it and written nothing."""


def handed(
    session: Session,
    to: AgentBrief,
    now: datetime,
    how: Handing,
    offer_id: str,
    weights: Weights = USUAL_WEIGHTS,
) -> Session:
    """On this desk, whoever had it, and whether or not it waited. On it already: the first answer may have been lost."""
    if session.owner_id == to.id and not session.over:
        return session
    if session.over:
        raise SessionEnded("This conversation has ended. Nobody can be given it any more.")
    if session.state == "left_message":
        return given(session, to, now)
    if session.queued_at is None:
        raise NothingSaidYet("The customer has not written anything yet, so there is nothing to answer.")
    period = Segment(queue_id=session.queue_id, agent=to, started_at=now, how=how, offer_id=offer_id)
    return replace(session.given(to, now, period, weights, how), still_at=now)


def set_aside(session: Session, reason: Aside, by: AgentBrief | None, now: datetime) -> Session:
    """Over, filed by itself, and in no figure: `close_reason` says so. What was over already is filed anew under this."""
    if session.state == "closed" and session.close_reason == reason:
        return session
    return session.moved(
        now,
        state="closed",
        ended_at=session.ended_at or now,
        closed_at=session.closed_at or now,
        close_reason=reason,
        disposition=_filed_as(reason, by, now),
        waits_for=None,
        waits_since=None,
        hold=None,
        idle_ends_at=None,
        left_at=None,
        wrap_up_until=None,
        check_at=now,
        segments=session.segments if session.over else session.segments_until(now, reason),
    )


def set_aside_line(before: Session, reason: Aside, by_name: str) -> SystemLine:
    """To both sides that it ended, and not as what; to staff, as what."""
    if before.over:
        return SystemLine(code="set_aside", about={"reason": reason})
    return SystemLine(code="ended_by_agent", about={"agent": by_name})


def _filed_as(reason: Aside, by: AgentBrief | None, now: datetime) -> Filing:
    return Filing(
        scheme_id=HOUSE_SCHEME,
        scheme_version=1,
        option_id=reason,
        label=_LABELS[reason],
        filed_at=now,
        filed_by=by,
    )
