"""DynamoDB's numbers: exact decimals of 38 digits, from 1E-130 to 9.9…E+125, kept as text.

Source: Developer Guide, "Supported data types and naming rules in Amazon DynamoDB", section Number.
"""

import re
from decimal import Context, Decimal

from infra.local.dynamo.refusals import invalid

DIGITS = 38
LARGEST_EXPONENT = 125
SMALLEST_EXPONENT = -130

_CANONICAL = re.compile(r"0|-?[1-9][0-9]{0,37}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_NINES = str.maketrans("0123456789", "9876543210")

# Wide enough that a sum of any two numbers is exact: 256 places between the first digit of one and the last of the other.
_EXACT = Context(prec=400)


def canonical(text: object) -> str:
    """The one spelling of a number: no exponent, no needless zero, no plus. `1.0`, `1e0` and `+1` are `1`."""
    if not isinstance(text, str):
        raise invalid(f"A number is sent as text, not as {type(text).__name__}")
    if _CANONICAL.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    return _spelled(Decimal(text))


def total(left: str, right: str) -> str:
    return _spelled(_EXACT.add(Decimal(left), Decimal(right)))


def difference(left: str, right: str) -> str:
    return _spelled(_EXACT.subtract(Decimal(left), Decimal(right)))


def significant_digits(number: str) -> int:
    """How many digits are left when leading and trailing zeros are gone; 0 has none. `number` is canonical."""
    return len(number.lstrip("-").replace(".", "").strip("0"))


def sortable(number: str) -> str:
    """A canonical number as text whose order, byte by byte, is the numbers' order.

    Positive: 2, the exponent moved above zero, the digits. Negative: 0 and the nines' complement of that, closed by a
    character above every digit, because of two negatives the one with more digits is the smaller.
    """
    if number == "0":
        return "1"
    sign, digits, exponent = Decimal(number).as_tuple()
    mantissa = "".join(map(str, digits)).rstrip("0")
    magnitude = len(digits) + int(exponent) - 1
    text = f"{magnitude + 200:03d}{mantissa}"
    return f"0{text.translate(_NINES)}~" if sign else f"2{text}"


def _spelled(number: Decimal) -> str:
    sign, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits)).lstrip("0")
    mantissa = written.rstrip("0")
    if not mantissa:
        return "0"
    if len(mantissa) > DIGITS:
        raise invalid(f"Attempting to store more than {DIGITS} significant digits in a Number")
    magnitude = len(written) + int(exponent) - 1
    if magnitude > LARGEST_EXPONENT:
        raise invalid(
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )
    if magnitude < SMALLEST_EXPONENT:
        raise invalid(
            "Number underflow. Attempting to store a number with magnitude smaller than supported range"
        )
    places = int(exponent) + len(written) - len(mantissa)
    return f"{Decimal((sign, tuple(map(int, mantissa)), places)):f}"
