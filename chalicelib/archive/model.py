"""A scheme is a tree of dispositions; what is filed keeps the words and the version it was chosen from. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from chalicelib.kit.errors import Invalid
from chalicelib.kit.values import SchemeId, Value
from chalicelib.protocol.rest import NewFiling
from chalicelib.protocol.values import AgentBrief, Filing, Label


class UnknownOption(Invalid):
    """The scheme has no such option, or it is a branch with options of its own."""


class NoteRequired(Invalid):
    """The option chosen asks for a note."""


class NoScheme(Invalid):
    """The session's queue has no published scheme."""


class Option(Value):
    option_id: str
    label: Label
    parent_id: str | None = None
    requires_note: bool = False


class Scheme(Value):
    """`version` counts what was published; a stored version never changes, so old records stay readable."""

    id: SchemeId
    version: int = 1
    name: str
    status: Literal["draft", "published", "retired"] = "draft"
    options: list[Option]

    def filing(self, chosen: NewFiling, by: AgentBrief, now: datetime) -> Filing:
        """What is kept of a choice, or what is wrong with it."""
        by_id = {o.option_id: o for o in self.options}
        option = by_id.get(chosen.option_id)
        if option is None or any(o.parent_id == option.option_id for o in self.options):
            raise UnknownOption(
                "This is not a disposition of the queue's scheme. Choose one without further choices below it.",
                errors=(("option_id", "is not a leaf of the scheme"),),
            )
        if option.requires_note and not chosen.note.strip():
            raise NoteRequired("This disposition asks for a note.", errors=(("note", "is required"),))
        if chosen.fields:
            raise Invalid("This disposition has no fields.", errors=(("fields", "has unknown names"),))
        return Filing(
            scheme_id=self.id,
            scheme_version=self.version,
            option_id=option.option_id,
            label=option.label,
            path=[o.label for o in self._above(option, by_id)],
            note=chosen.note.strip(),
            resolved=chosen.resolved,
            filed_at=now,
            filed_by=by,
        )

    @staticmethod
    def _above(option: Option, by_id: Mapping[str, Option]) -> list[Option]:
        """The options above one, the topmost first."""
        path: list[Option] = []
        above = by_id.get(option.parent_id or "")
        while above is not None and above not in path:
            path.insert(0, above)
            above = by_id.get(above.parent_id or "")
        return path
