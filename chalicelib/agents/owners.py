"""How many owners there are who can still do something: the last one stays.

    "owners"  ·  "count"  →  how_many

It moves in the same transaction as whatever makes or unmakes an owner.
"""

from collections.abc import Callable, Iterable

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.agents.model import Agent, LastOwner
from chalicelib.kit.table import Table, Update, get_raw, named, put_if_absent

KEY = ("owners", "count")


class OwnersItem(Table):
    class Meta(Table.Meta):
        table_name = named("agents")

    agent_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    how_many = NumberAttribute()


def is_one(agent: Agent) -> bool:
    return agent.enabled and "owner" in agent.role_ids


def counted(agents: Callable[[], Iterable[Agent]]) -> None:
    """Data of an earlier release has no count yet: all agents are looked through, this once."""
    if get_raw(OwnersItem, *KEY) is None:
        count = sum(1 for agent in agents() if is_one(agent))
        put_if_absent(OwnersItem(*KEY, how_many=count), OwnersItem.agent_id)


def moved(before: Agent | None, after: Agent) -> list[Update]:
    """The write that comes with a change of an agent; none where it makes or unmakes no owner."""
    by = is_one(after) - (before is not None and is_one(before))
    if by == 0:
        return []
    another = OwnersItem.how_many > 1 if by < 0 else None
    return [Update(OwnersItem(*KEY), [OwnersItem.how_many.add(by)], another, refusal=_last_owner)]


def _last_owner() -> LastOwner:
    return LastOwner(
        "This is the last owner, without whom nobody could do everything. Make another one first."
    )
