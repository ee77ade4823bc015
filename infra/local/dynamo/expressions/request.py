"""The expressions of one request, and the placeholders they share: each is defined, and each is used."""

from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from infra.local.dynamo.expressions import condition_syntax, projections, updates
from infra.local.dynamo.expressions.conditions import Condition
from infra.local.dynamo.expressions.parsed import Parsed
from infra.local.dynamo.expressions.paths import Path
from infra.local.dynamo.expressions.ranges import KeyRange, key_condition
from infra.local.dynamo.expressions.reader import Names
from infra.local.dynamo.expressions.updates import Update
from infra.local.dynamo.refusals import invalid
from infra.local.dynamo.tables import Keys
from infra.local.dynamo.values import normal

T = TypeVar("T")

EXPRESSIONS = (
    "ConditionExpression",
    "UpdateExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
)


class Expressions:
    """Reads a request's expressions; `close()` when all are read refuses what was sent for nothing."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._request = request
        self._names: Names = tuple(_given(request, "ExpressionAttributeNames").items())
        values = _given(request, "ExpressionAttributeValues")
        self.values = {name: normal(value) for name, value in values.items()}
        self._names_used: frozenset[str] = frozenset()
        self._values_used: frozenset[str] = frozenset()

    def condition(self, kind: str) -> Condition | None:
        """The condition, filter or key condition of that name; None if the request has none."""
        text = self._text(kind)
        if text is None:
            return None
        parsed = condition_syntax.condition(text, self._names, kind)
        self._note(parsed, kind)
        parsed.tree.check(self.values, kind)
        return parsed.tree

    def key_range(self, keys: Keys) -> KeyRange | None:
        """The key condition with its values; None if the request has none."""
        text = self._text("KeyConditionExpression")
        if text is None:
            return None
        parsed = key_condition(text, self._names, keys.partition.name, keys.sort.name if keys.sort else None)
        self._note(parsed, "KeyConditionExpression")
        return parsed.tree.range(keys, self.values)

    def filter(self, keys: AbstractSet[str]) -> Condition | None:
        """The filter; it can't be about `keys`, which belong in the key condition."""
        tree = self.condition("FilterExpression")
        if tree is None:
            return None
        text = self._request["FilterExpression"]
        about = condition_syntax.condition(text, self._names, "FilterExpression").attributes & keys
        if about:
            raise invalid(
                "Filter Expression can only contain non-primary key attributes: "
                f"Primary key attribute: {min(about)}"
            )
        return tree

    def update(self) -> Update | None:
        text = self._text("UpdateExpression")
        if text is None:
            return None
        parsed = updates.update(text, self._names)
        self._note(parsed, "UpdateExpression")
        parsed.tree.check(self.values)
        return parsed.tree

    def projection(self) -> tuple[Path, ...] | None:
        text = self._text("ProjectionExpression")
        if text is None:
            return None
        parsed = projections.projection(text, self._names)
        self._note(parsed, "ProjectionExpression")
        return parsed.tree

    def close(self) -> None:
        if len(self._names_used) < len(self._names):
            unused = dict(self._names).keys() - self._names_used
            raise invalid(
                f"Value provided in ExpressionAttributeNames unused in expressions: keys: {_listed(unused)}"
            )
        if len(self._values_used) < len(self.values):
            unused = self.values.keys() - self._values_used
            raise invalid(
                f"Value provided in ExpressionAttributeValues unused in expressions: keys: {_listed(unused)}"
            )

    def _text(self, kind: str) -> str | None:
        text = self._request.get(kind)
        if text is not None and not isinstance(text, str):
            raise invalid(f"Invalid {kind}: an expression is text")
        return text

    def _note(self, parsed: Parsed[T], kind: str) -> None:
        self._names_used |= parsed.names
        self._values_used |= parsed.values
        if not parsed.values <= self.values.keys():
            raise invalid(
                f"Invalid {kind}: An expression attribute value used in expression is not defined; "
                f"attribute value: {min(parsed.values - self.values.keys())}"
            )


def _given(request: dict[str, Any], kind: str) -> dict[str, Any]:
    """The placeholders of a kind; none, or some and an expression to use them in."""
    given = request.get(kind)
    if given is None:
        return {}
    if not isinstance(given, dict) or not given:
        raise invalid(f"{kind} must not be empty")
    if not any(expression in request for expression in EXPRESSIONS):
        raise invalid(f"{kind} can only be specified when using expressions")
    return given


def _listed(names: AbstractSet[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"
