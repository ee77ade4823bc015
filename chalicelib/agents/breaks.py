"""Reasons for a break that an admin defines, and who is away for each.

    directory  "break reason"  ·  id     →  version, body; an id comes of its name
    agents     "break:<id>"    ·  "out"  →  agent_ids, how_many

Who goes and who comes back is written with their status, so that no more are away than may be.
"""

from collections.abc import Callable

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.kit.documents import AlreadyExists, DirectoryItem, Documents, StaleVersion
from chalicelib.kit.errors import Conflict, NotFound
from chalicelib.kit.ids import derived
from chalicelib.kit.paging import Slice
from chalicelib.kit.table import Table, Update, named
from chalicelib.kit.values import AgentId
from chalicelib.protocol.statuses import BreakReason as BreakReasonRead, BreakReasonChange, NewBreakReason


class NoSuchBreakReason(NotFound):
    code = "not_found"


class BreakReasonTaken(Conflict):
    """There is one of this name."""


class TooManyOnBreak(Conflict):
    """As many are away for this reason as may be."""


class BreakReason(BreakReasonRead):
    def read(self) -> BreakReasonRead:
        return BreakReasonRead.model_validate(dict(self))


class OutItem(Table):
    class Meta(Table.Meta):
        table_name = named("agents")

    agent_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    agent_ids = UnicodeSetAttribute(null=True)
    how_many = NumberAttribute(null=True)


def id_of(name: str) -> str:
    return derived("break reason", name.strip().casefold())


class BreakReasons:
    def __init__(self) -> None:
        self._reasons = Documents(
            DirectoryItem, "break reason", BreakReason, lambda r: r.id, lambda r: r.version
        )

    def page(self, limit: int, cursor: str | None) -> Slice[BreakReason]:
        return self._reasons.page(limit, cursor)

    def meant(self, said: str) -> BreakReason | None:
        """The reason of this name or id; None: a word of their own, which has no limits."""
        return self._reasons.find(id_of(said)) or self._reasons.find(said)

    def create(self, new: NewBreakReason) -> BreakReason:
        reason = BreakReason(id=id_of(new.name), **dict(new))
        try:
            self._reasons.create(reason)
        except AlreadyExists as error:
            raise BreakReasonTaken(f"There is a reason of the name {new.name} already.") from error
        return reason

    def change(self, reason_id: str, change: BreakReasonChange, version: int) -> BreakReason:
        reason = self._get(reason_id)
        if reason.version != version:
            raise StaleVersion("Somebody changed this since you read it. Read it again.")
        changed = reason.model_copy(update={**change.changes(), "version": version + 1})
        self._reasons.replace(changed)
        return changed

    def delete(self, reason_id: str) -> None:
        """Who is away for it stays so."""
        self._reasons.delete(self._get(reason_id).id)

    def _get(self, reason_id: str) -> BreakReason:
        found = self._reasons.find(reason_id)
        if found is None:
            raise NoSuchBreakReason("There is no such reason for a break.")
        return found


def goes(agent_id: AgentId, reason: BreakReason) -> Update:
    """The write that comes with a break. Raises `TooManyOnBreak` where as many are away as may be."""
    room = ~OutItem.agent_ids.contains(agent_id)
    if reason.max_at_once is not None:
        room &= OutItem.how_many < reason.max_at_once
    return Update(
        OutItem(f"break:{reason.id}", "out"),
        [OutItem.agent_ids.add({agent_id}), OutItem.how_many.add(1)],
        OutItem.agent_ids.does_not_exist() | room,
        refusal=_full(reason),
    )


def comes_back(agent_id: AgentId, reason_id: str) -> Update:
    """The write that comes with the end of a break."""
    return Update(
        OutItem(f"break:{reason_id}", "out"),
        [OutItem.agent_ids.delete({agent_id}), OutItem.how_many.add(-1)],
        OutItem.agent_ids.contains(agent_id),
        if_needed=True,
    )


def _full(reason: BreakReason) -> Callable[[], TooManyOnBreak]:
    return lambda: TooManyOnBreak(
        f"{reason.max_at_once} are on {reason.name} already, as many as may be. Try again when one is back."
    )
