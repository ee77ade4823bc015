"""Conditions, and whether one holds for an item. What is absent is unequal to everything, and before and after nothing.

Source: Developer Guide, "Condition and filter expressions, operators, and functions in DynamoDB".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from infra.local.dynamo.expressions.operands import (
    SIZED,
    Attribute,
    Operand,
    Size,
    Values,
    wrong_kind,
)
from infra.local.dynamo.refusals import invalid
from infra.local.dynamo.values import ORDERED, Item, comes_before

KINDS = ("S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS")


class Condition(Protocol):
    def holds(self, item: Item, values: Values) -> bool: ...

    def check(self, values: Values, kind: str) -> None:
        """Refuses what is wrong whatever the item: a given value of a kind the operator doesn't take."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]

    def holds(self, item: Item, values: Values) -> bool:
        return any(part.holds(item, values) for part in self.parts)

    def check(self, values: Values, kind: str) -> None:
        for part in self.parts:
            part.check(values, kind)


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]

    def holds(self, item: Item, values: Values) -> bool:
        return all(part.holds(item, values) for part in self.parts)

    def check(self, values: Values, kind: str) -> None:
        for part in self.parts:
            part.check(values, kind)


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, item: Item, values: Values) -> bool:
        return not self.part.holds(item, values)

    def check(self, values: Values, kind: str) -> None:
        self.part.check(values, kind)


@dataclass(frozen=True, slots=True)
class Compare:
    left: Operand
    operator: str
    right: Operand

    def holds(self, item: Item, values: Values) -> bool:
        left, right = self.left.of(item, values), self.right.of(item, values)
        if left is None or right is None:
            return self.operator == "<>" and left is not right
        if self.operator in ("=", "<>"):
            return (left == right) == (self.operator == "=")
        if self.operator in (">", "<="):
            left, right = right, left
        return comes_before(left, right) is (self.operator in ("<", ">"))

    def check(self, values: Values, kind: str) -> None:
        if self.left == self.right:
            raise invalid(
                f"Invalid {kind}: The first operand must be distinct from the remaining operands for this operator "
                f"or function; operator: {self.operator}"
            )
        for side in (self.left, self.right):
            _check_size(side, values, kind)
            if self.operator not in ("=", "<>"):
                _check_given(side, values, kind, self.operator, ORDERED)


@dataclass(frozen=True, slots=True)
class Between:
    operand: Operand
    low: Operand
    high: Operand

    def holds(self, item: Item, values: Values) -> bool:
        value, low, high = (each.of(item, values) for each in (self.operand, self.low, self.high))
        if value is None or low is None or high is None:
            return False
        return comes_before(value, low) is False and comes_before(high, value) is False

    def check(self, values: Values, kind: str) -> None:
        for each in (self.operand, self.low, self.high):
            _check_size(each, values, kind)
            _check_given(each, values, kind, "BETWEEN", ORDERED)
        low, high = self.low.given(values), self.high.given(values)
        if low is None or high is None:
            return
        if low.keys() != high.keys():
            raise invalid(
                f"Invalid {kind}: The BETWEEN operator requires same data type for lower and upper bounds"
            )
        if comes_before(high, low):
            raise invalid(
                f"Invalid {kind}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
            )


@dataclass(frozen=True, slots=True)
class OneOf:
    operand: Operand
    options: tuple[Operand, ...]

    def holds(self, item: Item, values: Values) -> bool:
        value = self.operand.of(item, values)
        return value is not None and any(value == option.of(item, values) for option in self.options)

    def check(self, values: Values, kind: str) -> None:
        _check_size(self.operand, values, kind)


@dataclass(frozen=True, slots=True)
class Exists:
    attribute: Attribute

    def holds(self, item: Item, values: Values) -> bool:
        return self.attribute.of(item, values) is not None

    def check(self, values: Values, kind: str) -> None:
        """A path can't be wrong."""


@dataclass(frozen=True, slots=True)
class HasType:
    operand: Operand
    type: Operand

    def holds(self, item: Item, values: Values) -> bool:
        value, wanted = self.operand.of(item, values), self.type.of(item, values)
        return value is not None and wanted is not None and wanted.get("S") in value

    def check(self, values: Values, kind: str) -> None:
        wanted = self.type.given(values)
        if wanted is None or "S" not in wanted:
            raise wrong_kind(kind, "attribute_type", wanted or {"NULL": True})
        if wanted["S"] not in KINDS:
            raise invalid(
                f"Invalid {kind}: Invalid attribute type name found; type: {wanted['S']}, "
                f"valid types: {{{','.join(KINDS)}}}"
            )


@dataclass(frozen=True, slots=True)
class BeginsWith:
    operand: Operand
    prefix: Operand

    def holds(self, item: Item, values: Values) -> bool:
        value, prefix = self.operand.of(item, values), self.prefix.of(item, values)
        if value is None or prefix is None or value.keys() != prefix.keys():
            return False
        ((kind, content),) = value.items()
        return kind in ("S", "B") and bool(content.startswith(prefix[kind]))

    def check(self, values: Values, kind: str) -> None:
        _check_given(self.operand, values, kind, "begins_with", ("S", "B"))
        _check_given(self.prefix, values, kind, "begins_with", ("S", "B"))


@dataclass(frozen=True, slots=True)
class Contains:
    """A substring of a string or binary, or a member of a set or list."""

    operand: Operand
    part: Operand

    def holds(self, item: Item, values: Values) -> bool:
        value, part = self.operand.of(item, values), self.part.of(item, values)
        if value is None or part is None:
            return False
        ((kind, content),) = value.items()
        if kind == "L":
            return part in content
        member = part.get(kind[0] if kind in ("SS", "NS", "BS") else kind)
        return member is not None and kind in ("S", "B", "SS", "NS", "BS") and member in content

    def check(self, values: Values, kind: str) -> None:
        _check_size(self.operand, values, kind)


def _check_given(side: Operand, values: Values, kind: str, operator: str, allowed: tuple[str, ...]) -> None:
    value = side.given(values)
    if value is not None and next(iter(value)) not in allowed:
        raise wrong_kind(kind, operator, value)


def _check_size(side: Operand, values: Values, kind: str) -> None:
    if isinstance(side, Size):
        _check_given(side.operand, values, kind, "size", SIZED)


def conjuncts(tree: Condition) -> Iterator[Condition]:
    """The conditions that must all hold, however they are bracketed."""
    if isinstance(tree, AllOf):
        for part in tree.parts:
            yield from conjuncts(part)
    else:
        yield tree
