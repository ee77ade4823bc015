"""Who would get it now, and why: the question that assigns, asked for a session that nobody begins."""

from chalicelib.dispatch.ground import Ground
from chalicelib.dispatch.returning import served_last
from chalicelib.dispatch.service import Dispatch
from chalicelib.kit.errors import Invalid, NotFound
from chalicelib.kit.values import CustomerId, QueueId, SourceId
from chalicelib.protocol.offers import Simulated, Simulating
from chalicelib.sessions.skills import Skills
from chalicelib.sources.model import route


class UnknownPlace(Invalid):
    """No queue or source of that id."""


class SimulatedRouting:
    def __init__(self, ground: Ground, dispatch: Dispatch) -> None:
        self._on = ground
        self._dispatch = dispatch

    def ask(self, asked: Simulating) -> Simulated:
        queue_id, by_category = self._way(asked)
        try:
            queue = self._on.queues.get(queue_id)
        except NotFound as unknown:
            raise UnknownPlace(
                "There is no such queue.", errors=(("queue_id", "names no queue"),)
            ) from unknown
        skills = Skills.of(queue.required_skills, by_category.asked, asked.skills)
        prefers = None
        if asked.customer_id:
            prefers = served_last(self._on.store, CustomerId(asked.customer_id), self._on.clock())
        choice = self._dispatch.would_serve(queue, skills, prefers)
        return Simulated(
            queue_id=queue.id,
            mode=queue.mode,
            agent=choice.chosen.agent.brief if choice.chosen else None,
            explanation=choice.why,
        )

    def _way(self, asked: Simulating) -> tuple[QueueId, Skills]:
        if asked.queue_id is not None:
            return QueueId(asked.queue_id), Skills()
        try:
            source = self._on.sources.get(SourceId(asked.source_id or ""))
        except NotFound as unknown:
            raise UnknownPlace(
                "There is no such source.", errors=(("source_id", "names no source"),)
            ) from unknown
        way = route(source, self._on.sources.categories(), asked.category_id)
        return way.queue_id, Skills.of(way.required_skills)
