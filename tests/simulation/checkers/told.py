"""Of every frame on its way to somebody: whether it is for them."""

from collections.abc import Iterator
from typing import Any

from chalicelib.gateway.caller import Caller
from chalicelib.sessions.items import HEAD, session_from
from tests.simulation.ledger import Key, Ledger


def told_checks(ledger: Ledger, to: Caller, frame: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """I20: nobody receives anything of a session they may not read; customers nothing that is for staff."""
    if to.kind != "customer":
        return
    for session_id in _sessions_in(frame):
        raw = ledger.items.get(Key("sessions", session_id, HEAD))
        if raw is not None and session_from(raw).customer_id != to.id:
            yield "I20", f"{to.name} was told of {session_id}: {frame['type']}"
    for message in _messages_in(frame):
        if message["kind"] == "note" or message.get("staff_seq"):
            yield "I20", f"{to.name} was told the staff's {message['text']!r} in a {frame['type']}"
        if message.get("client_id") and message["by"]["role"] != "customer":
            yield "I20", f"{to.name} was told an agent's client_id in a {frame['type']}"


def _sessions_in(frame: dict[str, Any]) -> Iterator[str]:
    if frame.get("session_id"):
        yield frame["session_id"]
    for part in (*frame.get("sessions", []), *frame.get("caught_up", [])):
        yield part["session_id"]
    yield from frame.get("heads", {})


def _messages_in(frame: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if frame["type"] == "message.sent":
        yield frame
    yield from frame.get("messages", [])
    for part in frame.get("caught_up", []):
        yield from part["messages"]
    for session in frame.get("sessions", []):
        if session["last_message"]:
            yield session["last_message"]
