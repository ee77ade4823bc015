"""Left messages from leaving one to its answer."""

from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.values import SessionId
from chalicelib.left_messages.answering import Answering
from chalicelib.left_messages.handing import Handing
from chalicelib.left_messages.leaving import Leaving
from chalicelib.protocol.left_messages import NewAnswer, NewLeftMessage
from chalicelib.protocol.values import CustomerSession, Session as SessionRead
from chalicelib.sessions.access import Access
from chalicelib.sessions.model import Session
from chalicelib.sessions.reading import for_staff
from chalicelib.sessions.store import SessionStore


class LeftMessages:
    def __init__(
        self,
        leaving: Leaving,
        answering: Answering,
        handing: Handing,
        dispatch: Dispatch,
        store: SessionStore,
        access: Access,
    ) -> None:
        self._leaving = leaving
        self._answering = answering
        self._handing = handing
        self._dispatch = dispatch
        self._store = store
        self._access = access

    def leave(self, caller: Caller, new: NewLeftMessage) -> CustomerSession:
        return self._leaving.at_once(caller, new)

    def answer(self, caller: Caller, session_id: SessionId, new: NewAnswer) -> SessionRead:
        """One's own; or one that is nobody's and in reach of whoever may take it, who takes care of it by answering."""
        own, takes = self._access.may(caller, "session.reply"), self._access.may(caller, "session.take")

        def may(session: Session) -> None:
            (takes if session.waits_for_answer else own)(session)

        desk = self._store.tail(session_id).session.agent
        self._answering.answer(caller, session_id, new, may)
        if desk is not None:
            self._dispatch.freed(self._store.tail(session_id).session)
        return for_staff(self._store.tail(session_id))

    def send_letters(self) -> int:
        """By the minute: those that did not go out at once."""
        return self._answering.send_due()

    def hand_out(self) -> int:
        """By the minute: those that are nobody's."""
        return self._handing.run()
