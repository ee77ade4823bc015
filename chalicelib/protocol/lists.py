"""What the live lists and the live board say beside sessions themselves."""

from chalicelib.kit.values import Instant, SessionId, Value
from chalicelib.protocol.values import AgentBrief, Duty, RoutingStatus


class Count(Value):
    """How many, to 99; `more`: beyond that it is not counted."""

    count: int
    more: bool = False


class Counts(Value):
    """By tab; `team` only for those who see it."""

    tabs: dict[str, Count]


class Today(Value):
    """What happened since midnight in the time zone asked for. `service_level`: first answers in time, of all who were answered or gave up."""

    queued: int
    answered: int
    in_time: int
    abandoned: int
    service_level: float | None


class LiveQuarter(Value):
    """A quarter of an hour of today in which something happened."""

    at: Instant
    queued: int
    answered: int
    abandoned: int


class LiveQueue(Value):
    """`free`: how many of its members would be given work now; `oldest_queued_at`: since when its longest waiter waits."""

    queue_id: str
    name: str
    mode: str
    answer_target_s: int
    waiting: Count
    oldest_queued_at: Instant | None = None
    members: int
    free: int
    today: Today
    quarters: list[LiveQuarter]


class LiveAgent(Value):
    """An agent on the three axes, and what lies on their desk."""

    agent: AgentBrief
    connected: bool
    routing_status: RoutingStatus
    break_reason: str | None = None
    duty: Duty
    load: float
    capacity: int
    sessions: int
    queue_ids: list[str]


class LiveWaiting(Value):
    """One who waits, by rank."""

    session_id: SessionId
    number: str
    queue_id: str
    customer_name: str
    priority: int
    queued_at: Instant
    version: int


class Live(Value):
    """The live board. `agents` and `waiting` end at what a screen shows; the lists have the rest."""

    now: Instant
    queues: list[LiveQueue]
    agents: list[LiveAgent]
    waiting: list[LiveWaiting]
