"""The right-hand sides of SET: what an attribute becomes, computed from the item as it was."""

from dataclasses import dataclass
from typing import Protocol

from infra.local.dynamo import decimals
from infra.local.dynamo.expressions.operands import Attribute, Given, Values, wrong_kind
from infra.local.dynamo.expressions.reader import Reader
from infra.local.dynamo.refusals import Refused, invalid
from infra.local.dynamo.values import Item, Value

MISSING = "The provided expression refers to an attribute that does not exist in the item"
WRONG = "An operand in the update expression has an incorrect data type"


class Term(Protocol):
    def of(self, item: Item, values: Values) -> Value: ...

    def check(self, values: Values) -> None:
        """Refuses what is wrong whatever the item."""

    def given(self, values: Values) -> Value | None: ...


@dataclass(frozen=True, slots=True)
class Plain:
    operand: Attribute | Given

    def of(self, item: Item, values: Values) -> Value:
        value = self.operand.of(item, values)
        if value is None:
            raise invalid(MISSING)
        return value

    def check(self, values: Values) -> None:
        """A value is right in any place of its own."""

    def given(self, values: Values) -> Value | None:
        return self.operand.given(values)


@dataclass(frozen=True, slots=True)
class IfNotExists:
    attribute: Attribute
    otherwise: Term

    def of(self, item: Item, values: Values) -> Value:
        value = self.attribute.of(item, values)
        return self.otherwise.of(item, values) if value is None else value

    def check(self, values: Values) -> None:
        self.otherwise.check(values)

    def given(self, values: Values) -> Value | None:
        return None


@dataclass(frozen=True, slots=True)
class ListAppend:
    first: Term
    second: Term

    def of(self, item: Item, values: Values) -> Value:
        first, second = self.first.of(item, values), self.second.of(item, values)
        if "L" not in first or "L" not in second:
            raise invalid(WRONG)
        return {"L": [*first["L"], *second["L"]]}

    def check(self, values: Values) -> None:
        for term in (self.first, self.second):
            term.check(values)
            _check_given(term, values, "list_append", "L")

    def given(self, values: Values) -> Value | None:
        return None


@dataclass(frozen=True, slots=True)
class Sum:
    left: Term
    sign: str
    right: Term

    def of(self, item: Item, values: Values) -> Value:
        left, right = self.left.of(item, values), self.right.of(item, values)
        if "N" not in left or "N" not in right:
            raise invalid(WRONG)
        combine = decimals.total if self.sign == "+" else decimals.difference
        return {"N": combine(left["N"], right["N"])}

    def check(self, values: Values) -> None:
        for term in (self.left, self.right):
            term.check(values)
            _check_given(term, values, self.sign, "N")

    def given(self, values: Values) -> Value | None:
        return None


def right_hand_side(reader: Reader) -> Term:
    left = _term(reader)
    if reader.peek() not in ("+", "-"):
        return left
    reader.operators += 1
    return Sum(left, reader.take(), _term(reader))


def _check_given(term: Term, values: Values, operator: str, kind: str) -> None:
    value = term.given(values)
    if value is not None and kind not in value:
        raise wrong_kind("UpdateExpression", operator, value)


def _term(reader: Reader) -> Term:
    if reader.peek(1) == "(":
        return _function(reader)
    if reader.peek().startswith(":"):
        return Plain(Given(reader.value()))
    return Plain(Attribute(reader.path()))


def _function(reader: Reader) -> Term:
    name = reader.take()
    reader.take()
    reader.operators += 1
    if name == "if_not_exists":
        if reader.peek().startswith(":"):
            raise _needs_path(reader, name)
        attribute = Attribute(reader.path())
        reader.expect(",")
        term: Term = IfNotExists(attribute, right_hand_side(reader))
    elif name == "list_append":
        first = _term(reader)
        reader.expect(",")
        term = ListAppend(first, _term(reader))
    else:
        raise reader.refused(f"Invalid function name; function: {name}")
    reader.expect(")")
    return term


def _needs_path(reader: Reader, name: str) -> Refused:
    return reader.refused(f"Operator or function requires a document path; operator or function: {name}")
