"""Somebody who makes rosters over REST, and what tests ask of the outcome."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.house import NOON, Answer, Client, House

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def hours(count: float) -> datetime:
    """So many hours from the house's noon, a Sunday's."""
    return NOON + timedelta(hours=count)


class Scheduler:
    """Sam makes the rosters."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client: Client = house.connected(house.hired("sam", role_ids=("scheduler",)))
        self._token = self.client.token
        self._signed_in = house.machine.now

    def rest(self, method: str, path: str, body: Any = None, **facts: Any) -> Answer:
        if self.house.machine.now > self._signed_in + timedelta(minutes=10):
            self._token, self._signed_in = self.client.token, self.house.machine.now
        return self.house.rest(method, path, body, token=self._token, **facts)

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.rest("POST", path, body)
        assert answer.status == 201, answer
        found: dict[str, Any] = answer.body
        assert {"id", "version"} <= set(found)
        return found

    def got(self, path: str) -> dict[str, Any]:
        answer = self.rest("GET", path)
        assert answer.status == 200, answer
        found: dict[str, Any] = answer.body
        return found

    def agent(self, name: str) -> str:
        return self.house.agent(name).id

    def template(self, starts: str = "09:00", duration_min: int = 480, **facts: Any) -> str:
        body = {"name": f"From {starts}", "starts": starts, "duration_min": duration_min, **facts}
        return str(self.made("/v1/shift-templates", **body)["id"])

    def rotation(self, *days: str | None, zone: str = "UTC", anchor: str = "2026-11-22") -> str:
        body = {"name": "R", "anchor": anchor, "days": list(days), "time_zone": zone}
        return str(self.made("/v1/rotations", **body)["id"])

    def assigned(self, name: str, rotation_id: str, **facts: Any) -> dict[str, Any]:
        body = {"agent_id": self.agent(name), "rotation_id": rotation_id, "offset": 0, "from": "2026-11-22"}
        return self.made("/v1/roster-assignments", **body | facts)

    def shift(self, name: str, since: float, until: float, **facts: Any) -> dict[str, Any]:
        return self.made("/v1/shifts", **self.span(name, since, until), **facts)

    def override(self, name: str, since: float, until: float, kind: str, **facts: Any) -> dict[str, Any]:
        return self.made("/v1/overrides", **self.span(name, since, until), kind=kind, **facts)

    def span(self, name: str, since: float, until: float) -> dict[str, Any]:
        return {
            "agent_id": self.agent(name),
            "starts_at": iso(hours(since)),
            "ends_at": iso(hours(until)),
        }

    def duty(self, name: str, at: datetime | None = None) -> dict[str, Any]:
        query = f"?at={iso(at)}" if at else ""
        items = self.got(f"/v1/duty{query}")["items"]
        found: dict[str, Any] = next(i for i in items if i["agent_id"] == self.agent(name))
        return found

    def shifts(
        self, since: datetime, until: datetime, limit: int = 100, **facts: Any
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        asked = "".join(f"&{k}={v}" for k, v in facts.items())
        cursor = ""
        while True:
            page = self.got(f"/v1/shifts?from={iso(since)}&to={iso(until)}&limit={limit}{asked}{cursor}")
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"
