"""An agent's shifts in their own calendar: by a secret key, and as the roster stands with all that changes it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from chalicelib.shifts.feed import Event, as_calendar
from tests.house import NOON, House
from tests.unit.shifts.scheduler import Scheduler, hours


@pytest.fixture
def sam(house: House) -> Scheduler:
    return Scheduler(house)


def link(house: House, name: str = "ann") -> str:
    client = house.on_duty(name)
    return str(client.rest("GET", f"/v1/agents/{client.caller.id}/calendar").body["path"])


def subscribed(house: House, path: str) -> list[tuple[str, datetime, datetime]]:
    """What a calendar that knows nothing of us makes of it."""
    answer = house.rest("GET", path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar: Any = icalendar.Calendar.from_ical(answer.text)
    return [(str(e["SUMMARY"]), e["DTSTART"].dt, e["DTEND"].dt) for e in calendar.walk("VEVENT")]


def test_shifts_are_read_back_with_what_changes_them(house: House, sam: Scheduler) -> None:
    template_id = sam.template(
        "13:00", name="早班, early; shift", breaks=[{"offset_min": 60, "duration_min": 30}]
    )
    sam.shift("ann", 1, 9, template_id=template_id)
    sam.shift("ann", 30, 38, published=False)
    sam.shift("ann", 50, 58)
    sam.override("ann", 56, 58, "remove")
    path = link(house)

    assert subscribed(house, path) == [
        ("早班, early; shift", hours(1), hours(9)),
        ("Shift", hours(50), hours(56)),
    ]
    again = house.rest("GET", path).text
    assert again == house.rest("GET", path).text


def test_nights_and_clock_changes_are_the_instants_they_are(house: House, sam: Scheduler) -> None:
    house.clock.now = datetime(2027, 3, 26, 12, tzinfo=UTC)
    rotation_id = sam.rotation(sam.template("22:00", duration_min=600), zone="Europe/Berlin")
    sam.assigned("ann", rotation_id, **{"from": "2027-03-26", "to": "2027-03-29"})

    found = subscribed(house, link(house))

    assert [(s, e - s) for _, s, e in found] == [
        (datetime(2027, 3, 26, 21, tzinfo=UTC), timedelta(hours=10)),
        (datetime(2027, 3, 27, 21, tzinfo=UTC), timedelta(hours=10)),
        (datetime(2027, 3, 28, 20, tzinfo=UTC), timedelta(hours=10)),
    ]


def test_a_wrong_key_and_an_unknown_agent_look_the_same(house: House, sam: Scheduler) -> None:
    path, other = link(house), link(house, "bob")
    bare, _, key = path.partition("?key=")
    wrong = [
        bare,
        f"{bare}?key=",
        f"{bare}?key={key[:-1]}",
        f"{bare}?key=%C3%BC",
        f"{bare}?key={other.partition('=')[2]}",
    ]
    wrong.append(f"/v1/agents/nobody/shifts.ics?key={key}")

    assert {house.rest("GET", p).status for p in wrong} == {404}
    assert {house.rest("GET", p).body["detail"] for p in wrong} == {"There is no such calendar."}


def test_a_key_ends_with_all_else_that_the_agent_is_signed_in_by(house: House, sam: Scheduler) -> None:
    path = link(house)
    assert house.rest("GET", path).status == 200

    house.desk.agents.revoke(house.agent("ann").id)

    assert house.rest("GET", path).status == 404


def test_nobody_is_told_the_key_of_another_s_calendar(house: House, sam: Scheduler) -> None:
    path = f"/v1/agents/{sam.agent('bob')}/calendar"

    assert house.on_duty("ann").rest("GET", path).status == 404
    assert sam.rest("GET", path).status == 200


def test_long_lines_are_folded_between_letters() -> None:
    text = as_calendar([Event("U", NOON, NOON, "早" * 100)], "x", NOON)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    calendar: Any = icalendar.Calendar.from_ical(text)
    assert str(calendar.walk("VEVENT")[0]["SUMMARY"]) == "早" * 100
