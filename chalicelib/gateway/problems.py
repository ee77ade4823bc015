"""An error, worded for either door."""

from http import HTTPStatus

from pydantic import ValidationError

from chalicelib.kit.errors import DeskError, Invalid
from chalicelib.protocol.events import FieldError, Refused
from chalicelib.protocol.rest import Problem

TOLD = 10
"""How many mistakes are told at once, so that a refusal stays small however much is wrong."""
_PATH, _PROBLEM = 100, 300


def invalid(error: ValidationError) -> Invalid:
    """Their mistake, by path; the same error raised by our own code stays a bug."""
    mistakes = error.errors(include_url=False, include_context=False, include_input=False)
    found = tuple((_path(e["loc"]), e["msg"][:_PROBLEM]) for e in mistakes[:TOLD])
    path, problem = found[0]
    return Invalid(f"{path}: {problem}", errors=found)


def _path(steps: tuple[int | str, ...]) -> str:
    """Half a pair of surrogates, which JSON can write in a name, can be told to nobody."""
    path = ".".join(str(step) for step in steps) or "body"
    return path[:_PATH].encode(errors="replace").decode()


def problem(error: DeskError, request_id: str) -> Problem:
    return Problem(
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        code=error.code,
        detail=error.detail,
        errors=_fields(error),
        request_id=request_id,
    )


def refused(error: DeskError, client_id: str | None, request_id: str) -> Refused:
    return Refused.model_validate(
        {
            "client_id": client_id,
            "code": error.code,
            "detail": error.detail,
            "errors": [e.model_dump() for e in _fields(error)],
            "retry_after_s": error.retry_after_s,
            "request_id": request_id,
        }
    )


def _fields(error: DeskError) -> list[FieldError]:
    return [FieldError(path=path, problem=what) for path, what in error.errors]
