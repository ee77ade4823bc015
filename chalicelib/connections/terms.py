"""The terms a socket is given in its welcome, and which clients are too old for them."""

import re
from datetime import datetime
from typing import Any

from chalicelib.connections.model import HEARTBEAT, LEASE, RECONNECT_WINDOW, RENEW_AFTER, Connection
from chalicelib.kit.errors import Conflict

PROTOCOL = 1
OLDEST_CLIENT = (0, 1, 0)


class Reload(Conflict):
    """The client's version is older than what is spoken here."""


def welcome_terms(connection: Connection, now: datetime) -> dict[str, Any]:
    """What both kinds of welcome say alike."""
    kind = connection.person.kind
    return {
        "connection_id": connection.id,
        "now": now,
        "protocol": PROTOCOL,
        "ping_every_s": int(HEARTBEAT[kind].total_seconds()),
        "lease_s": int(LEASE[kind].total_seconds()),
        "renew_after_s": int(RENEW_AFTER.total_seconds()),
        "reconnect_window_s": int(RECONNECT_WINDOW.total_seconds()),
    }


def not_too_old(version: str) -> None:
    """Versions of the site are three numbers; others are somebody's own client and their own affair."""
    numbers = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    if numbers and tuple(map(int, numbers.groups())) < OLDEST_CLIENT:
        raise Reload("This page is older than the server. Reload it; what you typed is kept.")
