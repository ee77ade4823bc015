"""Canned answers: what agents say again and again, and how they find it."""

import re
from typing import Annotated, Literal
from unicodedata import normalize

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kit.values import Value
from chalicelib.protocol.asked import Asked
from chalicelib.protocol.labels import LANGUAGES, Language, Named, Wording
from chalicelib.protocol.values import OpaqueId

AnswerScope = Literal["personal", "queue", "global"]
VARIABLES = frozenset(
    {"customer.name", "customer.level", "agent.name", "session.number", "queue.name", "source.name"}
)
"""All that stands for something in a text."""
VARIABLE = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")
GROUP_LEVELS = 3
CODE = r"[\w-]{1,40}"


def _known(text: str | dict[Language, str]) -> str | dict[Language, str]:
    texts = [text] if isinstance(text, str) else list(text.values())
    if not any(t.strip() for t in texts):
        raise ValueError("is empty")
    for each in texts:
        for name in VARIABLE.findall(each):
            if name not in VARIABLES:
                names = ", ".join(f"{{{v}}}" for v in sorted(VARIABLES))
                raise ValueError(f"{{{name}}} stands for nothing; there are {names}")
    return text


def _path(group: str) -> str:
    steps = [step.strip() for step in normalize("NFC", group).split("/")]
    if group.strip() and (not all(steps) or len(steps) > GROUP_LEVELS):
        raise ValueError(f"a group is at most {GROUP_LEVELS} names with / between them")
    return "/".join(steps)


AnswerText = Annotated[Wording, AfterValidator(_known)]
"""With variables like {customer.name}."""
Code = Annotated[
    str, AfterValidator(lambda text: normalize("NFC", text)), StringConstraints(pattern=f"^{CODE}$")
]
Group = Annotated[str, Field(max_length=120), AfterValidator(_path)]
"""Where it stands in the tree of groups: `Orders/Delivery`."""


class AnswerRules(Value):
    """What a canned answer is told. `code`: what is typed after a slash, once in its scope."""

    code: Code
    title: Named
    text: AnswerText
    group: Group = ""


class NewCannedAnswer(Asked, AnswerRules):
    """Of one's own, of a queue (`queue_id`), or of everybody."""

    scope: AnswerScope = "personal"
    queue_id: OpaqueId | None = None


class CannedAnswerChange(Asked, AnswerRules):
    """What is named is changed; the rest stays."""

    code: Code = ""
    title: Named = ""
    text: AnswerText = ""


class CannedAnswer(AnswerRules):
    """`initials`: of its title, as a Chinese keyboard without Chinese types it. `uses`: how often it was used."""

    id: str
    version: int
    scope: AnswerScope
    queue_id: str | None = None
    owner_id: str | None = None
    initials: str = ""
    uses: int = 0


class AnswerUse(Asked):
    """In which session it is said, and in which language."""

    session_id: OpaqueId
    lang: Language = LANGUAGES[0]


class AnswerSaid(Value):
    """The text with its variables filled in."""

    text: str


class AnswersImport(Asked):
    """A sheet as CSV: a heading line with `code`, `title`, `text` and perhaps `title_zh`, `text_zh`, `group`.

    What has a code that is there already is changed, the rest is new. `dry_run` says what would happen.
    """

    csv: Annotated[str, Field(min_length=1, max_length=900_000)]
    scope: AnswerScope = "personal"
    queue_id: OpaqueId | None = None
    dry_run: bool = False


class AnswersImported(Value):
    """The codes that were made, changed, and found as they are already."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]
