"""Units, the org chart: what is asked of one, and how one is read."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.asked import Asked, Change
from chalicelib.protocol.labels import Name
from chalicelib.protocol.values import OpaqueId


class Deputy(Asked):
    """Stands in for the unit's managers in `[from, to)`."""

    model_config = ConfigDict(serialize_by_alias=True)

    agent_id: OpaqueId
    since: Annotated[Instant, Field(alias="from")]
    until: Annotated[Instant, Field(alias="to")]

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.until <= self.since:
            raise ValueError("`to` must be later than `from`")
        return self


class UnitRules(Value):
    """Managers and, while they stand in, deputies reach what belongs to the unit as its own people do. No parent: a topmost one."""

    name: Name
    parent_id: OpaqueId | None = None
    manager_ids: Annotated[list[OpaqueId], Field(max_length=20)] = []
    deputies: Annotated[list[Deputy], Field(max_length=20)] = []


class NewUnit(UnitRules, Asked):
    """A unit to be."""


class UnitChange(UnitRules, Change):
    """What is named is changed; the rest stays. Another parent moves it with all below it."""

    name: Name = ""


class Unit(UnitRules):
    """A unit as it is read."""

    id: str
    version: int = 1
