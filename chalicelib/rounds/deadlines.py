"""Deadlines under a minute: whoever set one asked to be looked at when it is over. Late, twice or for nothing makes no difference."""

from collections.abc import Iterable

from chalicelib.dispatch.answering import OfferAnswers
from chalicelib.kit.log import Log
from chalicelib.kit.values import SessionId
from chalicelib.sessions.model import NoSuchSession


class Deadlines:
    def __init__(self, answering: OfferAnswers, log: Log) -> None:
        self._answering = answering
        self._log = log

    def look(self, session_ids: Iterable[str]) -> None:
        """One session's trouble keeps nothing from the others, and is raised at the end: the messages come once more."""
        troubles: list[Exception] = []
        for session_id in session_ids:
            try:
                self._answering.look(SessionId(session_id))
            except NoSuchSession:
                continue
            except Exception as error:  # noqa: BLE001
                self._log(what="look", session_id=session_id, error=repr(error))
                troubles.append(error)
        if troubles:
            raise ExceptionGroup("some deadlines were not looked at", troubles)
