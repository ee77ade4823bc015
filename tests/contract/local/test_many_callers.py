"""The house's own REST door under many callers at once: Chalice keeps one request for all of them, the last that came."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from chalice import Chalice

from chalicelib.gateway.rest import mount
from tests.house import House

CALLERS = 16
CALLS = 10


def meeting(house: House) -> Chalice:
    """The routes on an app in which every request waits, as soon as Chalice has taken it, until all callers have one there."""
    app = Chalice("deskbell", configure_logs=False)
    gate = Barrier(CALLERS)

    @app.middleware("http")
    def wait(request: Any, get_response: Any) -> Any:
        gate.wait(10)
        return get_response(request)

    mount(app, house.desk.routes, house.desk.door)
    return app


def test_sixteen_callers_at_once_are_each_themselves(house: House):
    callers = [house.hired(f"agent{number}", role_ids=("agent",)) for number in range(CALLERS)]
    tokens = [house.desk.sign_in.begin(caller).access.text for caller in callers]
    house.app = meeting(house)

    def ask(token: str) -> list[str]:
        return [house.rest("GET", "/v1/me", token=token).body["agent"]["id"] for _ in range(CALLS)]

    with ThreadPoolExecutor(CALLERS) as threads:
        seen = list(threads.map(ask, tokens))

    assert seen == [[caller.person.id] * CALLS for caller in callers]
