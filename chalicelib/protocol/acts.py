"""Bodies of what supervisors and agents do with a session beside talking in it, with one or with many at once."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from chalicelib.kit.values import CustomerId, Instant, Value
from chalicelib.protocol.values import AgentBrief, Asked, OpaqueId, SenderId, Seq, Session

MOST_AT_ONCE: Final = 200
BulkAct = Literal["requeue", "assign", "end", "tag", "priority", "dispose", "block", "spam"]
Words = Annotated[str, Field(min_length=1, max_length=1_000)]
Texts = Annotated[dict[Literal["en", "zh-CN"], Words], Field(min_length=1)]
"""What the customer is told, in their language; one text alone is told to everybody."""
Tag = Annotated[str, Field(min_length=1, max_length=60)]


class NewAssignment(Asked):
    """To whom. `over_capacity`: although their desk is full, which is marked."""

    agent_id: OpaqueId
    over_capacity: bool = False


class NewWhisper(Asked):
    """A note to the session's agent. `client_id` makes a resend harmless; without it each is a new one."""

    client_id: SenderId | None = None
    after: Seq | None = None
    text: str


class NewBlock(Asked):
    """Why, for staff, and until when; a week where nothing is said."""

    reason: Annotated[str, Field(max_length=200)] = ""
    until: Instant | None = None


class Block(Value):
    """A customer who can't write to us until then."""

    id: CustomerId
    version: int = 1
    customer_id: CustomerId
    name: str
    reason: str = ""
    blocked_at: Instant
    until: Instant
    by: AgentBrief | None = None


_OF_ACT: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "requeue": ((), ()),
    "assign": (("agent_id",), ("over_capacity",)),
    "end": ((), ("texts",)),
    "tag": (("tags",), ()),
    "priority": (("priority",), ()),
    "dispose": (("option_id",), ("fields", "note", "resolved")),
    "block": ((), ("reason", "until")),
    "spam": ((), ()),
}
"""Which fields an act must have, and which it may."""


class BulkActs(Asked):
    """One act on many sessions. What else it has, the act says: assign `agent_id` and `over_capacity`; end `texts`; tag `tags`, which are
    added; priority `priority`; dispose what a filing has; block `reason` and `until`.
    """

    ids: Annotated[list[OpaqueId], Field(min_length=1, max_length=MOST_AT_ONCE)]
    act: BulkAct
    agent_id: OpaqueId | None = None
    over_capacity: bool | None = None
    texts: Texts | None = None
    tags: Annotated[list[Tag], Field(min_length=1, max_length=20)] | None = None
    priority: Annotated[int, Field(ge=-5, le=5)] | None = None
    option_id: OpaqueId | None = None
    fields: dict[str, str | float | bool] | None = None
    note: Annotated[str, Field(max_length=2_000)] | None = None
    resolved: Literal["yes", "no", "partly"] | None = None
    reason: Annotated[str, Field(max_length=200)] | None = None
    until: Instant | None = None

    @model_validator(mode="after")
    def _is_whole_and_of_one_act(self) -> Self:
        """A field that the act lacks, or that is another act's, is refused by its name."""
        must, may = _OF_ACT[self.act]
        wrong = [("missing", name) for name in must if getattr(self, name) is None]
        others = (name for name in type(self).model_fields if name not in ("ids", "act", *must, *may))
        wrong += [("extra_forbidden", name) for name in others if getattr(self, name) is not None]
        if wrong:
            errors: list[Any] = [{"type": what, "loc": (name,), "input": None} for what, name in wrong]
            raise ValidationError.from_exception_data(type(self).__name__, errors)
        return self


class BulkResult(Value):
    """What became of one of them: the session as it is now, or why not."""

    id: str
    ok: bool
    code: str | None = None
    detail: str | None = None
    session: Session | None = None


class BulkResults(Value):
    """One for each id, in the order asked."""

    items: list[BulkResult]
    next_cursor: None = None
