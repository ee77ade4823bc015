"""Origins of web pages: scheme, host and port, written in one way so that two are the same or they are not."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

_PORTS: Final = {"http": 80, "https": 443}
_SHELLS: Final = frozenset({"capacitor", "ionic"})
"""Schemes under which an app's own pages stand."""
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")


def normalised(origin: str) -> str:
    """In lower case, the host in its ASCII spelling, without the port that goes without saying. Raises ValueError."""
    try:
        parts = urlsplit(origin.strip())
        scheme, port = parts.scheme.lower(), parts.port
        host = (parts.hostname or "").encode("idna").decode().lower()
    except (ValueError, UnicodeError) as error:
        raise ValueError("give an origin like https://www.example.com") from error
    host = f"[{host}]" if ":" in host else host
    if scheme not in _PORTS and scheme not in _SHELLS:
        raise ValueError("an origin begins with https:// or http://")
    if "*" in parts.netloc:
        raise ValueError("an origin is one site, without wildcards: name each of them")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("an origin is scheme, host and port, without a path")
    if not _HOST.fullmatch(host):
        raise ValueError("give an origin like https://www.example.com")
    return f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS.get(scheme) else "")


Origin = Annotated[str, StringConstraints(max_length=300), AfterValidator(normalised)]
"""scheme://host or scheme://host:port."""
