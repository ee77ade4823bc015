"""Which routing status an agent had when, by whom and why.

    agent_id  ·  "status:<since>:<number>"  →  status, reason, by, why

Each is written with the status itself; it ends where the next begins, so that none is ever written twice.
"""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kit.clock import from_ms, to_ms
from chalicelib.kit.paging import Slice, from_cursor, to_cursor
from chalicelib.kit.table import KeyMap, Put, Table, named, query_page
from chalicelib.kit.values import AgentId
from chalicelib.protocol.statuses import StatusPeriod
from chalicelib.protocol.values import By, RoutingStatus

PLACE = r"status:\d{15}:\d{9}"


class StatusItem(Table):
    class Meta(Table.Meta):
        table_name = named("agents")

    agent_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    by = UnicodeAttribute()
    why = UnicodeAttribute()


def noted(
    agent_id: AgentId,
    status: RoutingStatus,
    reason: str | None,
    at: datetime,
    by: By,
    why: str,
    number: int,
) -> Put:
    """The write that comes with a new status, the agent's `number`th."""
    place = f"status:{to_ms(at):015d}:{number:09d}"
    return Put(StatusItem(agent_id, place, status=status, reason=reason, by=by.model_dump_json(), why=why))


class StatusHistory:
    def page(
        self,
        agent_id: AgentId,
        since: datetime | None,
        until: datetime | None,
        limit: int,
        cursor: str | None,
    ) -> Slice[StatusPeriod]:
        """Newest first: one Query. `since` and `until` say when they began, half-open."""
        start: KeyMap | None = None
        ends_at: datetime | None = None
        if cursor:
            at = from_cursor(cursor, place=PLACE)["place"]
            start, ends_at = {"agent_id": {"S": agent_id}, "part": {"S": at}}, _since(at)
        first = f"status:{to_ms(since):015d}" if since else "status:"
        last = f"status:{to_ms(until):015d}" if until else "status:~"
        page = query_page(
            StatusItem,
            agent_id,
            StatusItem.part.between(first, last),
            newest_first=True,
            limit=limit,
            after=start,
        )
        periods = []
        for raw in page.items:
            began = _since(raw["part"]["S"])
            periods.append(
                StatusPeriod(
                    status=raw["status"]["S"],
                    reason=raw["reason"]["S"] if "reason" in raw else None,
                    since=began,
                    until=ends_at,
                    by=By.model_validate_json(raw["by"]["S"]),
                    why=raw["why"]["S"],
                )
            )
            ends_at = began
        more = to_cursor({"place": page.last_key["part"]["S"]}) if page.last_key else None
        return Slice(periods, more)


def _since(place: str) -> datetime:
    return from_ms(int(place.split(":")[1]))
