"""What a message can carry besides words, and what each kind of message is made of.

A link, a card or a form is told as it was sent: one shape for both.
"""

from typing import Annotated, Final, Literal, NamedTuple, Self
from unicodedata import normalize

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.kit.values import Value
from chalicelib.protocol.addresses import Address, PageAddress
from chalicelib.protocol.asked import Asked

FileKind = Literal["image", "video", "voice", "file"]
FieldKind = Literal["text", "number", "date", "email", "phone", "select", "checkbox"]

FORM_LIMIT = 8_000
"""Letters of a whole form: it stands in the log, where many stand on one page."""
WAVEFORM_LIMIT = 64
THUMBNAIL_LIMIT = 4_096
"""Letters of base64, 3 KB of a picture. It stands in the message, so that a picture shows at once and nothing jumps: as an object
of its own it would cost a second upload and a link more for every reader, and a larger one write units with every message."""

_NFC = AfterValidator(lambda text: normalize("NFC", text))
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _NFC]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), _NFC]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000), _NFC]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Attachment(Value):
    """A file as stored. Size in bytes and type are of its bytes; so are a picture's width and height, as it is shown.

    Of films and sounds the sender's browser says how large and how long they are. `waveform`: loudness over time, 0 to 100.
    `thumbnail`: a tiny JPEG or WebP in base64, to be shown until the picture has come. `gone`: it is too old to be kept.
    """

    attachment_id: str
    kind: FileKind
    name: str
    size: int
    content_type: str
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    waveform: list[int] | None = None
    thumbnail: str | None = None
    gone: bool = False

    @property
    def remains(self) -> "Attachment":
        """What is left of it in its message once it is not kept any more."""
        return self.model_copy(update={"waveform": None, "thumbnail": None, "gone": True})


class Link(Asked):
    url: Address
    title: Title | None = None


class Fact(Asked):
    label: ShortText
    value: Title


class Card(Asked):
    """Something of the shop's: an order, a product."""

    title: Title
    text: LongText | None = None
    image_url: PageAddress | None = None
    url: Address | None = None
    facts: Annotated[list[Fact], Field(max_length=10)] = []


class FormField(Asked):
    """One question. `options` are a select's, which has some, and nobody else's."""

    name: FieldName
    label: Title
    kind: FieldKind = "text"
    required: bool = False
    options: Annotated[list[ShortText], Field(max_length=30)] = []

    @model_validator(mode="after")
    def _has_the_options_of_its_kind(self) -> Self:
        if bool(self.options) != (self.kind == "select"):
            raise ValueError("a select has options, and nothing else has")
        if len(set(self.options)) < len(self.options):
            raise ValueError("an option stands here twice")
        return self


class Form(Asked):
    title: Title | None = None
    fields: Annotated[list[FormField], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _is_small_and_its_names_differ(self) -> Self:
        if len({field.name for field in self.fields}) < len(self.fields):
            raise ValueError("two fields have one name")
        if len(self.model_dump_json()) > FORM_LIMIT:
            raise ValueError(f"a form has {FORM_LIMIT:,} letters at most, with all its labels and options")
        return self


class FormAnswer(Asked):
    """By the names of the form's fields; what was left empty may be left out."""

    values: Annotated[dict[FieldName, LongText | bool | Number], Field(max_length=20)]

    @model_validator(mode="after")
    def _is_small(self) -> Self:
        if len(self.model_dump_json()) > FORM_LIMIT:
            raise ValueError(f"an answer has {FORM_LIMIT:,} letters at most")
        return self


class Made(NamedTuple):
    """Which fields a message has for certain, and which it may have besides; of the others that carry something it has none."""

    of: tuple[str, ...]
    with_: tuple[str, ...] = ()


CARRIES = ("text", "attachment_id", "link", "card", "form", "form_answer")
_FILE = Made(("attachment_id",), ("text",))
MADE: Final[dict[str, Made]] = {
    "text": Made(("text",)),
    "image": _FILE,
    "video": _FILE,
    "voice": _FILE,
    "file": _FILE,
    "link": Made(("link",), ("text",)),
    "card": Made(("card",)),
    "form": Made(("form",), ("text",)),
    "form_answer": Made(("form_answer", "reply_to")),
}
"""What each kind of message is made of."""
