"""Sources, categories and the route. Pure."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from chalicelib.kit.errors import Invalid
from chalicelib.kit.values import CategoryId, QueueId, SourceId, Value
from chalicelib.protocol.values import Label

Language = Literal["en", "zh-CN"]


class UnknownCategory(Invalid):
    """No category of that id is offered at the source."""


class Retention(Value):
    """How long records are kept, in days."""

    messages_days: int = Field(default=1095, ge=1)


class Source(Value):
    id: SourceId
    version: int = 1
    name: str
    key: str
    kind: Literal["web", "h5", "app_webview", "mini_program_webview"] = "web"
    allowed_origins: list[str] = []
    default_queue_id: QueueId
    languages: list[Language] = ["en", "zh-CN"]
    theme: dict[str, str] = {}
    greeting: Label = ""
    retention: Retention = Retention()


class Category(Value):
    """`source_ids` empty: offered by every source."""

    id: CategoryId
    version: int = 1
    label: Label
    parent_id: CategoryId | None = None
    source_ids: list[SourceId] = []
    queue_id: QueueId | None = None
    priority: int = 0
    order: int = 0

    def offered_by(self, source: Source) -> bool:
        return not self.source_ids or source.id in self.source_ids


class Route(Value):
    """Where a session goes."""

    queue_id: QueueId
    category_id: CategoryId | None
    priority: int


def route(source: Source, categories: Sequence[Category], category_id: str | None) -> Route:
    """The queue of the category chosen, or of the nearest above it that names one, else the source's own."""
    if category_id is None:
        return Route(queue_id=source.default_queue_id, category_id=None, priority=0)
    by_id = {c.id: c for c in categories if c.offered_by(source)}
    chosen = by_id.get(CategoryId(category_id))
    if chosen is None:
        raise UnknownCategory("This category is not offered here. Choose one of the list.")
    above: Category | None = chosen
    while above is not None and above.queue_id is None:
        above = by_id.get(above.parent_id) if above.parent_id else None
    return Route(
        queue_id=above.queue_id if above and above.queue_id else source.default_queue_id,
        category_id=chosen.id,
        priority=chosen.priority,
    )


def worded(label: Label, language: str) -> str:
    """A label in a language, else in English, else in whatever there is."""
    if isinstance(label, str):
        return label
    return label.get(language) or label.get("en") or next(iter(label.values()), "")
