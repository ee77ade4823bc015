"""Queues as an admin makes, changes and closes them, and who serves them."""

from collections.abc import Sequence
from typing import Any

from chalicelib.agents.store import AgentStore, joins_queue, leaves_queue
from chalicelib.archive.store import SchemeStore
from chalicelib.dispatch.service import Dispatch
from chalicelib.gateway.caller import Caller
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import Conflict, Invalid
from chalicelib.kit.ids import Ids
from chalicelib.kit.table import Clash, Write, transact
from chalicelib.kit.values import AgentId, QueueId, SchemeId
from chalicelib.office.units import UnknownAgent
from chalicelib.protocol.queues import NewMember, NewQueue, QueueChange
from chalicelib.queues.model import Member, NoSuchQueue, Queue
from chalicelib.queues.reading import ReadQueues
from chalicelib.queues.skills import SkillStore
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.store import SessionStore
from chalicelib.sources.store import SourceStore
from chalicelib.units.service import Units
from chalicelib.units.store import stands, unknown_unit

MOST_MEMBERS = 200
MOST_QUEUES = 500


ATTEMPTS = 5


class OverflowCycle(Conflict):
    """What flows over must not come back."""


class UnknownOverflow(Invalid):
    """A queue flows over into one that there is none of."""


class UnknownScheme(Invalid):
    """A field names a scheme that there is none of."""


class QueueHasWaiting(Conflict):
    """Customers wait in it."""


class QueueInUse(Conflict):
    """Something leads into it."""


class SkillInUse(Conflict):
    """Something asks for it."""


class TooMany(Conflict):
    """As many as there can be."""

    code = "too_many_of_them"


