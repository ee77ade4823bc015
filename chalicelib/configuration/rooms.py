"""Which kinds there are, each by its room's own service: whatever an admin may not do by hand, a text may not do either."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from chalicelib.archive.schemes import Schemes
from chalicelib.canned_answers.model import EVERYBODYS, Shelf
from chalicelib.canned_answers.service import CannedAnswers
from chalicelib.configuration.kinds import Kept, Kind, Ref
from chalicelib.configuration.model import Facts, Thing
from chalicelib.gateway.caller import Caller
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import CategoryId, QueueId, SchemeId, SourceId, UnitId, Value
from chalicelib.office.queues import QueueOffice
from chalicelib.office.units import OrgChart
from chalicelib.protocol.agents import NewSkill
from chalicelib.protocol.canned_answers import AnswerRules, CannedAnswerChange, NewCannedAnswer
from chalicelib.protocol.labels import Name
from chalicelib.protocol.queues import NewQueue, QueueChange, QueueRules
from chalicelib.protocol.schemes import NewScheme, NewSchemeVersion, OptionTree, SchemeChange
from chalicelib.protocol.settings import NewTag
from chalicelib.protocol.sources import (
    CategoryChange,
    CategoryRules,
    NewCategory,
    NewSource,
    SourceChange,
    SourceRules,
)
from chalicelib.protocol.units import NewUnit, UnitChange, UnitRules
from chalicelib.queues.skills import SkillStore
from chalicelib.queues.store import QueueStore
from chalicelib.settings.store import TagStore
from chalicelib.sources.categories import Categories
from chalicelib.sources.model import worded
from chalicelib.sources.service import Sources
from chalicelib.sources.store import SourceStore

T = TypeVar("T")
B = TypeVar("B", bound=BaseModel)
BETWEEN = " / "
HOURS = Ref("business_hours_id", "business_hours", "business_hours")


class TagRules(Value):
    name: str


class SchemeRules(OptionTree):
    name: Name


class SharedAnswer(AnswerRules):
    """`queue_id` null: everybody's."""

    queue_id: str | None = None


