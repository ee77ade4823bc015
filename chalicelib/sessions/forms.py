"""Whether an answer fits its form. Pure: wrong fields are told by their names, all at once."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from chalicelib.kit.errors import Invalid
from chalicelib.protocol.contents import FieldKind, Form, FormAnswer, FormField

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s().-]{5,30}")


class AnswerDoesNotFit(Invalid):
    """It leaves out what is required, or says what was not asked."""


def fits(form: Form, answer: FormAnswer) -> None:
    """Raises AnswerDoesNotFit."""
    wrong = tuple((f"form_answer.values.{name}", what) for name, what in _mistakes(form, answer.values))
    if wrong:
        raise AnswerDoesNotFit("This does not answer the form. Look at the fields named.", errors=wrong)


def _mistakes(form: Form, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    asked = {field.name: field for field in form.fields}
    yield from ((name, "was not asked") for name in values if name not in asked)
    for name, field in asked.items():
        if name not in values:
            if field.required:
                yield name, "is required"
        elif what := _mistake(field, values[name]):
            yield name, what


def _mistake(field: FormField, value: Any) -> str | None:
    if field.kind == "select":
        return None if value in field.options else "is none of the options"
    if field.kind == "checkbox" and field.required and value is False:
        return "is required"
    is_right, what = _RULES[field.kind]
    return None if is_right(value) else what


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(date.fromisoformat(value)) == value
    except ValueError:
        return False


_RULES: Final[dict[FieldKind, tuple[Callable[[Any], bool], str]]] = {
    "text": (lambda value: isinstance(value, str), "is not a text"),
    "number": (lambda value: isinstance(value, float) and not isinstance(value, bool), "is not a number"),
    "date": (_is_date, "is not a date like 2026-11-22"),
    "email": (
        lambda value: isinstance(value, str) and bool(_EMAIL.fullmatch(value)),
        "is not an e-mail address",
    ),
    "phone": (
        lambda value: isinstance(value, str) and bool(_PHONE.fullmatch(value)),
        "is not a phone number",
    ),
    "checkbox": (lambda value: isinstance(value, bool), "is not yes or no"),
}
