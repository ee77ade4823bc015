"""Bodies of REST: what is asked and what is answered, beyond the shapes in `values`."""

from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from chalicelib.kit.values import CategoryId, CustomerId, Instant, MessageId, Value
from chalicelib.protocol.contents import (
    CARRIES,
    MADE,
    THUMBNAIL_LIMIT,
    WAVEFORM_LIMIT,
    Card,
    FieldName,
    FileKind,
    Form,
    FormAnswer,
    FormField,
    Link,
    LongText,
    Number,
)
from chalicelib.protocol.events import FieldError
from chalicelib.protocol.values import (
    Agent,
    Asked,
    OpaqueId,
    RoutingStatus,
    SaidSeq,
    SenderId,
    Seq,
)

T = TypeVar("T")


ShortText = Annotated[str, Field(min_length=1, max_length=60)]


class Page(Value, Generic[T]):
    items: list[T]
    next_cursor: str | None = None


class PageQuery(Value):
    """Which part of a list. The cursor is the `next_cursor` of the page before."""

    limit: Annotated[int, Field(ge=1, le=100)] = 25
    cursor: Annotated[str, Field(max_length=500)] | None = None


class Problem(Value):
    """RFC 9457, with a stable `code`, the offending `errors` by path, and the request's id."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = []
    request_id: str


class Nothing(Asked):
    """An empty object."""


class SignIn(Asked):
    email: Annotated[str, Field(max_length=320)]
    password: Annotated[str, Field(max_length=256)]
    otp: Annotated[str, Field(max_length=20)] | None = None


class Refresh(Asked):
    refresh_token: Annotated[str, Field(max_length=500)]


class SignedIn(Value):
    token: str
    expires_at: Instant
    refresh_token: str
    agent: Agent


class Granted(Value):
    permission: str
    scope: str


class Me(Value):
    agent: Agent
    permissions: list[Granted]


class SocketTicket(Value):
    ticket: str
    url: str
    expires_at: Instant


class NewCustomer(Asked):
    """An anonymous customer of a source, or, with a refresh token, the same one again, or whom the site's signature names. With both, what
    this browser said before becomes theirs.
    """

    source_key: Annotated[str, Field(min_length=1, max_length=80)]
    identity_token: Annotated[str, Field(max_length=4_000)] | None = None
    refresh_token: Annotated[str, Field(max_length=500)] | None = None


class CustomerTokens(Value):
    customer_id: CustomerId
    token: str
    refresh_token: str
    expires_at: Instant


class NewSession(Asked):
    client_id: SenderId
    category_id: OpaqueId | None = None
    answers: Annotated[
        dict[ShortText, Annotated[str, Field(max_length=1_000)] | bool | Number], Field(max_length=20)
    ] = {}
    page: Annotated[str, Field(max_length=2_000)] | None = None
    text: str | None = None


class NewMessage(Asked):
    """`after` is the highest contiguous seq known when this was first composed; the same on every resend.

    Which of the others it has, its kind says: text `text`; image, video, voice and file `attachment_id`, with words below it or
    none; link `link`; card `card`; form `form`, from agents; form_answer `form_answer`, with the form's seq in `reply_to`.
    """

    client_id: SenderId
    after: Seq | None = None
    kind: Literal["text", "image", "video", "voice", "file", "link", "card", "form", "form_answer"] = "text"
    text: str | None = None
    attachment_id: OpaqueId | None = None
    link: Link | None = None
    card: Card | None = None
    form: Form | None = None
    form_answer: FormAnswer | None = None
    reply_to: SaidSeq | None = None

    @model_validator(mode="after")
    def _is_whole_and_of_one_kind(self) -> Self:
        """A field that its kind lacks, or that is another kind's, is refused by its name."""
        made = MADE[self.kind]
        wrong = [("missing", name) for name in made.of if getattr(self, name) is None]
        others = (name for name in CARRIES if name not in made.of + made.with_)
        wrong += [("extra_forbidden", name) for name in others if getattr(self, name) is not None]
        if wrong:
            errors: list[Any] = [{"type": what, "loc": (name,), "input": None} for what, name in wrong]
            raise ValidationError.from_exception_data(type(self).__name__, errors)
        return self


class Stored(Value):
    """Where a message stands. The same `client_id` again gives the same answer."""

    seq: int
    message_id: MessageId
    sent_at: Instant
    staff_seq: int | None = None


