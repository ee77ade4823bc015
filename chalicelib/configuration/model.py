"""What is there and what a text wants, by kind and name, and what differs. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.values import Value
from chalicelib.protocol.configuration import ConfigChange, ConfigDiff

Facts = Mapping[str, Any]
"""What is said of a thing, with names in the place of ids."""


class BadConfig(Invalid):
    """The text is no configuration."""


class AmbiguousName(Conflict):
    """Two things of a kind have one name, so that a text can't tell them apart."""


class Thing(NamedTuple):
    """Something there is. `facts` leave out what is as it is by default."""

    id: str
    version: int
    facts: Facts


class Step(NamedTuple):
    """One thing to do; `facts` is what is wanted, None where it goes; `was` what is there."""

    kind: str
    name: str
    facts: Facts | None
    was: Thing | None

    @property
    def fields(self) -> list[str]:
        if self.facts is None or self.was is None:
            return []
        names = {*self.facts, *self.was.facts}
        return sorted(n for n in names if self.facts.get(n) != self.was.facts.get(n))


class Section(Value):
    """The things of a kind a text wants, by name."""

    kind: str
    wanted: dict[str, dict[str, Any]]


def steps(section: Section, there: dict[str, Thing], *, deletes: bool) -> list[Step]:
    """What makes the things that are there those that are wanted, in the text's order; what goes comes last, the last first."""
    kind = section.kind
    found = [
        Step(kind, name, facts, there.get(name))
        for name, facts in section.wanted.items()
        if name not in there or dict(there[name].facts) != facts
    ]
    gone = [Step(kind, name, None, there[name]) for name in reversed(there) if name not in section.wanted]
    return [*found, *(gone if deletes else ())]


def diff_of(all_steps: list[Step]) -> ConfigDiff:
    told = ConfigDiff()
    for step in all_steps:
        into = told.delete if step.facts is None else told.update if step.was else told.create
        into.append(ConfigChange(kind=step.kind, name=step.name, fields=step.fields))
    return told
