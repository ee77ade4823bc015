"""The skills that a session asks for. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from chalicelib.kit.ids import fingerprint
from chalicelib.protocol.skills import SkillLevel

NONE_ASKED: Final = "-"
SIGNATURE: Final = 16
"""Letters of the signature of any skills; all are as long, so that none is the beginning of another."""


@dataclass(frozen=True)
class Skills:
    """Each skill once, by name, at the highest level that anybody asks for."""

    asked: tuple[SkillLevel, ...] = ()

    @classmethod
    def of(cls, *asked: Iterable[SkillLevel]) -> Self:
        levels: dict[str, int] = {}
        for one in (one for many in asked for one in many):
            levels[one.skill] = max(one.level, levels.get(one.skill, 0))
        return cls(tuple(SkillLevel(skill=s, level=level) for s, level in sorted(levels.items())))

    @property
    def signature(self) -> str:
        """The same for all that ask for the same."""
        if not self.asked:
            return NONE_ASKED
        return fingerprint(json.dumps([(one.skill, one.level) for one in self.asked]))[:SIGNATURE]

    def shortfall(self, held: Mapping[str, int]) -> int:
        """How many levels somebody lacks in all; none: they can do it."""
        return sum(max(0, one.level - held.get(one.skill, 0)) for one in self.asked)

    def levels(self, held: Mapping[str, int]) -> int:
        """How many levels somebody has in all of what is asked."""
        return sum(held.get(one.skill, 0) for one in self.asked)


NO_SKILLS: Final = Skills()
