"""Disposition schemes: what is asked of one, and how one is read."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from chalicelib.kit.values import Value
from chalicelib.protocol.asked import Asked
from chalicelib.protocol.contents import FieldName, Number, ShortText
from chalicelib.protocol.labels import Name, Named

SchemeStatus = Literal["draft", "published", "retired"]
Resolved = Literal["yes", "no", "partly"]
OptionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
LEVELS = 5
SCHEME_LIMIT = 150_000
"""Letters of a whole scheme: it stands in one item."""


class ShownIf(Asked):
    """Shown where another field of the same option was answered so."""

    field: FieldName
    equals: str | bool | Number


class SchemeField(Asked):
    """What an option asks besides. `options` are a select's, which has some, and nobody else's."""

    name: FieldName
    label: Named
    kind: Literal["text", "number", "date", "select", "checkbox"] = "text"
    required: bool = False
    options: Annotated[list[ShortText], Field(max_length=50)] = []
    shown_if: ShownIf | None = None

    @model_validator(mode="after")
    def _has_the_options_of_its_kind(self) -> Self:
        if bool(self.options) != (self.kind == "select"):
            raise ValueError("a select has options, and nothing else has")
        if len(set(self.options)) < len(self.options):
            raise ValueError("an option stands here twice")
        return self


def _in_order(fields: list[SchemeField]) -> list[SchemeField]:
    before: set[str] = set()
    for field in fields:
        if field.name in before:
            raise ValueError(f"two fields have the name {field.name}")
        if field.shown_if and field.shown_if.field not in before:
            raise ValueError(f"{field.name} is shown by a field that doesn't stand before it")
        before.add(field.name)
    return fields


class SchemeOption(Asked):
    """One choice, or a branch of further ones. `tags` are put on whatever is filed under it; `resolved`: unless the agent says otherwise."""

    option_id: OptionId
    label: Named
    parent_id: OptionId | None = None
    requires_note: bool = False
    fields: Annotated[list[SchemeField], Field(max_length=20), AfterValidator(_in_order)] = []
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=10)] = []
    resolved: Resolved | None = None


Options = Annotated[list[SchemeOption], Field(min_length=1, max_length=300)]


class OptionTree(Value):
    """Options in the order they are shown in, each naming the one above it."""

    options: Options

    @model_validator(mode="after")
    def _are_a_tree(self) -> Self:
        wrong = _mistakes(self.options)
        if wrong:
            errors: list[Any] = [
                {"type": "value_error", "loc": loc, "input": None, "ctx": {"error": ValueError(what)}}
                for loc, what in wrong
            ]
            raise ValidationError.from_exception_data(type(self).__name__, errors)
        return self


class NewScheme(Asked, OptionTree):
    """A new one is a draft: it can be filed by once it is published."""

    name: Name


class NewSchemeVersion(Asked, OptionTree):
    """What the next version has. It is a draft beside the published one, which goes on until this one is published."""


class SchemeChange(Asked):
    """What is named is changed; the rest stays. Options can be changed in a draft alone."""

    name: Name = ""
    options: Options = []

    @model_validator(mode="after")
    def _are_a_tree(self) -> Self:
        if "options" in self.model_fields_set:
            NewSchemeVersion.model_validate({"options": self.options})
        return self


class Scheme(Value):
    """A tree of dispositions. `version` counts changes of any kind, `scheme_version` what was published: filings name it.

    `draft_version`: the next version that is being written beside the published one; null where there is none.
    """

    id: str
    version: int
    name: str
    status: SchemeStatus
    scheme_version: int
    draft_version: int | None = None
    options: list[SchemeOption]


class SchemeVersion(Value):
    """A version as it was published, or as it is being written."""

    scheme_version: int
    name: str
    options: list[SchemeOption]


class SchemeForSession(Scheme):
    """The scheme that a session is filed by. `suggested`: what a talk of its category was filed as last."""

    suggested: str | None = None


def _mistakes(options: list[SchemeOption]) -> list[tuple[tuple[str | int, ...], str]]:
    by_id = {option.option_id: option for option in options}
    wrong: list[tuple[tuple[str | int, ...], str]] = []
    seen: set[str] = set()
    for at, option in enumerate(options):
        if option.option_id in seen:
            wrong.append((("options", at, "option_id"), "stands here twice"))
        seen.add(option.option_id)
        if option.parent_id is not None and option.parent_id not in by_id:
            wrong.append((("options", at, "parent_id"), "is none of the options"))
        elif _level(option, by_id) > LEVELS:
            wrong.append(
                (("options", at, "parent_id"), f"leads in a circle, or to more than {LEVELS} levels")
            )
    if sum(len(option.model_dump_json()) for option in options) > SCHEME_LIMIT:
        wrong.append((("options",), f"are longer than {SCHEME_LIMIT:,} letters together"))
    return wrong


def _level(option: SchemeOption, by_id: dict[str, SchemeOption]) -> int:
    """From 1; more than there may be where parents lead in a circle."""
    level, above = 1, option
    while above.parent_id is not None and above.parent_id in by_id and level <= LEVELS:
        level, above = level + 1, by_id[above.parent_id]
    return level
