"""`/local/…`: moving the clock and running a scheduled function now. Here only, on loopback only, in no OpenAPI."""

import ipaddress
import json
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.local.asgi import (
    Answer,
    BodyCutShort,
    BodyTooLarge,
    Receive,
    Scope,
    Send,
    answer,
    client_of,
    header,
    read_body,
)
from infra.local.clock import ShiftedClock
from infra.local.gateway.workers import Workers
from infra.local.problems import problem
from infra.local.schedules import Schedules, UnknownSchedule
from infra.local.settings import LOOPBACK

_BODY_LIMIT = 4096
ROSTER_ROUND = "rotate_shifts"
"""What was told of a time that is yet to come again: nobody is to be off duty for it until the next minute."""
# A century: the farthest a clock can go without leaving what datetime can hold.
_FARTHEST_S = 100 * 366 * 86_400


class MoveClock(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    offset_s: Annotated[float, Field(ge=-_FARTHEST_S, le=_FARTHEST_S, allow_inf_nan=False)]


class Tick(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str


class Control:
    """An ASGI door for `POST /local/clock {offset_s}` and `POST /local/tick {name}`.

    A page on another site can send a form here but no JSON, so only JSON is taken.
    """

    def __init__(self, clock: ShiftedClock, schedules: Schedules, workers: Workers) -> None:
        self._clock = clock
        self._schedules = schedules
        self._workers = workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, await self._answer(scope, receive))

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        act = {"/local/clock": self._move_clock, "/local/tick": self._tick}.get(scope["path"])
        if act is None or not (_from_loopback(scope) and _to_loopback(scope)):
            return problem(404, "not_found", "There is nothing here.")
        if scope["method"] != "POST":
            return problem(405, "method_not_allowed", "Only POST is understood here.")
        if (header(scope, "content-type") or "").partition(";")[0].strip() != "application/json":
            return problem(415, "unsupported_media_type", "Send JSON as application/json.")
        try:
            return await act(await read_body(scope, receive, _BODY_LIMIT))
        except (BodyTooLarge, BodyCutShort, ValidationError) as error:
            return _refusal_of(error)

    async def _move_clock(self, body: bytes) -> Answer:
        before = self._clock()
        self._clock.shift(timedelta(seconds=MoveClock.model_validate_json(body).offset_s))
        if self._clock() < before and ROSTER_ROUND in self._schedules.names:
            await self._workers.run(self._schedules.tick, ROSTER_ROUND)
        return _json({"now": self._clock().isoformat().replace("+00:00", "Z")})

    async def _tick(self, body: bytes) -> Answer:
        name = Tick.model_validate_json(body).name
        try:
            await self._workers.run(self._schedules.tick, name)
        except UnknownSchedule:
            known = ", ".join(self._schedules.names) or "none"
            return problem(404, "not_found", f"No scheduled function is called {name!r}. Known: {known}.")
        except Exception as error:  # noqa: BLE001  (whoever asked for the run is told what it raised)
            return problem(500, "tick_failed", f"{name} raised {type(error).__name__}: {error}")
        return _json({"name": name})


def _refusal_of(error: BodyTooLarge | BodyCutShort | ValidationError) -> Answer:
    if isinstance(error, BodyTooLarge):
        return problem(413, "too_large", "Such a body is a few bytes long.")
    if isinstance(error, BodyCutShort):
        return problem(400, "malformed", "The request was cut short.")
    first = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in first["loc"]) or "body"
    return problem(422, "invalid", f"{path}: {first['msg']}.")


def _json(body: dict[str, str]) -> Answer:
    return Answer(200, [("content-type", "application/json")], json.dumps(body).encode())


def _from_loopback(scope: Scope) -> bool:
    try:
        return ipaddress.ip_address(client_of(scope)).is_loopback
    except ValueError:
        return False


def _to_loopback(scope: Scope) -> bool:
    """A proxy on this machine comes from loopback too, but by the name the world calls."""
    name, _, _ = (header(scope, "host") or "").partition(":")
    return name.lower() in LOOPBACK
