"""Who works here: made, changed, given skills. Nobody gives what they don't hold, and owners are owners' business."""

from dataclasses import replace
from typing import Any

from chalicelib.agents import owners
from chalicelib.agents.model import Agent, NoSuchAgent
from chalicelib.agents.store import AgentStore
from chalicelib.connections.model import Person
from chalicelib.delivery.service import Delivery
from chalicelib.gateway.caller import Caller
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.errors import Invalid, NotAllowed
from chalicelib.kit.ids import Ids
from chalicelib.kit.values import AgentId
from chalicelib.permissions.model import ROLES, may_give
from chalicelib.protocol.agents import AgentChange, Invitation, NewAgent, ProfileChange, SkillsHeld
from chalicelib.protocol.events import PermissionsChanged
from chalicelib.protocol.skills import SkillLevel
from chalicelib.queues.skills import SkillStore
from chalicelib.sign_in.service import SignIn
from chalicelib.units.service import Units

RIGHTS = ("role_ids", "unit_id")
"""What says how much somebody may do."""


class UnknownRole(Invalid):
    """A field names a role that there is none of."""


class NotYoursToGive(NotAllowed):
    """Nobody grants what they don't hold."""


class OwnersOnly(NotAllowed):
    """Owners are made, changed and disabled by owners alone."""


class Hiring:
    def __init__(
        self,
        agents: AgentStore,
        skills: SkillStore,
        units: Units,
        sign_in: SignIn,
        delivery: Delivery,
        ids: Ids,
        clock: Clock,
    ) -> None:
        self._agents = agents
        self._skills = skills
        self._units = units
        self._sign_in = sign_in
        self._delivery = delivery
        self._ids = ids
        self._now = clock

    def create(self, caller: Caller, new: NewAgent) -> Agent:
        agent = Agent(
            id=AgentId(self._ids.new()),
            created_at=self._now(),
            **_facts({name: getattr(new, name) for name in type(new).model_fields}),
        )
        self._may_place(caller, agent.unit_id)
        self._may_give(caller, agent.role_ids)
        self._skills.are_known([s.skill for s in new.skills])
        owners.counted(self._agents.everybody)
        self._agents.create(agent, self._ids.new())
        if new.password:
            self._sign_in.set_password(agent.id, new.password)
        return self._agents.get(agent.id)

    def of(self, caller: Caller, agent_id: AgentId, permission: str = "agent.manage") -> Agent:
        """An agent in reach, whom this caller may change: an owner only if they are one."""
        agent = self._agents.get(agent_id)
        if not self._units.reach(caller, permission).covers(unit_id=agent.unit_id):
            raise NoSuchAgent("There is no such agent.")
        if "owner" in agent.role_ids and "owner" not in caller.role_ids:
            raise OwnersOnly(f"{agent.alias} is an owner. Ask an owner to do this.")
        return agent

    def change(self, caller: Caller, agent_id: AgentId, change: AgentChange, version: int) -> Agent:
        agent = self.of(caller, agent_id)
        changes = change.changes()
        if "unit_id" in changes:
            self._may_place(caller, changes["unit_id"])
        if "role_ids" in changes:
            self._may_give(caller, set(changes["role_ids"]) - set(agent.role_ids), changes["role_ids"])
        self._skills.are_known([s.skill for s in changes.get("skills", ())])
        return self._changed(agent, changes, version)

    def change_profile(self, caller: Caller, change: ProfileChange, version: int) -> Agent:
        return self._changed(self._agents.get(AgentId(caller.id)), change.changes(), version)

    def give_skills(self, caller: Caller, agent_id: AgentId, held: SkillsHeld) -> Agent:
        """All at once; the skills as they are asked for, whatever was changed of the agent meanwhile."""
        agent = self.of(caller, agent_id)
        self._skills.are_known([s.skill for s in held.skills])
        return self._changed(agent, {"skills": held.skills}, agent.version)

    def invite(self, caller: Caller, agent_id: AgentId) -> Invitation:
        """The secret stands behind the `#`, which no browser sends to any server."""
        token, until = self._sign_in.invite(self.of(caller, agent_id).id)
        return Invitation(link=f"{caller.origin}/console/#/invitation/{token}", expires_at=until)

    def _changed(self, agent: Agent, changes: dict[str, Any], version: int) -> Agent:
        if agent.version != version:
            raise StaleVersion("Somebody changed this agent since you read it. Read it again.")
        after = replace(agent, version=agent.version + 1, **_facts(changes))
        owners.counted(self._agents.everybody)
        self._agents.replace(agent, after, self._ids.new())
        if any(getattr(agent, name) != getattr(after, name) for name in RIGHTS):
            self._rights_changed(agent.id)
        return self._agents.get(agent.id)

    def _rights_changed(self, agent_id: AgentId) -> None:
        """What they may do now is asked at the next request; sockets open anew, since they carry what was so."""
        person = Person("agent", agent_id)
        self._delivery.tell_person(person, PermissionsChanged())
        for connection in self._delivery.connections_of(person):
            self._delivery.close(connection.id)

    def _may_place(self, caller: Caller, unit_id: str | None) -> None:
        if not self._units.reach(caller, "agent.manage").covers(unit_id=unit_id):
            raise NotYoursToGive("You may not put anybody into that unit.")

    @staticmethod
    def _may_give(caller: Caller, added: Any, role_ids: Any = ()) -> None:
        unknown = [role for role in (*added, *role_ids) if role not in ROLES]
        if unknown:
            raise UnknownRole("There is no such role.", errors=(("role_ids", f"{unknown[0]} is unknown"),))
        if "owner" in added and "owner" not in caller.role_ids:
            raise OwnersOnly("An owner is made by owners alone.")
        if not may_give(caller.role_ids, added):
            raise NotYoursToGive("This role may do more than you. Ask somebody who holds it to give it.")


def _facts(asked: dict[str, Any]) -> dict[str, Any]:
    """As the agent keeps them, of what was asked."""
    facts = {n: v for n, v in asked.items() if n in _KEPT}
    if "skills" in facts:
        facts["skills"] = {held.skill: held.level for held in _in_order(facts["skills"])}
    for name in ("languages", "role_ids"):
        if name in facts:
            facts[name] = tuple(dict.fromkeys(facts[name]))
    return facts


_KEPT = (
    "email",
    "role_ids",
    "alias",
    "unit_id",
    "capacity",
    "time_zone",
    "skills",
    "languages",
    "phone",
    "employee_no",
)


def _in_order(skills: list[SkillLevel]) -> list[SkillLevel]:
    return sorted(skills, key=lambda held: (held.skill, held.level))