@dataclass(frozen=True)
class Rooms:
    tags: TagStore
    skills: SkillStore
    units: OrgChart
    office: QueueOffice
    schemes: Schemes
    queues: QueueStore
    sources: Sources
    source_store: SourceStore
    categories: Categories
    answers: CannedAnswers

    def kinds(self) -> list[Kind]:
        """In the order in which they are made: what others refer to comes first."""
        return [
            self._tags(),
            self._skills(),
            self._units(),
            self._schemes(),
            self._queues(),
            self._sources(),
            self._answers(),
            self._categories(),
        ]

    def _tags(self) -> Kind:
        return Kind(
            name="tags",
            rules=TagRules,
            all=lambda _: [Kept(t.id, t.version, TagRules(name=t.name)) for t in self.tags.all()],
            create=lambda _, facts: self.tags.create(_body(NewTag, facts).name).id,
            change=lambda *_: None,
            remove=lambda _, thing: self.tags.remove(thing.id),
        )

    def _skills(self) -> Kind:
        return Kind(
            name="skills",
            rules=TagRules,
            all=lambda _: [Kept(s.id, s.version, TagRules(name=s.name)) for s in _every(self.skills.page)],
            create=lambda _, facts: self.skills.create(_body(NewSkill, facts).name).id,
            change=lambda *_: None,
            remove=lambda _, thing: self.office.drop_skill(thing.id),
        )

    def _units(self) -> Kind:
        """Who leads them is no configuration: people come and go."""
        return Kind(
            name="units",
            rules=UnitRules,
            all=lambda caller: [
                Kept(u.id, u.version, u)
                for u in _every(lambda limit, cursor: self.units.page(caller, limit, cursor))
            ],
            create=lambda caller, facts: self.units.create(caller, _body(NewUnit, facts)).id,
            change=lambda caller, thing, facts: _done(
                self.units.change(caller, UnitId(thing.id), _body(UnitChange, facts), thing.version)
            ),
            remove=lambda caller, thing: self.units.delete(caller, UnitId(thing.id)),
            refs=(Ref("parent_id", "parent", "units"),),
            left_out=frozenset({"manager_ids", "deputies"}),
        )

    def _queues(self) -> Kind:
        return Kind(
            name="queues",
            rules=QueueRules,
            all=lambda _: [Kept(q.id, q.version, q) for q in self.queues.all()],
            create=lambda caller, facts: self.office.create(caller, _body(NewQueue, facts)).id,
            change=lambda caller, thing, facts: _done(
                self.office.change(caller, QueueId(thing.id), _body(QueueChange, facts), thing.version)
            ),
            remove=lambda caller, thing: self.office.delete(caller, QueueId(thing.id)),
            refs=(
                Ref("unit_id", "unit", "units"),
                Ref("scheme_id", "scheme", "schemes"),
                Ref("overflow", "overflow", "queues", within="queue_id", within_said="queue"),
                HOURS,
            ),
            later=frozenset({"overflow"}),
        )

    def _schemes(self) -> Kind:
        """Those that are published. One that goes is retired."""

        def create(_: Caller, facts: dict[str, Any]) -> str:
            scheme = self.schemes.create(_body(NewScheme, facts))
            return self.schemes.publish(scheme.id).id

        def change(_: Caller, thing: Thing, facts: dict[str, Any]) -> None:
            scheme_id = SchemeId(thing.id)
            if "name" in facts:
                self.schemes.change(scheme_id, _body(SchemeChange, {"name": facts["name"]}), thing.version)
            if "options" in facts:
                self.schemes.draft(scheme_id, _body(NewSchemeVersion, {"options": facts["options"]}))
                self.schemes.publish(scheme_id)

        return Kind(
            name="schemes",
            rules=SchemeRules,
            all=lambda _: [
                Kept(s.id, s.version, SchemeRules(name=s.name, options=s.options))
                for s in self.schemes.published()
            ],
            create=create,
            change=change,
            remove=lambda _, thing: _done(self.schemes.retire(SchemeId(thing.id))),
        )

    def _sources(self) -> Kind:
        """None ever goes: its key stands in pages. A new one's key is made."""
        return Kind(
            name="sources",
            rules=SourceRules,
            all=lambda _: [Kept(s.id, s.version, s) for s in self.source_store.all()],
            create=lambda _, facts: self.sources.create(_body(NewSource, facts)).id,
            change=lambda _, thing, facts: _done(
                self.sources.change(SourceId(thing.id), _body(SourceChange, facts), thing.version)
            ),
            refs=(Ref("default_queue_id", "default_queue", "queues"), HOURS),
        )

    def _categories(self) -> Kind:
        return Kind(
            name="categories",
            rules=CategoryRules,
            all=lambda _: [Kept(c.id, c.version, c) for c in self.source_store.categories() if not c.removed],
            create=lambda _, facts: self.categories.create(_body(NewCategory, facts)).id,
            change=lambda _, thing, facts: _done(
                self.categories.change(CategoryId(thing.id), _body(CategoryChange, facts), thing.version)
            ),
            remove=lambda _, thing: self.categories.remove(CategoryId(thing.id)),
            named=_path,
            refs=(
                Ref("parent_id", "parent", "categories"),
                Ref("source_ids", "sources", "sources", many=True),
                Ref("queue_id", "queue", "queues"),
                Ref("scheme_id", "scheme", "schemes"),
                Ref("suggested_answer_ids", "suggested_answers", "canned_answers", many=True),
                HOURS,
            ),
        )

    def _answers(self) -> Kind:
        """Everybody's and queues'; what is somebody's own is nobody's configuration."""

        def kept(_: Caller) -> list[Kept]:
            shelves = [EVERYBODYS, *(Shelf(scope="queue", of=q.id) for q in self.queues.all())]
            return [
                Kept(
                    a.id,
                    a.version,
                    SharedAnswer(
                        **a.model_dump(include=set(AnswerRules.model_fields)), queue_id=shelf.of or None
                    ),
                )
                for shelf in shelves
                for a in self.answers.on(shelf)
            ]

        def create(caller: Caller, facts: dict[str, Any]) -> str:
            scope = "queue" if facts.get("queue_id") else "global"
            return self.answers.create(caller, _body(NewCannedAnswer, {**facts, "scope": scope})).id

        return Kind(
            name="canned_answers",
            rules=SharedAnswer,
            all=kept,
            create=create,
            change=lambda caller, thing, facts: _done(
                self.answers.change(caller, thing.id, _body(CannedAnswerChange, facts), thing.version)
            ),
            remove=lambda caller, thing: self.answers.remove(caller, thing.id),
            named=lambda facts: BETWEEN.join([*filter(None, [facts.get("queue")]), str(facts["code"])]),
            refs=(Ref("queue_id", "queue", "queues"),),
        )


def _every(page: Callable[[int, str | None], Slice[T]]) -> list[T]:
    """Of a list that is known to be short, all of it."""
    found: list[T] = []
    cursor: str | None = None
    while True:
        part = page(100, cursor)
        found += part.items
        cursor = part.next_cursor
        if cursor is None:
            return found


def _path(facts: Facts) -> str:
    """Where a category stands in the tree, in English: `Orders / Delivery`."""
    label: str | Mapping[Any, str] = facts["label"]
    return BETWEEN.join([*filter(None, [facts.get("parent")]), worded(label, "en")])


def _body(model: type[B], facts: Mapping[str, Any]) -> B:
    """As if it had come by the door."""
    return model.model_validate_json(json.dumps(dict(facts)))


def _done(_: object) -> None:
    """A change is asked for, and not what came of it."""
