"""Everything the house tells a browser: answers to a command, and events. One class each; the site has one reducer for each.

Events with a `seq` may come twice or late and are safe. Events without may be lost; what they say can be read over REST.
"""

from typing import Literal

from chalicelib.kit.values import ClientId, ConnectionId, Instant, MessageId, SessionId, Value
from chalicelib.protocol.shift_events import (
    BreakEnded,
    BreakStarted,
    RosterPublished,
    ShiftEnded,
    ShiftEnding,
    ShiftStarted,
)
from chalicelib.protocol.values import (
    AgentBrief,
    By,
    CustomerSession,
    Duty,
    Mark,
    Message,
    RoutingStatus,
    Session,
    State,
)


class Accepted(Value):
    """A command was carried out. For a message: where it stands; a note stands at `[seq, staff_seq]`."""

    type: Literal["accepted"] = "accepted"
    client_id: ClientId
    session_id: SessionId | None = None
    seq: int | None = None
    staff_seq: int | None = None
    message_id: MessageId | None = None
    sent_at: Instant | None = None
    number: str | None = None
    state: State | None = None
    version: int | None = None
    head: int | None = None
    status: RoutingStatus | None = None


class FieldError(Value):
    path: str
    problem: str


class Refused(Value):
    """A command that was not carried out; only its sender hears it. `client_id` is null where the frame named none."""

    type: Literal["refused"] = "refused"
    client_id: ClientId | None = None
    code: str
    detail: str
    errors: list[FieldError] = []
    retry_after_s: int | None = None
    request_id: str | None = None


class CaughtUp(Value):
    """What stands after `after`, oldest first. `head` is the newest seq there is; `more`: ask again from the last one."""

    type: Literal["caught_up"] = "caught_up"
    client_id: ClientId | None = None
    session_id: SessionId
    messages: list[Message]
    head: int
    more: bool


class Welcome(Value):
    """Answer to `hello`: the terms of this connection, the caller's live sessions, and what was asked in `catch_up`."""

    type: Literal["welcome"] = "welcome"
    client_id: ClientId | None = None
    connection_id: ConnectionId
    now: Instant
    protocol: int
    ping_every_s: int
    lease_s: int
    renew_after_s: int
    reconnect_window_s: int
    sessions: list[Session | CustomerSession]
    caught_up: list[CaughtUp] = []
    routing_status: RoutingStatus | None = None


class Pong(Value):
    """`heads`: the newest `[seq, staff_seq]` of each live session; `lists`: a digest by tab that changes when the list does."""

    type: Literal["pong"] = "pong"
    client_id: ClientId | None = None
    heads: dict[str, tuple[int, int]]
    lists: dict[str, str] = {}


class MessageSent(Message):
    type: Literal["message.sent"] = "message.sent"


class MessageRecalled(Message):
    """An entry of its own, of the kind `recall`: the message at `reply_to` was taken back."""

    type: Literal["message.recalled"] = "message.recalled"


class TypingSeen(Value):
    type: Literal["typing"] = "typing"
    session_id: SessionId
    by: By
    on: bool


class MarkMoved(Value):
    type: Literal["mark.moved"] = "mark.moved"
    session_id: SessionId
    by: Literal["customer", "agent"]
    mark: Mark


class SessionChanged(Value):
    """Sent to the session's people; `close_reason` once it is over. What else changed can be read over REST.

    `segment` counts the periods of its owners so far: 0 before the first words.
    """

    type: Literal["session.changed"] = "session.changed"
    session_id: SessionId
    number: str
    state: State
    version: int
    agent: AgentBrief | None = None
    queue_id: str | None = None
    close_reason: str | None = None
    segment: int = 0


class QueueMoved(Value):
    """Position in the queue: exact to 20, then null. The wait is a range and no promise."""

    type: Literal["queue.moved"] = "queue.moved"
    session_id: SessionId
    position: int | None
    wait_low_s: int | None = None
    wait_high_s: int | None = None


class IdleWarned(Value):
    """The customer has been silent since the agent's message; the session ends at `ends_at` unless they say something."""

    type: Literal["idle.warned"] = "idle.warned"
    session_id: SessionId
    ends_at: Instant


