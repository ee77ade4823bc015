"""What keeps a session from being handed to somebody, each with the code that a screen words and a refusal carries. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.dispatch.model import Candidate, Instants
from chalicelib.kit.errors import Conflict, DeskError
from chalicelib.permissions.model import scopes
from chalicelib.queues.model import Queue
from chalicelib.sessions.model import Session


class TransferToOneself(Conflict):
    """It is theirs already."""


class AgentDisabled(Conflict):
    """They don't work here any more."""


class AgentNotServing(Conflict):
    """Their role serves no customers."""


class AgentDeclined(Conflict):
    """They would not have it from its present owner."""


class AgentNotConnected(Conflict):
    """They are not here."""


class AgentOnBreak(Conflict):
    """They are on a break."""


class AgentOffDuty(Conflict):
    """They are not on duty."""


class AgentFull(Conflict):
    """They have no free slot."""


class NoRoute(Conflict):
    """Nobody in that queue could ever serve it."""


class QueueClosed(Conflict):
    """That queue takes nothing now."""


@dataclass(frozen=True)
class Barrier:
    _kind: type[DeskError]
    _worded: Callable[[str], str]

    @property
    def code(self) -> str:
        return self._kind.code

    def refusal(self, name: str) -> DeskError:
        return self._kind(self._worded(name))


ONESELF: Final = Barrier(
    TransferToOneself, lambda _: "This conversation is theirs already. Choose somebody else."
)
DISABLED: Final = Barrier(AgentDisabled, lambda who: f"{who}'s account is disabled. Choose somebody else.")
NOT_SERVING: Final = Barrier(AgentNotServing, lambda who: f"{who} serves no customers. Choose somebody else.")
DECLINED: Final = Barrier(
    AgentDeclined, lambda who: f"{who} was asked already and did not take it. Choose somebody else."
)
NOT_CONNECTED: Final = Barrier(AgentNotConnected, lambda who: f"{who} is not here. Choose somebody else.")
ON_BREAK: Final = Barrier(AgentOnBreak, lambda who: f"{who} is on a break. Choose somebody else.")
OFF_DUTY: Final = Barrier(AgentOffDuty, lambda who: f"{who} is off duty. Choose somebody else.")
FULL: Final = Barrier(AgentFull, lambda who: f"{who} has no free slot. Choose somebody else, or wait.")
NO_ROUTE: Final = Barrier(NoRoute, lambda what: f"Nobody in {what} can serve this. Choose another queue.")
CLOSED: Final = Barrier(QueueClosed, lambda what: f"{what} takes nothing now. Choose another queue.")

BARRIERS: Final = (
    TransferToOneself,
    AgentDisabled,
    AgentNotServing,
    AgentDeclined,
    AgentNotConnected,
    AgentOnBreak,
    AgentOffDuty,
    AgentFull,
    NoRoute,
    QueueClosed,
)


def agent_barrier(target: Candidate, session: Session, queue: Queue, now: Instants) -> Barrier | None:
    """The first of what keeps an agent from being offered this session by a colleague. That they are busy does not: they can decline."""
    agent = target.agent
    barriers = (
        (agent.id == session.owner_id, ONESELF),
        (not agent.enabled, DISABLED),
        (not scopes(agent.role_ids, "session.reply"), NOT_SERVING),
        (agent.id in session.declined, DECLINED),
        (not agent.connected(now.machine) or agent.routing_status == "offline", NOT_CONNECTED),
        (agent.routing_status == "break", ON_BREAK),
        (target.off_duty(queue, now), OFF_DUTY),
        (target.full, FULL),
    )
    return next((barrier for stands, barrier in barriers if stands), None)
