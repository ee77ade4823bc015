"""Which sessions an agent may read or act on, by the scopes of their grants."""

from functools import cache

from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import NotAllowed
from chalicelib.kit.values import AgentId, QueueId
from chalicelib.permissions.model import UNIT_SCOPES, Reach, Scope, scopes
from chalicelib.queues.store import QueueStore
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import May
from chalicelib.units.service import Units


class NotYours(NotAllowed):
    """It may be read, and somebody else acts on it."""

    code = "forbidden"


def _own(caller: Caller) -> May:
    def check(session: Session) -> None:
        if session.customer_id != caller.id:
            raise NoSuchSession("There is no such conversation.")

    return check


class Access:
    """A session belongs to the unit of its queue. What is one's own, or waits in a queue of one's own, costs no look at the chart."""

    def __init__(self, agents: AgentStore, queues: QueueStore, units: Units) -> None:
        self._agents = agents
        self._queues = queues
        self._units = units

    def may(self, caller: Caller, permission: str) -> May:
        """What may not be read does not exist; what may be read and not acted on is refused as such.

        A customer's are their own, for whatever they may do at all.
        """
        if caller.kind == "customer":
            return _own(caller)

        @cache
        def reach(of: str) -> Reach:
            return self._units.reach(caller, of)

        @cache
        def unit_of(queue_id: QueueId) -> str | None:
            return self._queues.get(queue_id).unit_id

        def covers(of: str, session: Session) -> bool:
            within = scopes(caller.role_ids, of)
            if self._near(within, caller, session):
                return True
            return bool(within & UNIT_SCOPES) and reach(of).covers(unit_id=unit_of(session.queue_id))

        def check(session: Session) -> None:
            if covers(permission, session):
                return
            on_its_way = _on_its_way(scopes(caller.role_ids, "session.read"), caller, session)
            if on_its_way and permission == "session.read":
                return
            if not (on_its_way or covers("session.read", session)):
                raise NoSuchSession("There is no such conversation.")
            raise NotYours("This conversation is not yours to act on. Take it first, or ask its agent.")

        return check

    def queues_read(self, caller: Caller, permission: str = "session.read") -> list[QueueId] | None:
        """The queues that lie in the caller's units; None: all there are. Those that are closed for good too."""
        reach = self._units.reach(caller, permission)
        if reach.everything:
            return None
        if not reach.units:
            return []
        return [q.id for q in self._queues.all_ever() if reach.covers(unit_id=q.unit_id)]

    def looks_after(self, caller: Caller) -> bool:
        """Whether what others serve lies in somebody's reach too."""
        return self._units.reach(caller, "session.read").others_too

    def queues_of(self, caller: Caller, permission: str = "session.read") -> list[QueueId]:
        """The queues whose waiting work somebody may see: those of their units, and those they are a member of."""
        ids = self.queues_read(caller, permission)
        if ids is None:
            ids = [q.id for q in self._queues.all_ever()]
        return sorted({*ids, *self._agents.get(AgentId(caller.id)).queue_ids})

    def _near(self, within: frozenset[Scope], caller: Caller, session: Session) -> bool:
        """What can be told without the chart."""
        waits = "queue" in within and (session.unserved or session.waits_for_answer)
        in_queue = waits and session.queue_id in self._agents.get(AgentId(caller.id)).queue_ids
        here = Reach(caller.id, within, everything="all" in within)
        return here.covers(owner_id=session.owner_id, in_own_queue=in_queue)


def _on_its_way(reading: frozenset[Scope], caller: Caller, session: Session) -> bool:
    """What is offered to them, or was handed on by them and not taken yet, is read as their own."""
    handed_by = session.handed_over.by.id if session.handed_over else None
    return "own" in reading and caller.id in (session.offered_to, handed_by)