class QueueOffice:
    def __init__(
        self,
        queues: QueueStore,
        reading: ReadQueues,
        skills: SkillStore,
        agents: AgentStore,
        schemes: SchemeStore,
        sources: SourceStore,
        sessions: SessionStore,
        dispatch: Dispatch,
        units: Units,
        ids: Ids,
    ) -> None:
        self._queues = queues
        self._reading = reading
        self._skills = skills
        self._agents = agents
        self._schemes = schemes
        self._sources = sources
        self._sessions = sessions
        self._dispatch = dispatch
        self._units = units
        self._ids = ids

    def create(self, caller: Caller, new: NewQueue) -> Queue:
        queue = Queue(id=QueueId(self._ids.new()), **dict(new))
        if len(self._queues.all()) >= MOST_QUEUES:
            raise TooMany(f"There are {MOST_QUEUES} queues, which is as many as there can be.")
        return self._put(caller, queue, set(NewQueue.model_fields))

    def change(self, caller: Caller, queue_id: QueueId, change: QueueChange, version: int) -> Queue:
        queue = self._reading.get(caller, queue_id, "queue.manage")
        if queue.version != version:
            raise StaleVersion("Somebody changed this queue since you read it. Read it again.")
        changes = change.changes()
        changed = self._put(caller, Queue(**{**dict(queue), **changes, "version": version + 1}), set(changes))
        self._dispatch.ring(changed.id)
        return changed

    def _put(self, caller: Caller, queue: Queue, named: set[str]) -> Queue:
        """Only what is named is judged: what was right once may stay."""
        writes: list[Write] = []
        if "unit_id" in named:
            self._may_place(caller, queue)
            writes += [stands(queue.unit_id)] if queue.unit_id else []
        if "required_skills" in named:
            self._skills.are_known([s.skill for s in queue.required_skills], "required_skills")
        if "scheme_id" in named and queue.scheme_id and not self._schemes.find(SchemeId(queue.scheme_id)):
            raise UnknownScheme("There is no such scheme.", errors=(("scheme_id", "is unknown"),))
        if "overflow" in named and queue.overflow:
            writes.append(self._flows_somewhere(queue))
        try:
            transact([self._queues.put(queue), *writes], self._ids.new())
        except Clash as clash:
            if queue.unit_id and 1 in clash.refused and "unit_id" in named:
                raise unknown_unit() from clash
            raise StaleVersion(
                "Somebody changed the queues just now. Look again, and try once more."
            ) from clash
        return queue

    def _may_place(self, caller: Caller, queue: Queue) -> None:
        if not self._units.reach(caller, "queue.manage").covers(unit_id=queue.unit_id):
            raise unknown_unit()

    def _flows_somewhere(self, queue: Queue) -> Write:
        """Raises where it leads nowhere or back."""
        number = self._queues.overflows.read()
        into = {q.id: q.overflow.queue_id if q.overflow else None for q in self._queues.all(consistent=True)}
        following: str | None = queue.overflow.queue_id if queue.overflow else None
        if following not in into and following != queue.id:
            raise UnknownOverflow("There is no such queue.", errors=(("overflow.queue_id", "is unknown"),))
        passed: set[str] = set()
        while following and following not in passed:
            if following == queue.id:
                raise OverflowCycle(
                    "What flows over would come back to this queue. Choose one that doesn't lead here.",
                    errors=(("overflow.queue_id", "leads back here"),),
                )
            passed.add(following)
            following = into.get(QueueId(following))
        return self._queues.overflows.moved(number)

    def delete(self, caller: Caller, queue_id: QueueId) -> None:
        """Closed for good: it takes nothing any more, and what was in it stays readable.

        Its members leave first, so that what is cut short is begun again; and once more those who joined meanwhile.
        """
        queue = self._reading.get(caller, queue_id, "queue.manage")
        if self._sessions.waiting(queue.id, 1):
            raise QueueHasWaiting(f"Customers wait in {queue.name}. Serve them or put them elsewhere first.")
        if led := self._what_leads_into(queue):
            raise QueueInUse(f"{led} leads into {queue.name}. Lead it elsewhere first.")
        self._all_leave(queue.id)
        try:
            transact(self._queues.closing(queue), self._ids.new())
        except Clash as clash:
            raise _stale() from clash
        self._all_leave(queue.id)

    def _all_leave(self, queue_id: QueueId) -> None:
        for member in self._queues.members(queue_id):
            self._leave(queue_id, member.agent_id)

    def drop_skill(self, skill_id: str) -> None:
        """Who holds it keeps the word, which nothing asks for any more."""
        skill = self._skills.get(skill_id)
        for queue in self._queues.all():
            if any(asked.skill == skill.name for asked in queue.required_skills):
                raise SkillInUse(f"The queue {queue.name} asks for {skill.name}. Change it first.")
        for category in self._sources.categories():
            if any(asked.skill == skill.name for asked in category.required_skills or ()):
                raise SkillInUse(
                    f"The category {_said(category.label)} asks for {skill.name}. Change it first."
                )
        self._skills.delete(skill)

    def _what_leads_into(self, queue: Queue) -> str | None:
        for other in self._queues.all():
            if other.overflow and other.overflow.queue_id == queue.id:
                return f"The overflow of the queue {other.name}"
        for source in self._sources.all():
            if source.default_queue_id == queue.id:
                return f"The source {source.name}"
        for category in self._sources.categories():
            if category.queue_id == queue.id:
                return f"The category {_said(category.label)}"
        return None

    # members

    def join(self, caller: Caller, queue_id: QueueId, agent_id: AgentId, new: NewMember) -> Member:
        """A member, or other terms for one."""
        queue = self._reading.get(caller, queue_id, "queue.manage")
        member = Member(agent_id=agent_id, **dict(new))
        known = self._queues.find_member(queue.id, agent_id)
        if known is None and len(self._queues.members(queue.id)) >= MOST_MEMBERS:
            raise TooMany(f"A queue has {MOST_MEMBERS} members at most.")
        writes: list[Write] = [
            self._queues.is_open(queue.id),
            joins_queue(agent_id, queue.id),
            self._queues.member_put(queue.id, member),
        ]
        try:
            transact(writes, self._ids.new())
        except Clash as clash:
            if 0 in clash.refused:
                raise NoSuchQueue("There is no such queue.") from clash
            raise UnknownAgent("There is no such agent.", errors=(("agent_id", "is unknown"),)) from clash
        self._dispatch.ring(queue.id)
        return member

    def leave(self, caller: Caller, queue_id: QueueId, agent_id: AgentId) -> None:
        """Nothing new comes from this queue; what they have of it they keep."""
        queue = self._reading.get(caller, queue_id, "queue.manage")
        if self._queues.find_member(queue.id, agent_id) is None:
            raise NoSuchQueue("This agent is no member of the queue.")
        self._leave(queue.id, agent_id)

    def _leave(self, queue_id: QueueId, agent_id: AgentId) -> None:
        writes: Sequence[Write] = [
            leaves_queue(agent_id, queue_id),
            self._queues.member_gone(queue_id, agent_id),
        ]
        for _ in range(ATTEMPTS):
            try:
                transact(writes, self._ids.new())
            except Clash:
                if self._queues.find_member(queue_id, agent_id) is None:
                    return
            else:
                return
        raise _stale()


def _stale() -> StaleVersion:
    return StaleVersion("Somebody changed this queue just now. Look again, and try once more.")


def _said(label: Any) -> str:
    return label if isinstance(label, str) else next(iter(label.values()), "")
