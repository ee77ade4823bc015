"""A skill by its unique name, and how well it is held or asked for."""

from typing import Annotated

from pydantic import Field

from chalicelib.protocol.asked import Asked

SkillName = Annotated[str, Field(min_length=1, max_length=60)]
Level = Annotated[int, Field(ge=1, le=5)]


class SkillLevel(Asked):
    """`level`: 1 is a little, 5 as well as anybody. An agent's says how well they hold it, a queue's how well at least."""

    skill: SkillName
    level: Level = 1
