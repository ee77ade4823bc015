"""An agent as the house sees one, and whether they can take work. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from chalicelib.agents.duty import DutyCache, Pause
from chalicelib.kit.errors import Conflict, NotFound
from chalicelib.kit.values import AgentId, QueueId, UnitId
from chalicelib.protocol.skills import SkillLevel
from chalicelib.protocol.values import Agent as AgentRead, AgentBrief, Duty, RoutingStatus
from chalicelib.queues.model import Queue

SLOT = 100
"""A slot in hundredths: loads are whole numbers, so that weights add up exactly."""


ON_HOLD: Final = "on_hold"
OFFERED: Final = "offered"
ON_DESK: Final = frozenset({"active", "wrap_up", "left_message", ON_HOLD})
"""The states in which a session lies on its owner's desk."""
MOST_HELD: Final = 3
"""Hoarding isn't service."""


class TooManyOnHold(Conflict):
    """As many as one may put aside."""


class NoSuchAgent(NotFound):
    """No agent of that id, or not for this caller."""

    code = "not_found"


class EmailTaken(Conflict):
    """Another agent signs in with this address."""


class LastOwner(Conflict):
    """Somebody must be able to do everything."""


class AgentUnable(Exception):
    """As of the write the agent could not take it: gone, not accepting, or full by now."""


@dataclass(frozen=True)
class Weights:
    """What a session weighs on a desk while it is filed or on hold, in hundredths of a slot; served, it is a whole one.

    Its queue says so, and the session keeps what was said when it was claimed: whatever the queue says later, it
    takes from the desk what it put there.
    """

    wrap_up: int = SLOT
    on_hold: int = 0

    @classmethod
    def of_queue(cls, queue: Queue) -> Self:
        return cls(round(queue.wrap_up.weight * SLOT), round(queue.hold_weight * SLOT))

    def of(self, state: str) -> int:
        return {"wrap_up": self.wrap_up, ON_HOLD: self.on_hold}.get(state, SLOT)


class RosterMoved(Exception):
    """Somebody else changed this agent's roster since it was read: to be read and decided anew."""


@dataclass(frozen=True, kw_only=True)
class NewStatus:
    """A routing status, and which shall come once the desk is empty. `break_id`: a reason that an admin defined, with its end."""

    status: RoutingStatus
    reason: str | None = None
    next_status: RoutingStatus | None = None
    next_reason: str | None = None
    break_id: str | None = None
    break_ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Agent:
    """`load` in hundredths of a slot; `slots` are the sessions that make it up, `held` how many are on hold. `lease_until` is the machine's time.
    `misses`: offers and sessions that went on unanswered since they last answered one, the first of them at `missed_since`.

    `skills`: how well each is held, 1-5, by its unique name. No `unit_id` is the house itself, above all units.
    `roster`: what the item knows of it; None: there is none, and they count as always on duty. `accepts_from`: a roster set
    "accepting" and leaves some seconds to say "not yet". `status_at`: when the routing status was last set, `status_no` how often.
    `on_since`: when they came on, as far as they have been told; `rotated_to`: what of the roster has been told;
    `pause`: the roster's break they are in or are due.
    """

    id: AgentId
    version: int = 1
    email: str
    alias: str
    role_ids: tuple[str, ...]
    capacity: int = 4
    load: int = 0
    slots: frozenset[str] = frozenset()
    held: int = 0
    enabled: bool = True
    epoch: int = 0
    routing_status: RoutingStatus = "offline"
    break_reason: str | None = None
    break_id: str | None = None
    break_ends_at: datetime | None = None
    break_told: bool = False
    next_status: RoutingStatus | None = None
    next_reason: str | None = None
    status_no: int = 0
    lease_until: datetime | None = None
    last_assigned_at: datetime | None = None
    roster: DutyCache | None = None
    accepts_from: datetime | None = None
    status_at: datetime | None = None
    on_since: datetime | None = None
    rotated_to: datetime | None = None
    pause: Pause | None = None
    misses: int = 0
    missed_since: datetime | None = None
    queue_ids: frozenset[QueueId] = field(default_factory=frozenset)
    unit_id: UnitId | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    phone: str | None = None
    employee_no: str | None = None
    time_zone: str = "UTC"
    created_at: datetime

    def connected(self, machine_now: datetime) -> bool:
        return self.lease_until is not None and self.lease_until > machine_now

    def duty(self, at: datetime) -> Duty:
        """An agent with no shift at all counts as on duty."""
        return self.roster.duty(at) if self.roster else "on_shift"

    def works(self, at: datetime) -> bool:
        """Whether the roster lets new work come: on duty, on no break, and not about to leave."""
        return self.roster is None or self.roster.works(at)

    def free_slots(self, queue: Queue, limit: int | None, machine_now: datetime, now: datetime) -> int:
        """Whole slots that work of this queue could come to now; none unless all three axes say so. `limit`: the membership's."""
        able = (
            self.enabled
            and self.connected(machine_now)
            and self.routing_status == "accepting"
            and (queue.ignore_duty or self.works(now))
        )
        capacity = self.capacity if limit is None else min(limit, self.capacity)
        return max(0, (capacity * SLOT - self.load) // SLOT) if able else 0

    @property
    def brief(self) -> AgentBrief:
        return AgentBrief(id=self.id, name=self.alias)

    def read(self, machine_now: datetime, now: datetime) -> AgentRead:
        return AgentRead(
            id=self.id,
            version=self.version,
            email=self.email,
            alias=self.alias,
            role_ids=list(self.role_ids),
            capacity=self.capacity,
            load=self.load / SLOT,
            enabled=self.enabled,
            routing_status=self.routing_status,
            break_reason=self.break_reason,
            break_ends_at=self.break_ends_at,
            next_status=self.next_status,
            status_since=self.status_at,
            connected=self.connected(machine_now),
            duty=self.duty(now),
            unit_id=self.unit_id,
            skills=[SkillLevel(skill=skill, level=level) for skill, level in sorted(self.skills.items())],
            queue_ids=sorted(self.queue_ids),
            languages=list(self.languages),
            phone=self.phone,
            employee_no=self.employee_no,
            time_zone=self.time_zone,
            created_at=self.created_at,
        )
