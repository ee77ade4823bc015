"""Key conditions: one partition, and a range of its sort keys.

Source: Developer Guide, "Key condition expressions for the Query operation in DynamoDB".
"""

from dataclasses import dataclass
from functools import lru_cache

from infra.local.dynamo.expressions.condition_syntax import condition
from infra.local.dynamo.expressions.conditions import BeginsWith, Between, Compare, Condition, conjuncts
from infra.local.dynamo.expressions.operands import Attribute, Given, Operand, Values
from infra.local.dynamo.expressions.parsed import KEPT, Parsed
from infra.local.dynamo.expressions.reader import Names
from infra.local.dynamo.refusals import Refused, invalid, invalid_parameter
from infra.local.dynamo.tables import KeyPart, Keys, key_text

KIND = "KeyConditionExpression"
_MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LAST_CHARACTER = 0x10FFFF
_BEFORE_SURROGATES, _AFTER_SURROGATES = 0xD7FF, 0xE000


@dataclass(frozen=True, slots=True)
class Bound:
    comparison: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Keys are in their sortable text form; `bounds` are on the sort key, and all hold."""

    partition: str
    bounds: tuple[Bound, ...]

    def covers(self, sort: str) -> bool:
        return all(_TESTS[bound.comparison](sort, bound.key) for bound in self.bounds)


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """What a key condition says, its values not yet given: the placeholder of the partition, and those of the range."""

    partition: str
    operator: str = ""
    operands: tuple[str, ...] = ()

    def range(self, keys: Keys, values: Values) -> KeyRange:
        partition = _key(keys.partition, values, self.partition)
        if not self.operator or keys.sort is None:
            return KeyRange(partition, ())
        texts = [_key(keys.sort, values, operand) for operand in self.operands]
        if self.operator == "BETWEEN":
            return KeyRange(partition, _between(*texts))
        if self.operator == "begins_with":
            return KeyRange(partition, _beginning_with(keys.sort, texts[0]))
        return KeyRange(partition, (Bound(self.operator, texts[0]),))


@lru_cache(maxsize=KEPT)
def key_condition(text: str, names: Names, partition: str, sort: str | None) -> Parsed[KeyCondition]:
    """`partition` and `sort` are the names of the table's or index's key attributes."""
    parsed = condition(text, names, KIND)
    parts: dict[str, tuple[str, tuple[str, ...]]] = {}
    for part in conjuncts(parsed.tree):
        name, operator, operands = _spoken(part)
        if name in parts:
            raise invalid("KeyConditionExpressions must only contain one condition per key")
        parts[name] = operator, operands
    if partition not in parts:
        raise invalid(f"Query condition missed key schema element: {partition}")
    operator, (placeholder, *_) = parts.pop(partition)
    if operator != "=":
        raise invalid("Query key condition not supported")
    operator, operands = parts.pop(sort, ("", ())) if sort else ("", ())
    if parts:
        raise invalid(f"Query condition missed key schema element: {sort or partition}")
    tree = KeyCondition(placeholder, operator, operands)
    return Parsed(tree, parsed.names, parsed.values, parsed.attributes)


def after_prefix(prefix: str) -> str | None:
    """The least text above every text with this prefix; None if there is none."""
    kept = prefix.rstrip(chr(_LAST_CHARACTER))
    if not kept:
        return None
    last = ord(kept[-1])
    return kept[:-1] + chr(_AFTER_SURROGATES if last == _BEFORE_SURROGATES else last + 1)


_TESTS = {
    "=": str.__eq__,
    "<": str.__lt__,
    "<=": str.__le__,
    ">": str.__gt__,
    ">=": str.__ge__,
}


def _spoken(part: Condition) -> tuple[str, str, tuple[str, ...]]:
    """The attribute that one condition is about, its operator, and the placeholders it is compared with."""
    match part:
        case Compare(left, operator, right) if operator != "<>":
            if isinstance(left, Given):
                return _top(right), _MIRRORED[operator], (left.name,)
            return _top(left), operator, (_placeholder(right),)
        case Between(operand, low, high):
            return _top(operand), "BETWEEN", (_placeholder(low), _placeholder(high))
        case BeginsWith(operand, prefix):
            return _top(operand), "begins_with", (_placeholder(prefix),)
    raise _unsupported()


def _top(operand: Operand) -> str:
    if not isinstance(operand, Attribute) or len(operand.path) != 1:
        raise _unsupported()
    return str(operand.path[0])


def _placeholder(operand: Operand) -> str:
    if not isinstance(operand, Given):
        raise _unsupported()
    return operand.name


def _key(part: KeyPart, values: Values, placeholder: str) -> str:
    value = values[placeholder]
    content = value.get(part.kind)
    if content is None:
        raise invalid_parameter("Condition parameter type does not match schema type")
    if not content:
        raise invalid_parameter(
            f"The AttributeValue for a key attribute cannot contain an empty string value. Key: {part.name}"
        )
    return key_text(value)


def _between(low: str, high: str) -> tuple[Bound, ...]:
    if high < low:
        raise invalid(
            f"Invalid {KIND}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
        )
    return Bound(">=", low), Bound("<=", high)


def _beginning_with(part: KeyPart, prefix: str) -> tuple[Bound, ...]:
    if part.kind == "N":
        raise invalid(f"Invalid {KIND}: begins_with is not for numbers")
    beyond = after_prefix(prefix)
    return (Bound(">=", prefix),) if beyond is None else (Bound(">=", prefix), Bound("<", beyond))


def _unsupported() -> Refused:
    return invalid(f"Invalid {KIND}: Query key condition not supported")
