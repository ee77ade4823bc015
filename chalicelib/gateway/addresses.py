"""From which address a request comes: what its caller can't make up.

API Gateway names the peer it spoke to. In the cloud that is CloudFront's edge, which appends whom it spoke to to
X-Forwarded-For before API Gateway appends the edge; that it was this stack's CloudFront is told by a key in a header of its own. Who
asks API Gateway around it has no key, and is known by the peer's address.
"""

import hmac
from collections.abc import Mapping

EDGE_HEADER = "x-deskbell-edge"


def address_of(peer: str, headers: Mapping[str, str], edge_key: str) -> str:
    """`headers` by lower-case names."""
    by_edge = edge_key and hmac.compare_digest(headers.get(EDGE_HEADER, "").encode(), edge_key.encode())
    forwarded = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
    return forwarded[-2] if by_edge and len(forwarded) > 1 else peer
