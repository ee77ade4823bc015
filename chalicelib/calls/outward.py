"""Asking somebody else's server to dial: signed, over https, to an address that is on the internet and not in our own network.

The name is resolved once, every address it has must be global, and the connection goes to one of those: a name that says something
else a moment later changes nothing. Redirects are not followed.
"""

import hashlib
import hmac
import ipaddress
import json
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from chalicelib.kit.clock import Clock, to_ms
from chalicelib.kit.outside import DiallerRefused

TIMEOUT_S: Final = 5.0
MOST_BYTES: Final = 64 * 1024
HTTPS: Final = 443
_OK: Final = range(200, 300)

Resolve = Callable[[str, int], Sequence[str]]
"""A name's addresses."""


@dataclass(frozen=True)
class Target:
    """Where a request goes: the address that was judged, and the name that its certificate must bear."""

    address: str
    host: str
    port: int
    path: str


Send = Callable[[Target, Mapping[str, str], bytes], tuple[int, bytes]]
"""Posts, and gives the status and what was answered."""


def target_of(url: str, resolve: Resolve) -> Target:
    """Raises DiallerRefused for an address that is not https, or in a network that is not everybody's."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise DiallerRefused("the address to dial by must begin with https:// and name nobody.")
    try:
        port = parts.port or HTTPS
        addresses = resolve(parts.hostname, port)
    except (OSError, ValueError) as error:
        raise DiallerRefused("the address to dial by can't be found.") from error
    if not addresses or not all(_is_global(address) for address in addresses):
        raise DiallerRefused("the address to dial by is in a private network.")
    path = parts.path or "/"
    return Target(addresses[0], parts.hostname, port, f"{path}?{parts.query}" if parts.query else path)


_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""RFC 6052, RFC 8215, RFC 4291 2.5.5.1: stand for an IPv4 address that a network beyond us puts in their place."""


def _is_global(address: str) -> bool:
    """On the internet, whichever way it is written: an IPv4 address inside an IPv6 one is judged as itself."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if any(found in network for network in _TRANSLATED if network.version == found.version):
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


@dataclass(frozen=True)
class HttpDialler:
    """Posts `{call_id, number, …}` with `Deskbell-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body">`. Its status comes back by PATCH."""

    url: str
    secret: str
    clock: Clock
    resolve: Resolve
    send: Send

    def start(self, call_id: str, number: str, about: Mapping[str, str]) -> str | None:
        target = target_of(self.url, self.resolve)
        body = json.dumps({**about, "call_id": call_id, "number": number}, separators=(",", ":")).encode()
        seconds = to_ms(self.clock()) // 1000
        signature = hmac.new(self.secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": call_id,
            "Deskbell-Signature": f"t={seconds},v1={signature}",
        }
        status, answered = self.send(target, headers, body)
        if status not in _OK:
            raise DiallerRefused(f"whoever dials for us answered {status}.")
        return _id_in(answered)


def _id_in(answered: bytes) -> str | None:
    try:
        found = json.loads(answered)
    except ValueError:
        return None
    given = found.get("id") if isinstance(found, dict) else None
    return given[:200] if isinstance(given, str) else None


def resolved(host: str, port: int) -> Sequence[str]:
    """All its addresses, as this machine finds them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def sent(target: Target, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """To the address that was judged, under the name it was judged by."""
    from urllib3 import HTTPSConnectionPool, Timeout  # noqa: PLC0415  # only who calls out needs it

    with HTTPSConnectionPool(
        target.address,
        target.port,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
        timeout=Timeout(TIMEOUT_S),
        retries=False,
    ) as pool:
        answer = pool.urlopen(
            "POST",
            target.path,
            body=body,
            headers={**headers, "Host": target.host},
            redirect=False,
            preload_content=False,
        )
        return answer.status, answer.read(MOST_BYTES)
