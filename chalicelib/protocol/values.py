"""The shapes that commands, events and REST bodies share."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.kit.values import (
    AgentId,
    CategoryId,
    ClientId,
    CustomerId,
    Instant,
    MessageId,
    QueueId,
    SessionId,
    SourceId,
    UnitId,
    Value,
)
from chalicelib.protocol.asked import Asked as Asked  # noqa: PLC0414  # passed on
from chalicelib.protocol.contents import Attachment, Card, Form, FormAnswer, Link
from chalicelib.protocol.skills import SkillLevel

TEXT_LIMIT = 5_000


OpaqueId = Annotated[str, StringConstraints(min_length=1, max_length=80)]
SENDER_ID = r"[A-Za-z0-9_-]{1,64}"
SenderId = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=f"^{SENDER_ID}$")]
Seq = Annotated[int, Field(ge=0, le=999_999_999_999)]
SaidSeq = Annotated[int, Field(ge=1, le=999_999_999_999)]
Label = str | dict[str, str]
State = Literal["queued", "offered", "active", "on_hold", "wrap_up", "closed", "left_message", "answered"]
MessageKind = Literal[
    "text",
    "image",
    "video",
    "voice",
    "file",
    "link",
    "card",
    "form",
    "form_answer",
    "note",
    "system",
    "recall",
]
RoutingStatus = Literal["accepting", "busy", "break", "offline"]
Duty = Literal["on_shift", "on_break", "off_shift", "overtime"]
Role = Literal["customer", "agent", "system"]


class By(Value):
    """Who said or did it. `id` is null for the system."""

    role: Role
    id: str | None = None
    name: str | None = None


class SystemLine(Value):
    """A line of the house's own; the reader's screen words it in the reader's language. `about` are the names in it."""

    code: Literal[
        "assigned",
        "ended_by_agent",
        "ended_by_customer",
        "abandoned",
        "filed",
        "requeued",
        "held",
        "resumed",
        "reopened",
        "idle_warned",
        "still_here",
        "ended_idle",
        "queue_timeout",
        "edited",
        "rated",
        "rating_asked",
        "wrap_up_extended",
        "wrap_up_passed",
        "left_message",
        "left_taken",
        "answered_by_email",
        "answered_by_call",
        "answered_by_next_visit",
        "mail_refused",
        "ended_merged",
        "customer_became",
        "set_aside",
        "ended_with_words",
        "call_started",
        "call_ended",
        "revealed",
        "offered",
        "offer_declined",
        "offer_expired",
        "reply_missed",
        "transfer_offered",
        "transfer_declined",
        "transfer_expired",
        "transfer_cancelled",
        "transferred",
        "transferred_to_queue",
        "pulled_back",
        "overflowed",
        "queue_full",
    ]
    about: dict[str, str] = {}


class Message(Value):
    """One entry of a session's log.

    `seq` counts from 1 without holes in what a customer may see; a note stands after a message at `[seq, staff_seq]`.
    `text` of a system line is its English wording, for readers that know no `system` code. A `recall` takes back the message
    that its `reply_to` names; that one keeps its place and its kind, with `recalled_at` and nothing of what it said.
    `answer_seq` of a form: where its one answer stands.
    """

    session_id: SessionId
    seq: int
    staff_seq: int | None = None
    message_id: MessageId
    client_id: ClientId | None = None
    kind: MessageKind
    by: By
    text: str | None = None
    system: SystemLine | None = None
    attachment: Attachment | None = None
    link: Link | None = None
    card: Card | None = None
    form: Form | None = None
    form_answer: FormAnswer | None = None
    answer_seq: int | None = None
    recalled_at: Instant | None = None
    reply_to: int | None = None
    sent_at: Instant


class AgentBrief(Value):
    id: AgentId
    name: str


class CustomerBrief(Value):
    id: CustomerId
    name: str
    verified: bool = False
    level: str | None = None


class Merge(Value):
    """Who was merged into a customer, when and by whom. It can be undone for thirty days."""

    customer_id: CustomerId
    at: Instant
    by: By
    undone_at: Instant | None = None


class Customer(CustomerBrief):
    """A customer as staff reads one; `email` and `phone` are masked. One who was merged into another has no history of their own."""

    version: int
    source_id: SourceId
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    merged_into: CustomerId | None = None
    merges: list[Merge] = []
    remark: str = ""
    attributes: dict[str, str] = {}
    created_at: Instant


class Mark(Value):
    delivered: int = 0
    read: int = 0

    def forward(self, delivered: int | None, read: int | None, head: int) -> "Mark":
        """Moved on, never back and never past the head. What is read was delivered."""
        seen = max(self.read, min(read or 0, head))
        return Mark(delivered=max(self.delivered, min(delivered or 0, head), seen), read=seen)


class Marks(Value):
    """The two numbers per side, never past the head and never backwards."""

    customer: Mark = Mark()
    agent: Mark = Mark()


class FiledOption(Value):
    """A further option that was filed, in the words it had then."""

    option_id: str
    label: Label
    path: list[Label] = []
    fields: dict[str, str | float | bool] = {}


