"""Sources and categories: what is asked of one, and how one is read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kit.values import Value
from chalicelib.protocol.asked import Asked
from chalicelib.protocol.contents import FormField
from chalicelib.protocol.labels import Language, Name, Named, Wording
from chalicelib.protocol.origins import Origin
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import OpaqueId

SourceKind = Literal["web", "h5", "app_webview", "mini_program_webview", "api"]
Identity = Literal["anonymous", "optional", "required"]
KeyText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{3,80}$")]
_Token = Annotated[str, StringConstraints(min_length=1, max_length=40)]


def _each_once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _differ(fields: list[FormField]) -> list[FormField]:
    if len({field.name for field in fields}) < len(fields):
        raise ValueError("two fields have one name")
    return fields


class Retention(Asked):
    """How long it is kept, in days: what was said, files that were sent, and which pages somebody looked at."""

    messages_days: Annotated[int, Field(ge=1, le=36_500)] = 1_095
    files_days: Annotated[int, Field(ge=1, le=36_500)] = 365
    pages_days: Annotated[int, Field(ge=1, le=36_500)] = 90


class SourceRules(Value):
    """What a source is told.

    `allowed_origins`: the pages that may show the panel, exactly; none named: only the house's own. `identity`: whether customers come
    unnamed, may say who they are, or must. `languages`: those the panel speaks, the first for everybody else. `consent`: what a customer agrees
    to by writing.
    """

    name: Name
    kind: SourceKind = "web"
    allowed_origins: Annotated[list[Origin], Field(max_length=50), AfterValidator(_each_once)] = []
    default_queue_id: OpaqueId
    identity: Identity = "anonymous"
    languages: Annotated[list[Language], Field(min_length=1, max_length=2), AfterValidator(_each_once)] = [
        "en",
        "zh-CN",
    ]
    theme: Annotated[dict[_Token, Annotated[str, Field(max_length=200)]], Field(max_length=20)] = {}
    retention: Retention = Retention()
    greeting: Wording = ""
    consent: Wording = ""
    business_hours_id: OpaqueId | None = None


class NewSource(Asked, SourceRules):
    """`key`: what stands in the embed line; none named, one is made."""

    key: KeyText | None = None


class SourceChange(Asked, SourceRules):
    """What is named is changed; the rest stays."""

    name: Name = ""
    default_queue_id: OpaqueId = ""


class Source(SourceRules):
    """The very door customers come through. Its keys are public: they stand in embed lines. `older_keys` are still good."""

    id: str
    version: int
    key: str
    older_keys: list[str] = []


class NewSourceKey(Asked):
    """`source`: one for the embed line; `identity`: one that the site's own server signs with who its customers are."""

    kind: Literal["source", "identity"] = "source"


class SourceKey(Value):
    """A key of a source; the ones before it stay good until they are dropped. An identity key's `key` is told when it is made, and
    never again; its `id` is the `kid` of tokens signed with it.
    """

    id: str
    version: int = 1
    source_id: str
    kind: Literal["source", "identity"] = "source"
    key: str | None = None


class CategoryRules(Value):
    """What a category is told. Queue, skills, priority, scheme and fields that it doesn't say are those of the nearest above that does.

    `source_ids`: who offers it, with all below it; none named, every source. `fields`: what is asked before the talk. `business_hours_id`: when it
    is open. `suggested_answer_ids`: canned answers that agents are likely to need.
    """

    label: Named
    parent_id: OpaqueId | None = None
    icon: _Token | None = None
    source_ids: Annotated[list[OpaqueId], Field(max_length=100), AfterValidator(_each_once)] = []
    queue_id: OpaqueId | None = None
    required_skills: Annotated[list[SkillLevel], Field(max_length=20)] | None = None
    priority: Annotated[int, Field(ge=-5, le=5)] | None = None
    order: Annotated[int, Field(ge=0, le=10_000)] = 0
    fields: Annotated[list[FormField], Field(max_length=20), AfterValidator(_differ)] | None = None
    greeting: Wording = ""
    scheme_id: OpaqueId | None = None
    business_hours_id: OpaqueId | None = None
    suggested_answer_ids: (
        Annotated[list[OpaqueId], Field(max_length=20), AfterValidator(_each_once)] | None
    ) = None


class NewCategory(Asked, CategoryRules):
    pass


class CategoryChange(Asked, CategoryRules):
    """What is named is changed; the rest stays. `parent_id` null moves it to the top, with all below it."""

    label: Named = ""


class Category(CategoryRules):
    """`removed`: offered no more, and still the name of what was filed under it."""

    id: str
    version: int
    removed: bool = False
