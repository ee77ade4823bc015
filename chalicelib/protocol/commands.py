"""Everything a browser may ask over the websocket. Imperative: it may be refused.

A command's `client_id` is the sender's own; its one answer carries it back.
"""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.kit.values import Value
from chalicelib.protocol.left_messages import Contact
from chalicelib.protocol.offers import Declining, Transferring
from chalicelib.protocol.rest import (
    NewFiling,
    NewHold,
    NewMarks,
    NewMessage,
    NewRating,
    NewRoutingStatus,
    NewSession,
)
from chalicelib.protocol.values import Asked, OpaqueId, SaidSeq, SenderId, Seq


class From(Asked):
    """Where a reader's knowledge of one session ends: the highest contiguous seq.

    To an agent the notes that stand on that very seq are told again too.
    """

    session_id: OpaqueId
    after: Seq


class Hello(Asked):
    type: Literal["hello"]
    client_id: SenderId | None = None
    client: Annotated[str, Field(max_length=80)]
    version: Annotated[str, Field(max_length=40)]
    catch_up: Annotated[list[From], Field(max_length=50)] = []


class Ping(Asked):
    type: Literal["ping"]
    client_id: SenderId | None = None
    visible: bool = True


class SendMessage(NewMessage):
    type: Literal["send_message"]
    session_id: OpaqueId
    visibility: Literal["all", "staff"] = "all"


class RecallMessage(Asked):
    """Takes one's own message back, within two minutes. Taking it back twice is no error."""

    type: Literal["recall_message"]
    client_id: SenderId
    session_id: OpaqueId
    seq: SaidSeq


class CatchUp(Asked):
    """What stands behind `after`; to an agent the notes that stand on it too."""

    type: Literal["catch_up"]
    client_id: SenderId | None = None
    session_id: OpaqueId
    after: Seq
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class Typing(Asked):
    type: Literal["typing"]
    client_id: SenderId | None = None
    session_id: OpaqueId
    on: bool


class MoveMark(NewMarks):
    type: Literal["mark"]
    client_id: SenderId | None = None
    session_id: OpaqueId


class StartSession(NewSession):
    type: Literal["start_session"]


class EndSession(Asked):
    type: Literal["end_session"]
    client_id: SenderId
    session_id: OpaqueId


class LeaveQueue(Asked):
    """Leaving ends a session that still waits, or makes a left message of it."""

    type: Literal["leave_queue"]
    client_id: SenderId
    session_id: OpaqueId
    choice: Literal["leave", "leave_message"] = "leave"
    contact: Contact = Contact()


class StillHere(Asked):
    type: Literal["still_here"]
    client_id: SenderId
    session_id: OpaqueId


class HoldSession(NewHold):
    type: Literal["hold_session"]
    client_id: SenderId
    session_id: OpaqueId


class ResumeSession(Asked):
    type: Literal["resume_session"]
    client_id: SenderId
    session_id: OpaqueId


class RequeueSession(Asked):
    type: Literal["requeue_session"]
    client_id: SenderId
    session_id: OpaqueId


class RateSession(NewRating):
    type: Literal["rate_session"]
    client_id: SenderId
    session_id: OpaqueId


class TakeSession(Asked):
    type: Literal["take_session"]
    client_id: SenderId
    session_id: OpaqueId


class AcceptOffer(Asked):
    """Of the session that is offered to the one who asks."""

    type: Literal["accept_offer"]
    client_id: SenderId
    session_id: OpaqueId


class DeclineOffer(Declining):
    type: Literal["decline_offer"]
    client_id: SenderId
    session_id: OpaqueId


class TransferSession(Transferring):
    type: Literal["transfer_session"]
    client_id: SenderId
    session_id: OpaqueId


class FileDisposition(NewFiling):
    type: Literal["file_disposition"]
    client_id: SenderId
    session_id: OpaqueId


class SetRoutingStatus(NewRoutingStatus):
    type: Literal["set_routing_status"]
    client_id: SenderId


Watched = Literal["list", "queue", "live", "session"]


class Watch(Asked):
    """`list`: changes of the caller's lists; `queue`: who waits, in the queue named or all the caller's; `live`: the live board;
    `session`: all that is said in the session named, for supervisors.
    """

    type: Literal["watch"]
    client_id: SenderId | None = None
    what: Watched
    queue_id: OpaqueId | None = None
    session_id: OpaqueId | None = None


class Unwatch(Asked):
    type: Literal["unwatch"]
    client_id: SenderId | None = None
    what: Watched
    queue_id: OpaqueId | None = None
    session_id: OpaqueId | None = None


Command = (
    Hello
    | Ping
    | SendMessage
    | RecallMessage
    | CatchUp
    | Typing
    | MoveMark
    | StartSession
    | EndSession
    | LeaveQueue
    | StillHere
    | RateSession
    | TakeSession
    | AcceptOffer
    | DeclineOffer
    | TransferSession
    | HoldSession
    | ResumeSession
    | RequeueSession
    | FileDisposition
    | SetRoutingStatus
    | Watch
    | Unwatch
)

COMMANDS: dict[str, type[Value]] = {
    "hello": Hello,
    "ping": Ping,
    "send_message": SendMessage,
    "recall_message": RecallMessage,
    "catch_up": CatchUp,
    "typing": Typing,
    "mark": MoveMark,
    "start_session": StartSession,
    "end_session": EndSession,
    "leave_queue": LeaveQueue,
    "still_here": StillHere,
    "rate_session": RateSession,
    "take_session": TakeSession,
    "accept_offer": AcceptOffer,
    "decline_offer": DeclineOffer,
    "transfer_session": TransferSession,
    "hold_session": HoldSession,
    "resume_session": ResumeSession,
    "requeue_session": RequeueSession,
    "file_disposition": FileDisposition,
    "set_routing_status": SetRoutingStatus,
    "watch": Watch,
    "unwatch": Unwatch,
}
"""By `type`: a frame's one model is looked up, so that a wrong field is told of that model alone."""
