"""What lies on everybody's desks, for those who look after them: agent by agent, by name."""

from dataclasses import dataclass

from chalicelib.agents.store import AgentStore
from chalicelib.kit.paging import SOME_ID, Slice, from_cursor, to_cursor
from chalicelib.kit.values import AgentId, SessionId

AGENTS_AT_ONCE = 100


@dataclass(frozen=True)
class _Place:
    """Where a page ended: behind the agent of this id and name, and behind the session `past` of the next one."""

    id: str = ""
    name: str = ""
    past: str = ""

    @classmethod
    def of(cls, cursor: str | None) -> "_Place":
        if not cursor:
            return cls()
        return cls(**from_cursor(cursor, id=rf"({SOME_ID})?", name=r".{0,400}", past=rf"({SOME_ID})?"))

    @property
    def cursor(self) -> str:
        return to_cursor({"id": self.id, "name": self.name, "past": self.past})

    @property
    def agents_after(self) -> str | None:
        return to_cursor({"id": self.id, "name": self.name}) if self.id else None


def of_agent(agents: AgentStore, agent_id: str) -> list[SessionId]:
    return [SessionId(slot) for slot in sorted(agents.get(AgentId(agent_id)).slots)]


def of_all(agents: AgentStore, limit: int, cursor: str | None) -> Slice[SessionId]:
    """`limit` sessions at most, at two requests for a hundred agents, whatever lies on their desks."""
    found: list[SessionId] = []
    place = _Place.of(cursor)
    more = place.agents_after
    while True:
        page = agents.page(AGENTS_AT_ONCE, more)
        for agent in page.items:
            for slot in sorted(agent.slots):
                if slot <= place.past:
                    continue
                if len(found) == limit:
                    return Slice(found, place.cursor)
                found.append(SessionId(slot))
                place = _Place(place.id, place.name, slot)
            place = _Place(agent.id, agent.alias.casefold())
        more = page.next_cursor
        if more is None:
            return Slice(found)
