"""The tree that categories make: three levels, and none below itself. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.values import CategoryId
from chalicelib.sources.model import Category, UnknownCategory, upwards, worded

LEVELS: Final = 3


class UnderItself(Invalid):
    """A category can't stand below itself or below what is below it."""


class TooDeep(Invalid):
    """The tree has three levels."""


class CategoryInUse(Conflict):
    """Others stand below it."""


def may_stand(category: Category, others: Sequence[Category]) -> None:
    """Whether it may stand where its `parent_id` says. Raises what is wrong with that."""
    if category.parent_id is None:
        return
    by_id = {c.id: c for c in others if not c.removed and c.id != category.id} | {category.id: category}
    parent = by_id.get(category.parent_id)
    if parent is None:
        raise UnknownCategory(
            "There is no such category to stand under.", errors=(("parent_id", "is unknown"),)
        )
    if parent.id == category.id or any(c.id == category.id for c in _above(parent, by_id, category.id)):
        raise UnderItself(
            "A category can't be put under itself or under one of its own.",
            errors=(("parent_id", "stands below this category"),),
        )
    levels = len(list(upwards(parent, by_id))) + _height(category, list(by_id.values()))
    if levels > LEVELS:
        raise TooDeep(
            f"The tree would have {levels} levels; it has {LEVELS} at most.",
            errors=(("parent_id", "is too far down"),),
        )


def may_go(category: Category, others: Sequence[Category]) -> None:
    """Raises CategoryInUse, naming what stands below it."""
    below = [worded(c.label, "en") for c in others if c.parent_id == category.id and not c.removed]
    if below:
        raise CategoryInUse(f"Below this category stand {', '.join(below[:10])}. Move or remove them first.")


def _above(category: Category, by_id: Mapping[CategoryId, Category], until: CategoryId) -> Sequence[Category]:
    path: list[Category] = []
    for above in upwards(category, by_id):
        path.append(above)
        if above.id == until:
            break
    return path


def _height(category: Category, others: Sequence[Category]) -> int:
    below = [c for c in others if c.parent_id == category.id]
    return 1 + max((_height(c, others) for c in below), default=0)
