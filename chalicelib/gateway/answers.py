"""Answers that many commands share."""

from chalicelib.kit.values import ClientId, SessionId
from chalicelib.protocol.events import Accepted
from chalicelib.protocol.values import CustomerSession


def accepted(client_id: str, session: CustomerSession) -> Accepted:
    """A command that moved a session: as it is now."""
    return Accepted(
        client_id=ClientId(client_id),
        session_id=session.session_id,
        number=session.number,
        state=session.state,
        version=session.version,
        head=session.head,
    )


def done(client_id: str | None, session_id: str | None = None) -> Accepted | None:
    """For commands whose sender may not care: an answer to those who named one."""
    if client_id is None:
        return None
    return Accepted(client_id=ClientId(client_id), session_id=SessionId(session_id) if session_id else None)
