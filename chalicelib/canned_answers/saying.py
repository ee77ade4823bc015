"""Saying an answer in a session: its variables become what they stand for there, and the use is counted."""

from chalicelib.canned_answers.model import Counted, rendered, text_in
from chalicelib.canned_answers.service import CannedAnswers
from chalicelib.customers.store import CustomerStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.values import SessionId
from chalicelib.protocol.canned_answers import AnswerUse
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.access import Access
from chalicelib.sessions.service import Sessions
from chalicelib.sources.model import suggested_in
from chalicelib.sources.store import SourceStore


class Saying:
    def __init__(
        self,
        answers: CannedAnswers,
        sessions: Sessions,
        access: Access,
        customers: CustomerStore,
        queues: QueueStore,
        sources: SourceStore,
    ) -> None:
        self._answers = answers
        self._sessions = sessions
        self._access = access
        self._customers = customers
        self._queues = queues
        self._sources = sources

    def suggested(self, caller: Caller, category_id: str) -> list[Counted]:
        return self._answers.several(caller, suggested_in(category_id, self._sources.categories()))

    def say(self, caller: Caller, answer_id: str, use: AnswerUse) -> str:
        """The text as it would be said. It is sent like any other."""
        answer = self._answers.get(caller, answer_id)
        may = self._access.may(caller, "session.reply")
        session = self._sessions.get(SessionId(use.session_id), may).session
        customer = self._customers.find(session.customer_id)
        source = self._sources.find(session.source_id)
        facts = {
            "customer.name": session.customer_name,
            "customer.level": (customer.level if customer else None) or "",
            "agent.name": caller.name,
            "session.number": session.number,
            "queue.name": self._queues.get(session.queue_id).name,
            "source.name": source.name if source else "",
        }
        self._answers.used(answer)
        return rendered(text_in(answer, use.lang), facts)
