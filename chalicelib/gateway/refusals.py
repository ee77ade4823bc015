"""What either door refuses by itself, before a room is asked or after one failed."""

from chalicelib.kit.errors import DeskError, NotAllowed

FAILED = "Something failed on our side. Nothing you sent was at fault; try again."


class Forbidden(NotAllowed):
    """It is known who asks, and it is not for them."""


class InternalError(DeskError):
    """A fault of ours, or of what we stand on; what was asked may have been done."""

    status = 500
