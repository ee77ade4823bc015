"""What stands at either side of a comparison: a path, a given value, or the size of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from infra.local.dynamo.expressions.paths import Path, found
from infra.local.dynamo.expressions.reader import Reader
from infra.local.dynamo.refusals import Refused, invalid
from infra.local.dynamo.values import Item, Value

Values: TypeAlias = Mapping[str, Value]

SIZED = ("S", "B", "SS", "NS", "BS", "L", "M")
_SPELLED = {
    "S": "STRING", "N": "NUMBER", "B": "BINARY", "BOOL": "BOOLEAN", "NULL": "NULL",
    "M": "MAP", "L": "LIST", "SS": "STRING_SET", "NS": "NUMBER_SET", "BS": "BINARY_SET",
}  # fmt: skip


class Operand(Protocol):
    def of(self, item: Item, values: Values) -> Value | None:
        """The operand's value for this item; None if there is nothing at the path."""

    def given(self, values: Values) -> Value | None:
        """Its value if it is known without an item."""


@dataclass(frozen=True, slots=True)
class Attribute:
    path: Path

    def of(self, item: Item, values: Values) -> Value | None:
        return found(item, self.path)

    def given(self, values: Values) -> Value | None:
        return None


@dataclass(frozen=True, slots=True)
class Given:
    name: str

    def of(self, item: Item, values: Values) -> Value | None:
        return values[self.name]

    def given(self, values: Values) -> Value | None:
        return values[self.name]


@dataclass(frozen=True, slots=True)
class Size:
    """Characters of a string, bytes of a binary, elements of a set, list or map; nothing for the other kinds."""

    operand: Operand

    def of(self, item: Item, values: Values) -> Value | None:
        value = self.operand.of(item, values)
        if value is None:
            return None
        ((kind, content),) = value.items()
        return {"N": str(len(content))} if kind in SIZED else None

    def given(self, values: Values) -> Value | None:
        return None


def operand(reader: Reader) -> Operand:
    if reader.peek().startswith(":"):
        return Given(reader.value())
    if reader.peek() == "size" and reader.peek(1) == "(":
        reader.take()
        reader.take()
        measured = Size(operand(reader))
        reader.expect(")")
        return measured
    return Attribute(reader.path())


def wrong_kind(expression: str, operator: str, value: Value) -> Refused:
    """A given value of a kind that the operator doesn't take, whatever the item."""
    (kind,) = value
    return invalid(
        f"Invalid {expression}: Incorrect operand type for operator or function; "
        f"operator or function: {operator}, operand type: {_SPELLED[kind]}"
    )
