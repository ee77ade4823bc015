"""Which sessions an agent may read or act on, by the scopes of their grants."""

from chalicelib.agents.store import AgentStore
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import NotAllowed
from chalicelib.kit.values import AgentId
from chalicelib.permissions.model import Scope, reaches, scopes
from chalicelib.sessions.model import NoSuchSession, Session
from chalicelib.sessions.service import May


class NotYours(NotAllowed):
    """It may be read, and somebody else acts on it."""

    code = "forbidden"


def _own(caller: Caller) -> May:
    def check(session: Session) -> None:
        if session.customer_id != caller.id:
            raise NoSuchSession("There is no such conversation.")

    return check


class Access:
    def __init__(self, agents: AgentStore) -> None:
        self._agents = agents

    def may(self, caller: Caller, permission: str) -> May:
        """What may not be read does not exist; what may be read and not acted on is refused as such.

        A customer's are their own, for whatever they may do at all.
        """
        if caller.kind == "customer":
            return _own(caller)
        reading, acting = scopes(caller.role_ids, "session.read"), scopes(caller.role_ids, permission)

        def check(session: Session) -> None:
            if self._reaches(acting, caller, session):
                return
            if not self._reaches(reading, caller, session):
                raise NoSuchSession("There is no such conversation.")
            raise NotYours("This conversation is not yours to act on. Take it first, or ask its agent.")

        return check

    def _reaches(self, within: frozenset[Scope], caller: Caller, session: Session) -> bool:
        waits = session.waits_in_queue or session.waits_for_answer
        in_queue = (
            waits and "queue" in within and session.queue_id in self._agents.get(AgentId(caller.id)).queue_ids
        )
        return reaches(
            within,
            caller_id=caller.id,
            owner_id=session.owner_id,
            in_callers_queue=in_queue,
            waits=waits,
        )
