"""What can go wrong, in the house's own words.

    DeskError
    ├── Malformed    400  it can't be read at all
    ├── NotSignedIn  401
    ├── NotAllowed   403
    ├── NotFound     404  it does not exist, or not for this caller
    ├── Conflict     409  it made sense, but the world has moved on
    ├── TooLarge     413
    ├── Invalid      422  it can be read and makes no sense
    ├── TooMany      429  with `retry_after_s`
    └── Unavailable  503  with `retry_after_s`

Rooms raise subclasses named after what happened (`SessionEnded`); the wire code is the name in snake case. Only
the gateway turns them into statuses and frames.
"""

import re
from typing import ClassVar


class DeskError(Exception):
    """A refusal that a person can act on. `detail` is a sentence; `errors` names the offending fields by path.

    `code` is the class's name in snake case, unless the class says another: what clients and scripts are written against.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "desk_error"

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(
        self,
        detail: str,
        *,
        errors: tuple[tuple[str, str], ...] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.retry_after_s = retry_after_s


class Malformed(DeskError):
    status = 400


class NotSignedIn(DeskError):
    status = 401


class NotAllowed(DeskError):
    status = 403


class NotFound(DeskError):
    status = 404


class Conflict(DeskError):
    status = 409


class TooLarge(DeskError):
    status = 413


class Invalid(DeskError):
    status = 422


class TooMany(DeskError):
    status = 429


class Unavailable(DeskError):
    status = 503
