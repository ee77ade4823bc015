"""Attribute values as DynamoDB takes them, brought to one form, so that equal values are equal Python objects.

An item is a dict of attribute values; inside the engine values are shared freely and never changed in place.
Source: API Reference, "AttributeValue"; Developer Guide, "Supported data types and naming rules in Amazon DynamoDB".
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeAlias

from infra.local.dynamo import decimals
from infra.local.dynamo.refusals import invalid, invalid_parameter

Value: TypeAlias = dict[str, Any]
Item: TypeAlias = dict[str, Value]

DEEPEST = 32
SETS = ("SS", "NS", "BS")
ORDERED = ("S", "N", "B")


def normal(value: Any, depth: int = 0) -> Value:
    """The value in canonical form (numbers spelled one way, sets sorted); the caller's own object stays untouched."""
    if not isinstance(value, dict) or len(value) != 1:
        raise invalid("Supplied AttributeValue must contain exactly one of the supported datatypes")
    if depth > DEEPEST:
        raise invalid("Nesting Levels have exceeded supported limits")
    ((kind, content),) = value.items()
    form = _FORMS.get(kind)
    if form is None:
        raise invalid(f"Supplied AttributeValue has the unsupported datatype {kind}")
    return {kind: form(content, depth)}


def normal_item(item: Any) -> Item:
    if not isinstance(item, dict):
        raise invalid(f"An item is a map of attribute values, not {type(item).__name__}")
    return {_text(name, 0): normal(value) for name, value in item.items()}


def comes_before(left: Value, right: Value) -> bool | None:
    """Whether left < right; None if the two have no order between them (kinds differ, or have none)."""
    ((kind, mine),) = left.items()
    theirs = right.get(kind)
    if theirs is None or kind not in ORDERED:
        return None
    if kind == "N":
        return Decimal(mine) < Decimal(theirs)
    return bool(mine < theirs)


def thawed(value: Value) -> Value:
    """A copy whose maps and lists may be changed; the leaves are shared."""
    if "M" in value:
        return {"M": {name: thawed(child) for name, child in value["M"].items()}}
    if "L" in value:
        return {"L": [thawed(child) for child in value["L"]]}
    return value


def _text(content: Any, _depth: int) -> str:
    if not isinstance(content, str):
        raise invalid(f"A string was expected, not {type(content).__name__}")
    if not content.isascii():
        try:
            content.encode()
        except UnicodeEncodeError:
            raise invalid("A string holds a lone surrogate, which has no UTF-8 form") from None
    return content


def _number(content: Any, _depth: int) -> str:
    return decimals.canonical(content)


def _binary(content: Any, _depth: int) -> bytes:
    if not isinstance(content, bytes | bytearray):
        raise invalid(f"A binary value is bytes, not {type(content).__name__}")
    return bytes(content)


def _truth(content: Any, _depth: int) -> bool:
    if not isinstance(content, bool):
        raise invalid(f"A BOOL is true or false, not {type(content).__name__}")
    return content


def _null(content: Any, _depth: int) -> bool:
    if content is not True:
        raise invalid_parameter("Null attribute value types must have the value of true")
    return True


def _map(content: Any, depth: int) -> dict[str, Value]:
    if not isinstance(content, dict):
        raise invalid(f"A map was expected, not {type(content).__name__}")
    return {_text(name, 0): normal(child, depth + 1) for name, child in content.items()}


def _list(content: Any, depth: int) -> list[Value]:
    if not isinstance(content, list | tuple):
        raise invalid(f"A list was expected, not {type(content).__name__}")
    return [normal(child, depth + 1) for child in content]


def _set_of(member: Callable[[Any, int], Any]) -> Callable[[Any, int], list[Any]]:
    def form(content: Any, depth: int) -> list[Any]:
        if not isinstance(content, Iterable) or isinstance(content, str | bytes):
            raise invalid(f"A set was expected, not {type(content).__name__}")
        members = [member(each, depth) for each in content]
        if not members:
            raise invalid_parameter("A set may not be empty")
        if len(set(members)) < len(members):
            raise invalid_parameter("Input collection contains duplicates")
        return sorted(members)

    return form


_FORMS: dict[str, Callable[[Any, int], Any]] = {
    "S": _text,
    "N": _number,
    "B": _binary,
    "BOOL": _truth,
    "NULL": _null,
    "M": _map,
    "L": _list,
    "SS": _set_of(_text),
    "NS": _set_of(_number),
    "BS": _set_of(_binary),
}
