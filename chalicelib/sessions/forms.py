"""Whether an answer fits its form. Pure: wrong fields are told by their names, all at once."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol

from chalicelib.kit.errors import Invalid
from chalicelib.protocol.contents import FieldKind, Form, FormAnswer, FormField

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s().-]{5,30}")


class AnswerDoesNotFit(Invalid):
    """It leaves out what is required, or says what was not asked."""


def fits(form: Form, answer: FormAnswer) -> None:
    """Raises AnswerDoesNotFit."""
    asked = {field.name for field in form.fields}
    wrong = [(name, "was not asked") for name in answer.values if name not in asked]
    wrong += _mistakes(form.fields, answer.values)
    if wrong:
        told = tuple((f"form_answer.values.{name}", what) for name, what in wrong)
        raise AnswerDoesNotFit("This does not answer the form. Look at the fields named.", errors=told)


def answers_fit(fields: Sequence[FormField], answers: Mapping[str, Any]) -> None:
    """What is asked before a talk. A page may tell more than was asked. Raises AnswerDoesNotFit."""
    wrong = tuple((f"answers.{name}", what) for name, what in _mistakes(fields, answers))
    if wrong:
        raise AnswerDoesNotFit(
            "This does not answer what is asked here. Look at the fields named.", errors=wrong
        )


def _mistakes(fields: Sequence[FormField], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if field.name not in values:
            if field.required:
                yield field.name, "is required"
        elif what := mistake(field, values[field.name]):
            yield field.name, what


class Question(Protocol):
    """Of whatever form."""

    @property
    def kind(self) -> FieldKind: ...
    @property
    def required(self) -> bool: ...
    @property
    def options(self) -> Sequence[str]: ...


def mistake(field: Question, value: Any) -> str | None:
    """What is wrong with an answer to it, if anything."""
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
