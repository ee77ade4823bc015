"""A past session as the scroll shows it."""

from chalicelib.kit.values import Value
from chalicelib.protocol.values import CustomerSession, Message


class Past(Value):
    """One session with its newest messages, oldest first; `more`: ask for those before the first."""

    session: CustomerSession
    messages: list[Message]
    more: bool
