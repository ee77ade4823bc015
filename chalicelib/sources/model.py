"""Sources, categories and the route. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from chalicelib.kit.errors import Conflict, Invalid, NotAllowed
from chalicelib.kit.values import CategoryId, QueueId, SourceId, Value
from chalicelib.protocol.contents import FormField
from chalicelib.protocol.labels import Language as Language  # noqa: PLC0414  # passed on
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.sources import CategoryRules, Retention as Retention, SourceRules  # noqa: PLC0414
from chalicelib.protocol.values import Label

T = TypeVar("T")
MOST_KEYS = 2


class UnknownCategory(Invalid):
    """No category of that id is offered at the source."""


class UnknownQueue(Invalid):
    """No queue of that id."""


class UnknownHours(Invalid):
    """No business hours of that id."""


class UnknownSource(Invalid):
    """No source of that id."""


class OriginNotAllowed(NotAllowed):
    """A page of another site asks, and the source does not name it."""


class KeyTaken(Conflict):
    """Another source has that key."""


class TooManyKeys(Conflict):
    """Two keys live during a rotation, and no third."""


class LastKey(Conflict):
    """A source has one key at least."""


class Source(SourceRules):
    """The rules, and whose they are. `key` is the newest of its keys."""

    id: SourceId
    version: int = 1
    key: str
    older_keys: list[str] = []
    default_queue_id: QueueId

    @property
    def good_keys(self) -> list[str]:
        return [self.key, *self.older_keys]

    def rotated(self, key: str) -> "Source":
        """With a new key; the one so far stays good."""
        if len(self.good_keys) >= MOST_KEYS:
            raise TooManyKeys(f"Two keys live at most. Drop {self.older_keys[-1]} first.")
        return self.model_copy(update={"key": key, "older_keys": self.good_keys, "version": self.version + 1})

    def without(self, key: str) -> "Source":
        rest = [k for k in self.good_keys if k != key]
        if not rest:
            raise LastKey("This is the source's only key. Make another one first.")
        return self.model_copy(update={"key": rest[0], "older_keys": rest[1:], "version": self.version + 1})

    def speaks(self, language: Language) -> Language:
        """The language asked for, or else the source's first."""
        return language if language in self.languages else self.languages[0]


class Category(CategoryRules):
    """The rules, and whose they are."""

    id: CategoryId
    version: int = 1
    parent_id: CategoryId | None = None
    queue_id: QueueId | None = None
    removed: bool = False


class Route(Value):
    """Where a session goes, and by what it is judged on the way."""

    queue_id: QueueId
    category_id: CategoryId | None = None
    priority: int = 0
    required_skills: list[SkillLevel] = []
    scheme_id: str | None = None
    fields: list[FormField] = []
    business_hours_id: str | None = None


def offered(source: Source, categories: Sequence[Category]) -> list[Category]:
    """What a source offers: not removed, and neither it nor anything above it kept to other sources."""
    by_id = {c.id: c for c in categories}
    return [
        c
        for c in categories
        if all(
            not above.removed and (not above.source_ids or source.id in above.source_ids)
            for above in upwards(c, by_id)
        )
    ]


def upwards(category: Category, by_id: Mapping[CategoryId, Category]) -> Iterator[Category]:
    """The category and those above it, from below."""
    above: Category | None = category
    while above is not None:
        yield above
        above = by_id.get(above.parent_id) if above.parent_id else None


def route(source: Source, categories: Sequence[Category], category_id: str | None) -> Route:
    """What the category chosen says, or the nearest above it that says so, else the source. Raises UnknownCategory."""
    if category_id is None:
        return Route(queue_id=source.default_queue_id, business_hours_id=source.business_hours_id)
    by_id = {c.id: c for c in offered(source, categories)}
    chosen = by_id.get(CategoryId(category_id))
    if chosen is None:
        raise UnknownCategory("This category is not offered here. Choose one of the list.")
    return way_of(chosen, by_id, source)


def way_of(chosen: Category, by_id: Mapping[CategoryId, Category], source: Source) -> Route:
    path = list(upwards(chosen, by_id))
    return Route(
        queue_id=_nearest(c.queue_id for c in path) or source.default_queue_id,
        category_id=chosen.id,
        priority=_nearest(c.priority for c in path) or 0,
        required_skills=_nearest(c.required_skills for c in path) or [],
        scheme_id=_nearest(c.scheme_id for c in path),
        fields=_nearest(c.fields for c in path) or [],
        business_hours_id=_nearest(c.business_hours_id for c in path) or source.business_hours_id,
    )


def suggested_in(category_id: str, categories: Sequence[Category]) -> list[str]:
    """The canned answers that the category suggests, or the nearest above it that suggests any."""
    by_id = {c.id: c for c in categories}
    category = by_id.get(CategoryId(category_id))
    path = upwards(category, by_id) if category else iter(())
    return _nearest(c.suggested_answer_ids for c in path) or []


def _nearest(said: Iterator[T | None]) -> T | None:
    return next((what for what in said if what is not None), None)


def worded(label: Label | Mapping[Language, str], language: str) -> str:
    """A label in a language, else in English, else in whatever there is."""
    if isinstance(label, str):
        return label
    by_language: Mapping[str, str] = dict(label.items())
    return by_language.get(language) or by_language.get("en") or next(iter(by_language.values()), "")
