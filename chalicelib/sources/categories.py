"""Making, changing, moving and removing categories."""

from collections.abc import Callable

from chalicelib.kit.documents import NoSuchThing, StaleVersion
from chalicelib.kit.errors import Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import CategoryId, QueueId, SourceId
from chalicelib.protocol.sources import CategoryChange, NewCategory
from chalicelib.queues.skills import SkillStore
from chalicelib.queues.store import QueueStore
from chalicelib.sources.model import Category, UnknownQueue, UnknownSource
from chalicelib.sources.service import are_known
from chalicelib.sources.store import SourceStore
from chalicelib.sources.tree import may_go, may_stand


class UnknownScheme(Invalid):
    """No scheme of that id can be filed by."""


class UnknownAnswer(Invalid):
    """No canned answer of that id that more than one may say."""


class Categories:
    """`knows_scheme`: whether one files by the scheme of an id; `knows_answer`: whether there is a canned answer of an id, and not
    somebody's own; `knows_hours`: whether there are business hours of an id.
    """

    def __init__(
        self,
        store: SourceStore,
        queues: QueueStore,
        skills: SkillStore,
        ids: Ids,
        knows_scheme: Callable[[str], bool],
        knows_answer: Callable[[str], bool],
        knows_hours: Callable[[str], bool],
    ) -> None:
        self._store = store
        self._queues = queues
        self._skills = skills
        self._ids = ids
        self._knows_scheme = knows_scheme
        self._knows_answer = knows_answer
        self._knows_hours = knows_hours

    def page(self, limit: int, cursor: str | None) -> Slice[Category]:
        """A page may be short: what was removed is not in it."""
        found = self._store.categories_page(limit, cursor)
        return Slice([c for c in found.items if not c.removed], found.next_cursor)

    def get(self, category_id: CategoryId) -> Category:
        return self._store.get_category(category_id)

    def create(self, new: NewCategory) -> Category:
        tree = self._store.tree()
        category = Category(**new.model_dump(), id=CategoryId(self._ids.new()))
        self._refers_to_what_is(category)
        may_stand(category, self._store.categories(consistent=True))
        self._store.stand(category, tree, self._ids.new())
        return category

    def change(self, category_id: CategoryId, change: CategoryChange, version: int) -> Category:
        tree = self._store.tree()
        kept = self._kept(category_id)
        changed = Category.model_validate(
            {**kept.model_dump(), **change.model_dump(exclude_unset=True), "version": version + 1}
        )
        self._refers_to_what_is(changed)
        moves = changed.parent_id != kept.parent_id
        if moves:
            may_stand(changed, self._store.categories(consistent=True))
        if kept.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        if moves:
            self._store.stand(changed, tree, self._ids.new())
        else:
            self._store.replace_category(changed)
        return changed

    def remove(self, category_id: CategoryId) -> None:
        """It is offered no more. What was filed under it keeps its name."""
        tree = self._store.tree()
        kept = self._kept(category_id)
        may_go(kept, self._store.categories(consistent=True))
        removed = kept.model_copy(update={"removed": True, "version": kept.version + 1})
        self._store.stand(removed, tree, self._ids.new())

    def _kept(self, category_id: CategoryId) -> Category:
        kept = self._store.get_category(category_id)
        if kept.removed:
            raise NoSuchThing("There is no such category.")
        return kept

    def _refers_to_what_is(self, category: Category) -> None:
        if category.queue_id and not self._queues.knows(QueueId(category.queue_id)):
            raise UnknownQueue("There is no such queue. Make it first.", errors=(("queue_id", "is unknown"),))
        self._skills.are_known([s.skill for s in category.required_skills or ()], "required_skills")
        unknown = [s for s in category.source_ids if self._store.find(SourceId(s)) is None]
        if unknown:
            raise UnknownSource(
                f"There is no source {unknown[0]}. Make it first.",
                errors=(("source_ids", "has unknown ones"),),
            )
        if category.scheme_id and not self._knows_scheme(category.scheme_id):
            raise UnknownScheme(
                "There is no published scheme of that id. Publish it first.",
                errors=(("scheme_id", "is unknown"),),
            )
        are_known(category.business_hours_id, self._knows_hours)
        strange = [a for a in category.suggested_answer_ids or () if not self._knows_answer(a)]
        if strange:
            raise UnknownAnswer(
                f"There is no canned answer {strange[0]} for everybody or a queue.",
                errors=(("suggested_answer_ids", "has unknown ones"),),
            )
