"""The trail: which pages of the site a customer looked at."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.kit.values import Instant, Value
from chalicelib.protocol.asked import Asked

PageAddress = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^https?://[^\s]+$")]


class NewPage(Asked):
    """`dwell_s`: how long it was looked at, in seconds."""

    url: PageAddress
    title: Annotated[str, Field(max_length=300)] = ""
    dwell_s: Annotated[int, Field(ge=0, le=86_400)] = 0


class PageSeen(Value):
    url: str
    title: str
    dwell_s: int
    at: Instant