class RatingAsked(Value):
    """To the customer: how was it? Asked once, at the end or when the agent invites."""

    type: Literal["rating.asked"] = "rating.asked"
    session_id: SessionId
    open_until: Instant | None = None


class WrapUpStarted(Value):
    type: Literal["wrap_up.started"] = "wrap_up.started"
    session_id: SessionId
    deadline: Instant
    scheme: str | None = None


class WrapUpPassed(Value):
    """The time for filing is over: the slot is free, and the session can still be filed."""

    type: Literal["wrap_up.passed"] = "wrap_up.passed"
    session_id: SessionId
    deadline: Instant
    scheme: str | None = None


class OfferMade(Value):
    """A session is put to this agent, until `deadline`. `why`: it is their turn, or a colleague (`by`) hands it on, with a comment."""

    type: Literal["offer.made"] = "offer.made"
    offer_id: str
    session: Session
    deadline: Instant
    comment: str = ""
    by: AgentBrief | None = None
    why: Literal["ring", "transfer"]


class SessionBrief(Value):
    session_id: SessionId
    number: str


class OfferWithdrawn(Value):
    """It is not offered to this agent any more: answered elsewhere, too late, taken back, or over."""

    type: Literal["offer.withdrawn"] = "offer.withdrawn"
    offer_id: str
    session_id: SessionId
    session: SessionBrief
    deadline: Instant
    why: Literal["declined", "expired", "withdrawn", "ended"]


class AgentStatusChanged(Value):
    type: Literal["agent.status_changed"] = "agent.status_changed"
    agent_id: str
    connected: bool
    routing_status: RoutingStatus
    break_reason: str | None = None
    break_ends_at: Instant | None = None
    duty: Duty
    by: By
    why: str


class PermissionsChanged(Value):
    """What one may do has changed: ask for it anew, and open the socket anew."""

    type: Literal["permissions.changed"] = "permissions.changed"


class ReplyPrompted(Value):
    """To the agent: the customer has waited for a reply since then, longer than it should take."""

    type: Literal["reply.prompted"] = "reply.prompted"
    session_id: SessionId
    waits_since: Instant


class ReplyLate(Value):
    """To supervisors who watch their lists: for twice as long as a reply should take nobody has said anything."""

    type: Literal["reply.late"] = "reply.late"
    session_id: SessionId
    queue_id: str
    agent: AgentBrief | None = None
    waits_since: Instant


class ReminderDue(Value):
    """To the agent who asked to be reminded, when it is time."""

    type: Literal["reminder.due"] = "reminder.due"
    reminder_id: str
    session_id: SessionId | None = None
    customer_id: str
    at: Instant
    note: str


class QueueStatusChanged(Value):
    """Who waits in a queue that the caller watches changed, at this session."""

    type: Literal["queue.status"] = "queue.status"
    queue_id: str
    session_id: SessionId
    version: int


class LiveChanged(Value):
    """Something on the live board changed, at this session."""

    type: Literal["live.changed"] = "live.changed"
    queue_id: str
    session_id: SessionId
    version: int


class ListChanged(Value):
    """A list the caller watches changed at this session: its id and version only."""

    type: Literal["list.changed"] = "list.changed"
    tab: str
    session_id: SessionId
    version: int


Event = (
    Accepted
    | Refused
    | CaughtUp
    | Welcome
    | Pong
    | MessageSent
    | MessageRecalled
    | TypingSeen
    | MarkMoved
    | SessionChanged
    | QueueMoved
    | IdleWarned
    | RatingAsked
    | WrapUpStarted
    | WrapUpPassed
    | OfferMade
    | OfferWithdrawn
    | AgentStatusChanged
    | PermissionsChanged
    | ListChanged
    | ShiftStarted
    | ShiftEnding
    | ShiftEnded
    | BreakStarted
    | BreakEnded
    | RosterPublished
    | QueueStatusChanged
    | ReplyPrompted
    | ReplyLate
    | ReminderDue
    | LiveChanged
    | ShiftStarted
    | ShiftEnding
    | ShiftEnded
    | BreakStarted
    | BreakEnded
    | RosterPublished
)
