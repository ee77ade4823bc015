"""What the widget says of when somebody will be there: from hours and the roster, not from a table."""

from typing import Any

import pytest

from chalicelib.queues.model import Queue
from tests.house import House
from tests.unit.shifts.scheduler import Scheduler, hours, iso


@pytest.fixture
def sam(house: House) -> Scheduler:
    return Scheduler(house)


def config(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.rest("GET", "/v1/widget/config?source_key=demo&lang=en").body
    return found


def everybody(sam: Scheduler, since: float, until: float) -> None:
    for name in ("ann", "bob", "sue"):
        sam.shift(name, since, until)


def test_before_the_first_shift_the_widget_says_when_it_begins(house: House, sam: Scheduler) -> None:
    everybody(sam, 3, 8)
    sam.shift("bob", 2, 3)

    found = config(house)

    assert (found["mode"], found["opens_at"]) == ("leave_message", iso(hours(2)))
    assert {(c["open"], c["opens_at"]) for c in found["categories"]} == {(False, iso(hours(2)))}


def test_while_somebody_is_on_duty_it_is_open_if_they_are_free_and_else_a_queue(
    house: House, sam: Scheduler
) -> None:
    everybody(sam, 0, 8)
    assert (config(house)["mode"], config(house)["opens_at"]) == ("queue", None)

    house.on_duty("ann")

    assert config(house)["mode"] == "open"
    assert all(c["open"] for c in config(house)["categories"])


def test_a_leave_moves_the_opening(house: House, sam: Scheduler) -> None:
    sam.shift("ann", 2, 8)
    for name in ("bob", "sue"):
        sam.shift(name, 4, 8)
    leave = sam.made("/v1/leaves", **sam.span("ann", 0, 12), kind="sick")

    sam.rest("POST", f"/v1/leaves/{leave['id']}/approve", {})

    assert config(house)["opens_at"] == iso(hours(4))


def test_outside_its_business_hours_a_queue_is_closed_though_somebody_is_there(
    house: House, sam: Scheduler
) -> None:
    """Noon is a Sunday's; the week is open on Mondays from nine in Shanghai, and the Monday after a holiday."""
    house.on_duty("ann")
    calendar = sam.made("/v1/holiday-calendars", name="CN", days=[{"on": "2026-11-23", "name": "holiday"}])
    week = {"mon": [{"starts": "09:00", "ends": "12:00"}, {"starts": "13:00", "ends": "18:00"}]}
    made = sam.made(
        "/v1/business-hours",
        name="Shop",
        time_zone="Asia/Shanghai",
        week=week,
        holiday_calendar_id=calendar["id"],
    )
    support = house.desk.queues.get("support")  # type: ignore[arg-type]
    house.desk.queues.replace(
        support.model_copy(update={"business_hours_id": made["id"], "version": support.version + 1})
    )

    assert (config(house)["mode"], config(house)["opens_at"]) == ("leave_message", "2026-11-30T01:00:00Z")
    house.clock.now = hours(24 * 7 + 13 + 0.5)
    assert config(house)["mode"] == "open"


def test_a_category_of_another_queue_says_when_that_one_opens(house: House, sam: Scheduler) -> None:
    house.on_duty("ann")
    house.staffed(Queue(id="late", name="Late"), bob={})  # type: ignore[arg-type]
    sam.shift("bob", 5, 8)
    orders = next(c for c in house.desk.sources.categories() if c.id == "orders")
    house.desk.sources.replace_category(
        orders.model_copy(update={"queue_id": "late", "version": orders.version + 1})
    )

    found = config(house)

    assert found["mode"] == "open"
    assert {c["id"]: (c["open"], c["opens_at"]) for c in found["categories"]} == {
        "orders": (False, iso(hours(5))),
        "refunds": (True, None),
        "sizes": (True, None),
        "other": (True, None),
    }


def test_a_queue_that_nobody_serves_has_no_opening_in_sight(house: House, sam: Scheduler) -> None:
    house.desk.queues.create(Queue(id="empty", name="Empty"))  # type: ignore[arg-type]

    found = house.desk.looking.opening("empty", house.clock.now)  # type: ignore[arg-type]

    assert (found.open, found.opens_at) == (False, None)
    assert house.desk.looking.next_opening("support", house.clock.now) == house.clock.now  # type: ignore[arg-type]
