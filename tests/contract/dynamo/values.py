"""Python values as DynamoDB's attribute values and back, so that a test shows what it is about."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any


def av(value: Any) -> dict[str, Any]:
    if isinstance(value, set):
        members = [av(each) for each in sorted(value)]
        (kind,) = members[0]
        return {f"{kind}S": [member[kind] for member in members]}
    kind, form = _FORMS[type(value)]
    return {kind: form(value)}


def item(**attributes: Any) -> dict[str, Any]:
    return {name: av(value) for name, value in attributes.items()}


def plain(value: dict[str, Any]) -> Any:
    ((kind, content),) = value.items()
    return _PLAIN.get(kind, lambda same: same)(content)


def plain_item(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in attributes.items()}


def _number(text: str) -> int | Decimal:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


_FORMS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    str: ("S", str),
    int: ("N", str),
    Decimal: ("N", str),
    bytes: ("B", bytes),
    bool: ("BOOL", bool),
    type(None): ("NULL", lambda _: True),
    list: ("L", lambda children: [av(each) for each in children]),
    dict: ("M", lambda children: item(**children)),
}
_PLAIN: dict[str, Callable[[Any], Any]] = {
    "N": _number,
    "NULL": lambda _: None,
    "L": lambda children: [plain(each) for each in children],
    "M": plain_item,
    "SS": set,
    "BS": set,
    "NS": lambda members: {_number(each) for each in members},
}
