"""Answers that many commands share."""

from datetime import datetime
from typing import Protocol

from chalicelib.kit.values import ClientId, MessageId, SessionId
from chalicelib.protocol.events import Accepted
from chalicelib.protocol.values import CustomerSession


class Stands(Protocol):
    """Something stored in a log."""

    @property
    def session_id(self) -> SessionId: ...
    @property
    def seq(self) -> int: ...
    @property
    def staff_seq(self) -> int | None: ...
    @property
    def message_id(self) -> MessageId: ...
    @property
    def sent_at(self) -> datetime: ...


def accepted(client_id: str, session: CustomerSession, first: Stands | None = None) -> Accepted:
    """A command that moved a session: as it is now, and where the words said with it stand."""
    return Accepted(
        client_id=ClientId(client_id),
        session_id=session.session_id,
        number=session.number,
        state=session.state,
        version=session.version,
        head=session.head,
        seq=first.seq if first else None,
        message_id=first.message_id if first else None,
        sent_at=first.sent_at if first else None,
    )


def stands(client_id: str, entry: Stands) -> Accepted:
    """A command that stored something: where it stands."""
    return Accepted(
        client_id=ClientId(client_id),
        session_id=entry.session_id,
        seq=entry.seq,
        staff_seq=entry.staff_seq,
        message_id=entry.message_id,
        sent_at=entry.sent_at,
    )


def done(client_id: str | None, session_id: str | None = None) -> Accepted | None:
    """For commands whose sender may not care: an answer to those who named one."""
    if client_id is None:
        return None
    return Accepted(client_id=ClientId(client_id), session_id=SessionId(session_id) if session_id else None)
