"""One JSON line per thing that happened, of allow-listed fields: never a text, a token or an address."""

import json
import sys
from collections.abc import Callable

_FIELDS = frozenset(
    {
        "at", "what", "request_id", "method", "path", "status", "code", "command", "connection_id", "session_id",
        "seq", "queue_id", "agent_id", "customer_id", "took_ms", "count", "error", "where", "schedule",
    }
)  # fmt: skip

Log = Callable[..., None]


def json_lines(**facts: str | float | None) -> None:
    """Writes the allowed ones of the facts as a line of ASCII on standard output, where Lambda collects it."""
    line = {k: v for k, v in facts.items() if k in _FIELDS and v is not None}
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


def silent(**facts: str | float | None) -> None:
    """For one machine, unless asked to log."""
