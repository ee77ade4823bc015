"""From which page a browser asks, where that is another site's."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from chalicelib.gateway.addresses import EDGE_HEADER


def page_of(headers: Mapping[str, str]) -> str | None:
    """The origin of a page that isn't this house's own; None for one's own, and for who is no browser. `headers` by lower-case names.

    A browser says itself whether it asks across sites (Sec-Fetch-Site). An old one doesn't: then the host asked for decides, which behind
    CloudFront is never the one in the address bar, so that nothing is concluded there.
    """
    origin = headers.get("origin")
    if not origin:
        return None
    asked_from = headers.get("sec-fetch-site")
    if asked_from is not None:
        return None if asked_from in ("same-origin", "none") else origin
    own = EDGE_HEADER in headers or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    return None if own else origin
