"""A scheme is a tree of dispositions, and what becomes of it: written, published, written anew beside that, retired. Pure."""

from collections.abc import Mapping, Sequence
from typing import Self

from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.values import SchemeId, Value
from chalicelib.protocol.schemes import SchemeOption as Option, SchemeStatus

__all__ = ["NoScheme", "NotADraft", "Option", "Scheme", "SchemeRetired", "Snapshot", "SomeOptions"]


class NoScheme(Invalid):
    """The session's queue has no published scheme."""


class SchemeRetired(Conflict):
    """Nothing is filed by it any more, and it is not changed."""


class NotADraft(Conflict):
    """What is published stays as it is: its next version is written beside it."""

    code = "not_a_draft"


class SomeOptions(Value):
    """A tree of options, and the questions about it that filing asks."""

    options: list[Option]

    def leaf(self, option_id: str) -> Option | None:
        """The option, if it has no further choices below it."""
        if any(o.parent_id == option_id for o in self.options):
            return None
        return self.by_id.get(option_id)

    def above(self, option: Option) -> Sequence[Option]:
        """The options above one, the topmost first."""
        by_id, path = self.by_id, list[Option]()
        above = by_id.get(option.parent_id or "")
        while above is not None and above not in path:
            path.insert(0, above)
            above = by_id.get(above.parent_id or "")
        return path

    @property
    def by_id(self) -> Mapping[str, Option]:
        return {o.option_id: o for o in self.options}


class Snapshot(SomeOptions):
    """A version as it was published: it never changes, so that old records stay readable."""

    scheme_version: int
    name: str


class Scheme(SomeOptions):
    """`version` counts changes of any kind, `scheme_version` what was published. `draft`: the next version's options."""

    id: SchemeId
    version: int = 1
    name: str
    status: SchemeStatus = "draft"
    scheme_version: int = 1
    draft: list[Option] | None = None

    @property
    def draft_version(self) -> int | None:
        return self.scheme_version + 1 if self.draft is not None else None

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot(scheme_version=self.scheme_version, name=self.name, options=self.options)

    def changed(self, name: str | None, options: list[Option] | None) -> Self:
        self._goes_on()
        facts: dict[str, object] = {} if name is None else {"name": name}
        if options is not None and self.status == "draft":
            facts["options"] = options
        elif options is not None and self.draft is not None:
            facts["draft"] = options
        elif options is not None:
            raise NotADraft("What is published stays as it is. Make a new version, and change that.")
        return self._next(**facts)

    def drafted(self, options: list[Option]) -> Self:
        """With a next version beside the published one; what was written of it before is replaced."""
        self._goes_on()
        if self.status == "draft":
            raise NotADraft("This scheme was never published: change it as it is.")
        return self._next(draft=options)

    def published(self) -> Self:
        """Filed by from now on. Published already, with nothing new to publish: nothing changes."""
        self._goes_on()
        if self.status == "draft":
            return self._next(status="published")
        if self.draft is None:
            return self
        return self._next(options=self.draft, draft=None, scheme_version=self.scheme_version + 1)

    def retired(self) -> Self:
        """Filed by no more. Twice is no error."""
        return self if self.status == "retired" else self._next(status="retired", draft=None)

    def _goes_on(self) -> None:
        if self.status == "retired":
            raise SchemeRetired("This scheme was retired. Use another one, or make a new one.")

    def _next(self, **facts: object) -> Self:
        return self.model_copy(update={**facts, "version": self.version + 1})
