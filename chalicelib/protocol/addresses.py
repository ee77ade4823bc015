"""Web addresses that may stand in a message: a tap on one must never run anything here."""

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, StringConstraints

ADDRESS_LIMIT = 2_000
_TEL = re.compile(r"tel:\+?[\d()*#.,;=a-z-]{2,60}", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:[^@\s,?]{1,64}@[^@\s,?/]{1,190}(\?\S*)?", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")


def _address(text: str) -> str:
    if _UNSEEN.search(text) or "\\" in text:
        raise ValueError("an address has no spaces, control characters or backslashes in it")
    if _TEL.fullmatch(text) or _MAILTO.fullmatch(text) or _leads_to_a_page(text):
        return text
    raise ValueError("give a whole address that begins with https://, http://, mailto: or tel:")


def _page(text: str) -> str:
    if _UNSEEN.search(text) or "\\" in text or not _leads_to_a_page(text):
        raise ValueError("give a whole address that begins with https:// or http://")
    return text


def _leads_to_a_page(text: str) -> bool:
    """With a host, and nobody's name before it: `https://bank.example@elsewhere` leads elsewhere."""
    parts = _split(text)
    return (
        parts is not None
        and parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and "@" not in parts.netloc
    )


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


Address = Annotated[str, StringConstraints(max_length=ADDRESS_LIMIT), AfterValidator(_address)]
"""http, https, mailto or tel."""
PageAddress = Annotated[str, StringConstraints(max_length=ADDRESS_LIMIT), AfterValidator(_page)]
"""http or https."""
