"""Agents as an admin makes, changes and disables them; invitations; and one's own profile."""

from chalicelib.agents.model import Agent, EmailTaken, LastOwner
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.clock import Clock
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.values import AgentId
from chalicelib.office.hiring import Hiring, NotYoursToGive, OwnersOnly, UnknownRole
from chalicelib.office.leaving import Leaving, NobodyToHandTo, SayWhatBecomes
from chalicelib.protocol.agents import (
    AgentChange,
    Disabling,
    Invitation,
    NewAgent,
    ProfileChange,
    Releasing,
    SkillsHeld,
)
from chalicelib.protocol.rest import Me, Nothing
from chalicelib.protocol.values import Agent as AgentRead
from chalicelib.queues.skills import UnknownSkill
from chalicelib.sign_in.api import permissions_of
from chalicelib.units.model import UnknownUnit

_AGENT = "/v1/agents/{agent_id}"
_HIRING = (EmailTaken, UnknownRole, UnknownSkill, UnknownUnit, NotYoursToGive, OwnersOnly)


def routes(hiring: Hiring, leaving: Leaving, clock: Clock, machine_clock: Clock) -> Routes:
    on = Routes()

    def read(agent: Agent) -> AgentRead:
        return agent.read(machine_clock(), clock())

    @on.post(
        "/v1/agents", allow="agent.manage", body=NewAgent, answers=AgentRead, status=201, refuses=_HIRING
    )
    def create_agent(caller: Caller, body: NewAgent) -> AgentRead:
        return read(hiring.create(caller, body))

    @on.patch(
        _AGENT,
        allow="agent.manage",
        body=AgentChange,
        answers=AgentRead,
        refuses=(*_HIRING, LastOwner, StaleVersion),
    )
    def change_agent(caller: Caller, agent_id: str, body: AgentChange, version: int) -> AgentRead:
        return read(hiring.change(caller, AgentId(agent_id), body, version))

    @on.put(
        _AGENT + "/skills",
        allow="agent.manage",
        body=SkillsHeld,
        answers=AgentRead,
        refuses=(UnknownSkill, OwnersOnly, StaleVersion),
    )
    def give_skills(caller: Caller, agent_id: str, body: SkillsHeld) -> AgentRead:
        return read(hiring.give_skills(caller, AgentId(agent_id), body))

    @on.post(
        _AGENT + "/disable",
        allow="agent.manage",
        body=Disabling,
        answers=AgentRead,
        refuses=(SayWhatBecomes, NobodyToHandTo, OwnersOnly, LastOwner, StaleVersion),
    )
    def disable_agent(caller: Caller, agent_id: str, body: Disabling) -> AgentRead:
        return read(leaving.disable(caller, AgentId(agent_id), body))

    @on.post(
        _AGENT + "/enable",
        allow="agent.manage",
        body=Nothing,
        answers=AgentRead,
        refuses=(OwnersOnly, StaleVersion),
    )
    def enable_agent(caller: Caller, agent_id: str, body: Nothing) -> AgentRead:
        return read(leaving.enable(caller, AgentId(agent_id)))

    @on.post(
        _AGENT + "/release-sessions",
        allow="session.release",
        body=Releasing,
        answers=AgentRead,
        refuses=(NobodyToHandTo, OwnersOnly),
    )
    def release_sessions(caller: Caller, agent_id: str, body: Releasing) -> AgentRead:
        return read(leaving.release(caller, AgentId(agent_id), body.to))

    @on.post(
        _AGENT + "/invite",
        allow="agent.manage",
        body=Nothing,
        answers=Invitation,
        status=201,
        refuses=(OwnersOnly,),
    )
    def invite_agent(caller: Caller, agent_id: str, body: Nothing) -> Invitation:
        return hiring.invite(caller, AgentId(agent_id))

    @on.patch("/v1/me", allow="agent", body=ProfileChange, answers=Me, refuses=(StaleVersion,))
    def change_me(caller: Caller, body: ProfileChange, version: int) -> Me:
        agent = hiring.change_profile(caller, body, version)
        return Me(agent=read(agent), permissions=permissions_of(caller))

    return on