class Filing(Value):
    """A disposition as filed: the scheme's version it was chosen from, and the words it had there.

    What was filed by itself has no `filed_by` and no scheme.
    """

    scheme_id: str
    scheme_version: int
    option_id: str
    label: Label
    path: list[Label] = []
    note: str = ""
    fields: dict[str, str | float | bool] = {}
    resolved: Literal["yes", "no", "partly"] | None = None
    others: list[FiledOption] = []
    filed_at: Instant
    filed_by: AgentBrief | None = None

    def says_the_same_as(self, other: "Filing") -> bool:
        """Whoever filed it, whenever."""
        when = {"filed_at", "filed_by"}
        return self.model_dump(exclude=when) == other.model_dump(exclude=when)


class Rating(Value):
    """What a customer thought of it, once; it is credited to the agent of the last period in which one replied."""

    score: int
    solved: bool | None = None
    tags: list[str] = []
    comment: str = ""
    rated_at: Instant
    credited_to: AgentBrief | None = None

    def says_the_same_as(self, other: "Rating") -> bool:
        when = {"rated_at", "credited_to"}
        return self.model_dump(exclude=when) == other.model_dump(exclude=when)


HowGot = Literal["auto", "ring", "transfer", "taken", "pulled_back", "assigned", "taken_over"]
"""How an agent gets a session."""


class Segment(Value):
    """One period of one owner: a queue, or an agent, and how they got it. Where it went on from there, and with what comment.

    Of one that was offered: when it was, and when it was accepted.
    """

    queue_id: QueueId
    agent: AgentBrief | None = None
    started_at: Instant
    how: HowGot | Literal["reopened"] | None = None
    offer_id: str | None = None
    offered_at: Instant | None = None
    accepted_at: Instant | None = None
    first_reply_at: Instant | None = None
    ended_at: Instant | None = None
    ended_how: str | None = None
    to_agent: AgentBrief | None = None
    to_queue_id: QueueId | None = None
    comment: str = ""


class Offer(Value):
    """A session put to one agent: theirs if they accept it before `deadline`. `by`: who transfers it; null where the house offers it."""

    offer_id: str
    agent: AgentBrief
    how: Literal["ring", "transfer"]
    made_at: Instant
    deadline: Instant
    by: AgentBrief | None = None
    comment: str = ""


class Hold(Value):
    """A session that waits for something else. It goes on at `until`, with a reminder to its agent."""

    reason: str = ""
    until: Instant


class CustomerSession(Value):
    """A session as its customer sees it. `idle_ends_at`: it ends then, unless they say something.

    `rating_open_until`: until when they may still rate it; null where there is nothing to rate, or it was rated.
    """

    session_id: SessionId
    number: str
    state: State
    version: int
    agent: AgentBrief | None = None
    category_id: CategoryId | None = None
    created_at: Instant
    queued_at: Instant | None = None
    assigned_at: Instant | None = None
    ended_at: Instant | None = None
    closed_at: Instant | None = None
    close_reason: str | None = None
    idle_ends_at: Instant | None = None
    rating_open_until: Instant | None = None
    head: int
    marks: Marks
    unread: int = 0
    last_message: Message | None = None


class MaskedContact(Value):
    """How a customer can be reached, as far as anybody may see it: `c•••@example.com`, `•••42`."""

    email: str | None = None
    phone: str | None = None


class Session(CustomerSession):
    """A session as its agents see it. `due_at`: by when a left message should be answered."""

    customer: CustomerBrief
    queue_id: QueueId
    source_id: SourceId
    chosen_category_id: CategoryId | None = None
    priority: int = 0
    required_skills: list[SkillLevel] = []
    first_reply_at: Instant | None = None
    waits_for: Literal["us", "customer"] | None = None
    waits_since: Instant | None = None
    hold: Hold | None = None
    wrap_up_until: Instant | None = None
    to_file: bool = False
    offer: Offer | None = None
    disposition: Filing | None = None
    rating: Rating | None = None
    tags: list[str] = []
    attributes: dict[str, str] = {}
    legal_hold: bool = False
    answers: dict[str, str | bool | float] = {}
    page: str | None = None
    due_at: Instant | None = None
    contact: MaskedContact | None = None
    segments: list[Segment] = []


class Agent(Value):
    """An agent as colleagues and admins read it. `duty` is judged now; `load` in slots (hundredths are kept).

    `break_ends_at`: when a break of theirs should end, or should have. `next_status`: comes once the desk is empty.
    """

    id: AgentId
    version: int
    email: str
    alias: str
    role_ids: list[str]
    capacity: int
    load: float
    enabled: bool
    routing_status: RoutingStatus
    break_reason: str | None = None
    break_ends_at: Instant | None = None
    next_status: RoutingStatus | None = None
    status_since: Instant | None = None
    connected: bool
    duty: Duty
    unit_id: UnitId | None = None
    skills: list[SkillLevel] = []
    queue_ids: list[QueueId] = []
    languages: list[str] = []
    phone: str | None = None
    employee_no: str | None = None
    time_zone: str = "UTC"
    created_at: Instant
