"""Units, skills, queues and their members, as an admin changes them."""

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import AgentId, QueueId, UnitId
from chalicelib.office.queues import (
    OverflowCycle,
    QueueHasWaiting,
    QueueInUse,
    QueueOffice,
    SkillInUse,
    TooMany,
    UnknownOverflow,
    UnknownScheme,
)
from chalicelib.office.standing import Standing
from chalicelib.office.units import OrgChart, UnknownAgent
from chalicelib.protocol.agents import NewSkill, Skill
from chalicelib.protocol.queues import NewMember, NewQueue, Queue, QueueChange, QueueMember, QueueStatus
from chalicelib.protocol.rest import Page, PageQuery
from chalicelib.protocol.units import NewUnit, Unit, UnitChange
from chalicelib.queues.skills import NameTaken, SkillStore, UnknownSkill
from chalicelib.units.model import TooManyUnits, UnitCycle, UnitInUse, UnitTooDeep, UnknownUnit

CHARTING = (UnknownUnit, UnitCycle, UnitTooDeep, TooManyUnits, UnknownAgent, StaleVersion)
QUEUEING = (
    UnknownUnit,
    UnknownSkill,
    UnknownScheme,
    UnknownOverflow,
    OverflowCycle,
    TooMany,
    StaleVersion,
)
_UNIT = "/v1/units/{unit_id}"
_QUEUE = "/v1/queues/{queue_id}"
_MEMBER = _QUEUE + "/members/{agent_id}"


def routes(chart: OrgChart, skills: SkillStore, queues: QueueOffice, standing: Standing) -> Routes:
    on = Routes()

    @on.get("/v1/units", allow="unit.read", query=PageQuery, answers=Page[Unit], refuses=(BadCursor,))
    def list_units(caller: Caller, query: PageQuery) -> Page[Unit]:
        """By id. A page may be short and carry a cursor: what the caller may not see is not in it."""
        found = chart.page(caller, query.limit, query.cursor)
        return Page(items=[u.read() for u in found.items], next_cursor=found.next_cursor)

    @on.post("/v1/units", allow="unit.manage", body=NewUnit, answers=Unit, status=201, refuses=CHARTING)
    def create_unit(caller: Caller, body: NewUnit) -> Unit:
        return chart.create(caller, body).read()

    @on.get(_UNIT, allow="unit.read", answers=Unit)
    def get_unit(caller: Caller, unit_id: str) -> Unit:
        return chart.get(caller, UnitId(unit_id)).read()

    @on.patch(_UNIT, allow="unit.manage", body=UnitChange, answers=Unit, refuses=CHARTING)
    def change_unit(caller: Caller, unit_id: str, body: UnitChange, version: int) -> Unit:
        return chart.change(caller, UnitId(unit_id), body, version).read()

    @on.delete(_UNIT, allow="unit.manage", refuses=(UnitInUse, StaleVersion))
    def delete_unit(caller: Caller, unit_id: str) -> None:
        chart.delete(caller, UnitId(unit_id))

    @on.get("/v1/skills", allow="skill.read", query=PageQuery, answers=Page[Skill], refuses=(BadCursor,))
    def list_skills(caller: Caller, query: PageQuery) -> Page[Skill]:
        found = skills.page(query.limit, query.cursor)
        return Page(items=[s.read() for s in found.items], next_cursor=found.next_cursor)

    @on.post(
        "/v1/skills", allow="skill.manage", body=NewSkill, answers=Skill, status=201, refuses=(NameTaken,)
    )
    def create_skill(caller: Caller, body: NewSkill) -> Skill:
        return skills.create(body.name).read()

    @on.delete("/v1/skills/{skill_id}", allow="skill.manage", refuses=(SkillInUse,))
    def delete_skill(caller: Caller, skill_id: str) -> None:
        queues.drop_skill(skill_id)

    @on.post("/v1/queues", allow="queue.manage", body=NewQueue, answers=Queue, status=201, refuses=QUEUEING)
    def create_queue(caller: Caller, body: NewQueue) -> Queue:
        return queues.create(caller, body).read()

    @on.patch(_QUEUE, allow="queue.manage", body=QueueChange, answers=Queue, refuses=QUEUEING)
    def change_queue(caller: Caller, queue_id: str, body: QueueChange, version: int) -> Queue:
        return queues.change(caller, QueueId(queue_id), body, version).read()

    @on.delete(_QUEUE, allow="queue.manage", refuses=(QueueHasWaiting, QueueInUse, StaleVersion))
    def delete_queue(caller: Caller, queue_id: str) -> None:
        queues.delete(caller, QueueId(queue_id))

    @on.put(
        _MEMBER,
        allow="queue.manage",
        body=NewMember,
        answers=QueueMember,
        refuses=(TooMany, UnknownAgent),
    )
    def put_member(caller: Caller, queue_id: str, agent_id: str, body: NewMember) -> QueueMember:
        return queues.join(caller, QueueId(queue_id), AgentId(agent_id), body).read()

    @on.delete(_MEMBER, allow="queue.manage")
    def delete_member(caller: Caller, queue_id: str, agent_id: str) -> None:
        queues.leave(caller, QueueId(queue_id), AgentId(agent_id))

    @on.get(_QUEUE + "/status", allow="queue.read", answers=QueueStatus)
    def queue_status(caller: Caller, queue_id: str) -> QueueStatus:
        return standing.of(caller, QueueId(queue_id))

    return on
