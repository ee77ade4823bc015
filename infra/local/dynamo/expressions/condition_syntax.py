"""Reading condition and filter expressions: NOT binds tighter than AND, AND tighter than OR.

Source: Developer Guide, "Condition and filter expressions, operators, and functions in DynamoDB", section on syntax.
"""

from collections.abc import Callable
from functools import lru_cache

from infra.local.dynamo.expressions.conditions import (
    AllOf,
    AnyOf,
    BeginsWith,
    Between,
    Compare,
    Condition,
    Contains,
    Exists,
    HasType,
    Not,
    OneOf,
)
from infra.local.dynamo.expressions.operands import Attribute, operand
from infra.local.dynamo.expressions.parsed import KEPT, Parsed, parsed
from infra.local.dynamo.expressions.reader import Names, Reader

COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
MOST_OPTIONS = 100
"""Source: "Quotas in Amazon DynamoDB", section Expression parameters."""


@lru_cache(maxsize=KEPT)
def condition(text: str, names: Names, kind: str) -> Parsed[Condition]:
    reader = Reader(text, names, kind)
    tree = _disjunction(reader)
    reader.end()
    return parsed(tree, reader)


def _disjunction(reader: Reader) -> Condition:
    parts = [_conjunction(reader)]
    while reader.skip("OR"):
        parts.append(_conjunction(reader))
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _conjunction(reader: Reader) -> Condition:
    parts = [_negation(reader)]
    while reader.skip("AND"):
        parts.append(_negation(reader))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _negation(reader: Reader) -> Condition:
    if reader.skip("NOT"):
        return Not(_negation(reader))
    if reader.at("("):
        return _bracketed(reader)
    if reader.peek(1) == "(" and reader.peek() != "size":
        return _function(reader)
    return _comparison(reader)


def _bracketed(reader: Reader) -> Condition:
    """What stands in parentheses; a pair right around another pair is refused."""
    begins = reader.place
    reader.expect("(")
    inside = reader.place
    inner = _disjunction(reader)
    if reader.brackets == (inside, reader.place):
        raise reader.refused("The expression has redundant parentheses;")
    reader.expect(")")
    reader.brackets = begins, reader.place
    return inner


def _comparison(reader: Reader) -> Condition:
    left = operand(reader)
    if reader.skip("BETWEEN"):
        low = operand(reader)
        reader.expect("AND")
        return Between(left, low, operand(reader))
    if reader.skip("IN"):
        reader.expect("(")
        options = [operand(reader)]
        while reader.skip(","):
            options.append(operand(reader))
        reader.expect(")")
        if len(options) > MOST_OPTIONS:
            raise reader.refused(f"The IN operator has {len(options)} operands, and may have {MOST_OPTIONS};")
        return OneOf(left, tuple(options))
    if reader.peek() not in COMPARATORS:
        raise reader.surprised()
    return Compare(left, reader.take(), operand(reader))


def _function(reader: Reader) -> Condition:
    name = reader.take()
    build = _FUNCTIONS.get(name)
    if build is None:
        raise reader.refused(f"Invalid function name; function: {name}")
    reader.take()
    arguments = [operand(reader)]
    while reader.skip(","):
        arguments.append(operand(reader))
    reader.expect(")")
    wanted = 1 if name in _ABOUT_PATHS else 2
    if len(arguments) != wanted:
        raise reader.refused(
            f"Incorrect number of operands for operator or function; "
            f"operator or function: {name}, number of operands: {len(arguments)}"
        )
    if name in _ABOUT_PATHS and not isinstance(arguments[0], Attribute):
        raise reader.refused(f"Operator or function requires a document path; operator or function: {name}")
    return build(*arguments)


_ABOUT_PATHS = ("attribute_exists", "attribute_not_exists")
_FUNCTIONS: dict[str, Callable[..., Condition]] = {
    "attribute_exists": Exists,
    "attribute_not_exists": lambda attribute: Not(Exists(attribute)),
    "attribute_type": HasType,
    "begins_with": BeginsWith,
    "contains": Contains,
}
