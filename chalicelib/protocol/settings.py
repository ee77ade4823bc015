"""Settings and tags."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kit.values import Value
from chalicelib.protocol.asked import Asked

RECALL_LIMIT_S = 120
TagName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
    AfterValidator(lambda text: " ".join(text.split())),
]


class SettingRules(Value):
    """What holds for the whole desk.

    `recall_within_s`: how long a message can be taken back; 0 is never. `wrap_ups_at_once`: how many talks an agent may have still to file
    while the time for it runs; the oldest beyond that goes to the list of what is to be filed.
    """

    recall_within_s: Annotated[int, Field(ge=0, le=RECALL_LIMIT_S)] = RECALL_LIMIT_S
    wrap_ups_at_once: Annotated[int, Field(ge=1, le=20)] = 2


class SettingsChange(Asked, SettingRules):
    """What is named is changed; the rest stays."""


class Settings(SettingRules):
    """Before anybody changed any, the version is 0."""

    version: int = 0


class NewTag(Asked):
    name: TagName


class Tag(Value):
    """A tag that is offered; sessions may have others, too."""

    id: str
    version: int = 1
    name: str
