"""Skills: names that agents hold and queues ask for. An id comes of its name, so that no two have the same."""

from collections.abc import Iterable

from chalicelib.kit.documents import AlreadyExists, Documents, QueueItem
from chalicelib.kit.errors import Conflict, Invalid, NotFound
from chalicelib.kit.ids import derived
from chalicelib.kit.paging import Slice
from chalicelib.kit.values import Value
from chalicelib.protocol.agents import Skill as SkillRead


class UnknownSkill(Invalid):
    """A field names a skill that there is none of."""


class NoSuchSkill(NotFound):
    code = "not_found"


class NameTaken(Conflict):
    """There is one of this name."""


class Skill(Value):
    id: str
    version: int = 1
    name: str

    @classmethod
    def called(cls, name: str) -> "Skill":
        return cls(id=derived("skill", name.casefold()), name=name)

    def read(self) -> SkillRead:
        return SkillRead.model_validate(dict(self))


class SkillStore:
    """Config-sized: all of them are one Query."""

    def __init__(self) -> None:
        self._skills = Documents(QueueItem, "skill", Skill, lambda s: s.id, lambda s: s.version)

    def page(self, limit: int, cursor: str | None) -> Slice[Skill]:
        return self._skills.page(limit, cursor)

    def get(self, skill_id: str) -> Skill:
        found = self._skills.find(skill_id)
        if found is None:
            raise NoSuchSkill("There is no such skill.")
        return found

    def create(self, name: str) -> Skill:
        skill = Skill.called(name)
        try:
            self._skills.create(skill)
        except AlreadyExists as error:
            raise NameTaken(f"There is a skill of the name {name} already.") from error
        return skill

    def delete(self, skill: Skill) -> None:
        self._skills.delete(skill.id)

    def are_known(self, names: Iterable[str], field: str = "skills") -> None:
        """Raises `UnknownSkill` for the first that is not. Costs nothing where none is named."""
        wanted = list(names)
        known = {skill.name for skill in self._skills.all()} if wanted else set()
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise UnknownSkill(
                f"There is no skill {unknown[0]}. Make it first.",
                errors=((field, f"{unknown[0]} is unknown"),),
            )