class NewAttachment(Asked):
    """A file that is about to be uploaded. Size in bytes; what a browser knows of it besides may come along.

    Without a session it is its customer's until they say it: a left message is not one yet when its files are uploaded.
    """

    session_id: OpaqueId | None = None
    name: Annotated[str, Field(min_length=1, max_length=1_000)]
    size: Annotated[int, Field(ge=1, le=2**40)]
    kind: FileKind
    duration_ms: Annotated[int, Field(ge=0, le=86_400_000)] | None = None
    width: Annotated[int, Field(ge=1, le=16_384)] | None = None
    height: Annotated[int, Field(ge=1, le=16_384)] | None = None
    waveform: (
        Annotated[list[Annotated[int, Field(ge=0, le=100)]], Field(min_length=1, max_length=WAVEFORM_LIMIT)]
        | None
    ) = None
    thumbnail: Annotated[str, Field(min_length=1, max_length=THUMBNAIL_LIMIT)] | None = None


class UploadForm(Value):
    """Where the file goes, by POST as multipart/form-data: `fields` first and as they are, then `file`."""

    url: str
    fields: dict[str, str]


class AttachmentOpened(Value):
    """`expires_at`: the form is taken until then."""

    attachment_id: str
    upload: UploadForm
    expires_at: Instant


class AttachmentLink(Value):
    """An address that needs no token and dies soon."""

    url: str
    expires_at: Instant


class NewMarks(Asked):
    delivered: Seq | None = None
    read: Seq | None = None


class SessionChange(Asked):
    """What is named is changed; the rest stays. The category corrected is kept beside the one that was chosen."""

    category_id: OpaqueId | None = None
    priority: Annotated[int, Field(ge=-5, le=5)] | None = None
    tags: Annotated[list[ShortText], Field(max_length=20)] | None = None
    attributes: (
        Annotated[dict[ShortText, Annotated[str, Field(max_length=500)]], Field(max_length=50)] | None
    ) = None
    legal_hold: bool | None = None


class NewRating(Asked):
    """1 is the worst, 5 the best."""

    score: Annotated[int, Field(ge=1, le=5)]
    solved: bool | None = None
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=10)] = []
    comment: Annotated[str, Field(max_length=2_000)] = ""


class CustomerChange(Asked):
    """What is named is changed; the rest stays."""

    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    level: Annotated[str, Field(max_length=40)] | None = None
    remark: Annotated[str, Field(max_length=2_000)] | None = None
    attributes: (
        Annotated[
            dict[Annotated[str, Field(min_length=1, max_length=60)], Annotated[str, Field(max_length=500)]],
            Field(max_length=50),
        ]
        | None
    ) = None


class ExportPage(Asked):
    """Which page of an export; none named is the first."""

    cursor: Annotated[str, Field(max_length=500)] | None = None


class Erased(Value):
    """What was erased of a customer in this call. Not `done`: ask again; `held` is kept by a legal hold until that is lifted."""

    done: bool
    sessions: int
    held: int = 0


class NewHold(Asked):
    """Why, and until when at the latest; the queue's limit comes first."""

    reason: Annotated[str, Field(max_length=200)] = ""
    until: Instant | None = None


FieldValues = Annotated[dict[FieldName, LongText | bool | Number], Field(max_length=20)]


class OtherFiling(Asked):
    """What a talk was about besides."""

    option_id: OpaqueId
    fields: FieldValues = {}


class NewFiling(Asked):
    """What a talk was about: one option, and at most two others. `end`: it ends with this, too."""

    option_id: OpaqueId
    fields: FieldValues = {}
    note: Annotated[str, Field(max_length=2_000)] = ""
    resolved: Literal["yes", "no", "partly"] | None = None
    others: Annotated[list[OtherFiling], Field(max_length=2)] = []
    end: bool = False


class NewRoutingStatus(Asked):
    """`next` comes once the desk is empty. `reason` is a break's, whichever of the two that is; one that an admin defined is named
    by its name or id.
    """

    status: RoutingStatus
    reason: Annotated[str, Field(max_length=80)] | None = None
    next: RoutingStatus | None = None


class CategoryChoice(Value):
    """A category as the widget offers it, in its order. `fields`: what is asked before the talk, the nearest above's where it says nothing.

    `open`: whether somebody could serve it now, by its hours and the roster; `opens_at`: when, if not, and null if that is not in sight.
    """

    id: CategoryId
    label: str
    parent_id: CategoryId | None = None
    icon: str | None = None
    greeting: str = ""
    fields: list[FormField] = []
    open: bool = True
    opens_at: Instant | None = None


class WidgetConfig(Value):
    """`mode`: what a customer can do now; `opens_at`: when somebody is there, if nobody is. Texts and labels are in the language asked for."""

    mode: Literal["open", "queue", "leave_message", "hidden"]
    opens_at: Instant | None = None
    lang: Literal["en", "zh-CN"]
    texts: dict[str, str]
    theme: dict[str, str]
    categories: list[CategoryChoice]


class Health(Value):
    status: Literal["ok"]
    version: str
    now: Instant
