"""Making a roster over REST, and that it decides who gets work, at once."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.shifts.items import ScheduleItem
from tests.house import NOON, House
from tests.unit.shifts.scheduler import HOUR, SECOND, Scheduler, hours, iso


@pytest.fixture
def sam(house: House) -> Scheduler:
    return Scheduler(house)


def owner(house: House, session_id: str) -> str | None:
    agent = house.desk.session_store.tail(session_id).session.agent  # type: ignore[arg-type]
    return agent.name if agent else None


def stored() -> list[dict[str, Any]]:
    """Everything the schedules' table holds, but for when the weeks ahead were made last."""
    return sorted((item.to_raw() for item in ScheduleItem.scan() if item.kind != "round"), key=str)


# single shifts


def test_a_shift_makes_its_agent_on_duty_within_it_and_off_beside_it(house: House, sam: Scheduler) -> None:
    made = sam.shift("ann", 1, 9)

    before, during, after = (sam.duty("ann", hours(h)) for h in (0, 1, 9))

    assert (before["duty"], before["because"], before["until"]) == ("off_shift", "no_shift", iso(hours(1)))
    assert (during["duty"], during["until"], during["shift_id"]) == ("on_shift", iso(hours(9)), made["id"])
    assert (after["duty"], after["until"]) == ("off_shift", None)
    assert sam.duty("ann", hours(9) - SECOND)["duty"] == "on_shift"
    assert sam.duty("bob", hours(0)) == {
        "agent_id": sam.agent("bob"),
        "duty": "on_shift",
        "until": None,
        "shift_id": None,
        "because": "no_roster",
    }


def test_a_session_goes_to_whoever_is_on_shift(house: House, sam: Scheduler) -> None:
    house.on_duty("ann")
    house.on_duty("bob")
    sam.shift("ann", -1, 1)
    sam.shift("bob", 1, 3)

    first, _ = house.waiting()
    house.clock.now = hours(1)
    second, _ = house.waiting()

    assert [owner(house, first), owner(house, second)] == ["Ann", "Bob"]


def test_who_waits_is_served_the_moment_a_roster_lets_somebody_work(house: House, sam: Scheduler) -> None:
    house.on_duty("ann")
    sam.shift("ann", 5, 9)
    session_id, _ = house.waiting()
    assert owner(house, session_id) is None

    sam.override("ann", 0, 2, "add")

    assert owner(house, session_id) == "Ann"


def test_an_overlap_is_refused_by_the_name_of_the_clash_and_shifts_that_touch_are_not_one(
    sam: Scheduler,
) -> None:
    first = sam.shift("ann", 1, 9)
    sam.shift("ann", 9, 12)
    sam.shift("bob", 1, 9)

    answer = sam.rest("POST", "/v1/shifts", sam.span("ann", 8, 10))

    assert (answer.status, answer.code) == (409, "shift_overlaps")
    assert first["id"] in answer.body["detail"]


def test_of_two_overlapping_shifts_made_at_once_one_is_refused(house: House, sam: Scheduler) -> None:
    house.faults.before("TransactWriteItems", lambda: sam.shift("ann", 1, 9), about="schedules")

    answer = sam.rest("POST", "/v1/shifts", sam.span("ann", 8, 10))

    assert answer.code == "shift_overlaps"
    assert len(sam.shifts(hours(0), hours(24))) == 1


def test_a_draft_counts_for_nothing_until_it_is_published(sam: Scheduler) -> None:
    sam.shift("ann", 1, 9, published=False)
    assert sam.duty("ann", hours(2))["because"] == "no_roster"

    answer = sam.rest(
        "POST",
        "/v1/roster/publish",
        {"from": iso(hours(0)), "to": iso(hours(24)), "agent_ids": [sam.agent("ann")]},
    )

    assert [c["what"] for c in answer.body["changes"]] == ["published"]
    assert sam.duty("ann", hours(2))["duty"] == "on_shift"
    assert sam.duty("ann", hours(10))["duty"] == "off_shift"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/shift-templates", {"time_zone": "Mars/Base"}, "time_zone"),
        ("/v1/shift-templates", {"duration_min": 0}, "duration_min"),
        ("/v1/shift-templates", {"duration_min": 1441}, "duration_min"),
        ("/v1/shift-templates", {"starts": "24:00"}, "starts"),
        ("/v1/shift-templates", {"breaks": [{"offset_min": 470, "duration_min": 30}]}, "body"),
        ("/v1/rotations", {"days": []}, "days"),
        ("/v1/rotations", {"days": ["nothing"]}, "days.0"),
        ("/v1/rotations", {"time_zone": "Nowhere"}, "time_zone"),
        ("/v1/roster-assignments", {"to": "2026-11-21"}, "body"),
        ("/v1/roster-assignments", {"rotation_id": "none"}, "rotation_id"),
        ("/v1/roster-assignments", {"agent_id": "none"}, "agent_id"),
        ("/v1/shifts", {"agent_id": "none"}, "agent_id"),
        ("/v1/shifts", {"template_id": "none"}, "template_id"),
        ("/v1/shifts", {"ends_at": iso(NOON - HOUR)}, "body"),
        ("/v1/shifts", {"ends_at": iso(NOON + timedelta(hours=25))}, "body"),
        ("/v1/overrides", {"kind": "replace"}, "body"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    sam: Scheduler, path: str, body: dict[str, Any], field: str
) -> None:
    right: dict[str, dict[str, Any]] = {
        "/v1/shift-templates": {"name": "T", "starts": "09:00", "duration_min": 480},
        "/v1/rotations": {"name": "R", "anchor": "2026-11-22", "days": [None], "time_zone": "UTC"},
        "/v1/roster-assignments": {
            "agent_id": sam.agent("ann"),
            "rotation_id": "R",
            "offset": 0,
            "from": "2026-11-22",
        },
        "/v1/shifts": sam.span("ann", 0, 8),
        "/v1/overrides": {**sam.span("ann", 0, 8), "kind": "add"},
    }

    answer = sam.rest("POST", path, right[path] | body)

    assert answer.status == 422
    assert [e["path"] for e in answer.body["errors"]] == [field]


# rotations


def test_a_rotation_is_made_eight_weeks_ahead_and_published_four(sam: Scheduler) -> None:
    sam.assigned("ann", sam.rotation(sam.template("09:00"), None))

    made = sam.shifts(NOON, NOON + timedelta(days=90))

    assert made[0]["starts_at"] == "2026-11-22T09:00:00Z"
    assert made[-1]["starts_at"] == "2027-01-17T09:00:00Z"
    assert {s["published"] for s in made if s["starts_at"] < iso(NOON + timedelta(weeks=4))} == {True}
    assert {s["published"] for s in made if s["starts_at"] >= iso(NOON + timedelta(weeks=4))} == {False}


def test_three_crews_hand_over_to_one_another_through_a_night(house: House, sam: Scheduler) -> None:
    early, late, night = sam.template("06:00"), sam.template("14:00"), sam.template("22:00")
    rotation_id = sam.rotation(early, late, night, zone="Europe/Berlin")
    for offset, name in enumerate(("ann", "bob", "sue")):
        sam.assigned(name, rotation_id, offset=offset)
        house.on_duty(name)

    served = []
    for hour in (0, 3, 11, 19):
        house.clock.now = hours(hour)
        served.append(owner(house, house.waiting()[0]))

    assert served == ["Ann", "Bob", "Sue", "Sue"]


def test_making_the_weeks_ahead_again_leaves_the_same_bytes(house: House, sam: Scheduler) -> None:
    sam.assigned(
        "ann", sam.rotation(sam.template("22:00", breaks=[{"offset_min": 60, "duration_min": 30}]), None)
    )
    before = stored()

    assert house.desk.rounds.materialise_roster() == 0
    assert stored() == before


def test_the_next_day_adds_a_day_and_touches_nothing_else(house: House, sam: Scheduler) -> None:
    sam.assigned("ann", sam.rotation(sam.template("09:00")))
    before = sam.shifts(NOON, NOON + timedelta(days=90))
    house.clock.passes(days=1)

    assert house.desk.rounds.materialise_roster() == 2

    after = sam.shifts(NOON, NOON + timedelta(days=90))
    assert [s["id"] for s in after[:-1]] == [s["id"] for s in before]
    changed = [a["starts_at"] for a, b in zip(after, before, strict=False) if a != b]
    assert changed == [iso(NOON + timedelta(days=29) - 3 * HOUR)]


def test_a_published_shift_is_a_promise_that_another_template_moves_only_when_published_anew(
    house: House, sam: Scheduler
) -> None:
    template_id = sam.template("09:00")
    sam.assigned("ann", sam.rotation(template_id))
    changed = sam.rest(
        "PATCH", f"/v1/shift-templates/{template_id}", {"starts": "10:00"}, headers={"if-match": "1"}
    )
    assert (changed.status, changed.body["starts"], changed.body["version"]) == (200, "10:00", 2)

    house.desk.rounds.materialise_roster()
    first = sam.shifts(NOON, NOON + timedelta(days=90))
    assert {s["starts_at"][11:16] for s in first if s["published"]} == {"09:00"}
    assert {s["starts_at"][11:16] for s in first if not s["published"]} == {"10:00"}

    asked = {"from": iso(NOON), "to": iso(NOON + timedelta(days=3)), "dry_run": True}
    planned = sam.rest("POST", "/v1/roster/publish", asked).body
    assert sam.shifts(NOON, NOON + timedelta(days=90)) == first
    done = sam.rest("POST", "/v1/roster/publish", {**asked, "dry_run": False}).body

    assert [c["what"] for c in done["changes"]] == ["moved", "moved", "moved"]
    assert planned["changes"] == done["changes"]
    second = sam.shifts(NOON + 6 * HOUR, NOON + timedelta(days=3))
    assert {s["starts_at"][11:16] for s in second} == {"10:00"}


def test_publishing_makes_the_range_asked_a_year_ahead_at_most(sam: Scheduler) -> None:
    sam.assigned("ann", sam.rotation(sam.template("09:00")))
    far = NOON + timedelta(days=200)

    answer = sam.rest("POST", "/v1/roster/publish", {"from": iso(far), "to": iso(far + timedelta(days=7))})
    too_far = sam.rest(
        "POST", "/v1/roster/publish", {"from": iso(far), "to": iso(NOON + timedelta(days=400))}
    )

    assert answer.body["published"] == 7
    assert len(sam.shifts(far, far + timedelta(days=7))) == 7
    assert too_far.status == 422


def test_publishing_warns_of_what_speaks_against_it(house: House, sam: Scheduler) -> None:
    late, early = sam.template("14:00"), sam.template("06:00")
    sam.shift("ann", 24 * 5 - 2, 24 * 5 + 6)
    leave = sam.made("/v1/leaves", **sam.span("ann", 24, 30), kind="annual")
    sam.rest("POST", f"/v1/leaves/{leave['id']}/approve", {})
    sam.assigned("ann", sam.rotation(late, early))

    warnings = sam.rest(
        "POST", "/v1/roster/publish", {"from": iso(NOON), "to": iso(NOON + timedelta(days=9))}
    ).body["warnings"]

    assert {w["code"] for w in warnings} == {"short_rest", "days_in_a_row", "leave", "overlap"}
    assert {w["agent_id"] for w in warnings} == {sam.agent("ann")}


def test_publishing_names_the_stretches_with_too_few(sam: Scheduler) -> None:
    template_id = sam.template("13:00", duration_min=60, min_staff=2)
    sam.shift("ann", 1, 2, template_id=template_id)
    sam.shift("bob", 1.5, 2, template_id=template_id)

    warnings = sam.rest(
        "POST", "/v1/roster/publish", {"from": iso(NOON), "to": iso(NOON + timedelta(days=1))}
    ).body["warnings"]

    assert [(w["code"], w["starts_at"], w["ends_at"]) for w in warnings] == [
        ("under_minimum", iso(hours(1)), iso(hours(1.5)))
    ]
    assert warnings[0]["detail"] == "1 fewer on duty than the 2 there should be."


def test_another_rotation_closes_the_one_that_has_started_and_opens_another(
    house: House, sam: Scheduler
) -> None:
    first = sam.assigned("ann", sam.rotation(sam.template("09:00")))
    house.clock.passes(days=2)
    night = sam.rotation(sam.template("22:00"))

    answer = sam.rest(
        "PATCH", f"/v1/roster-assignments/{first['id']}", {"rotation_id": night}, headers={"if-match": "1"}
    )

    assert (answer.body["from"], answer.body["rotation_id"]) == ("2026-11-24", night)
    assert answer.body["id"] != first["id"]
    listed = sam.got("/v1/roster-assignments")["items"]
    assert {a["id"]: a["to"] for a in listed} == {first["id"]: "2026-11-24", answer.body["id"]: None}
    ahead = sam.shifts(house.clock.now + HOUR, house.clock.now + timedelta(days=20))
    assert {s["starts_at"][11:16] for s in ahead} == {"22:00"}


def test_two_rotations_at_once_are_refused_by_the_name_of_the_first(sam: Scheduler) -> None:
    rotation_id = sam.rotation(sam.template("09:00"))
    first = sam.assigned("ann", rotation_id, to="2026-12-01")
    sam.assigned("ann", rotation_id, **{"from": "2026-12-01"})

    body = {
        "agent_id": sam.agent("ann"),
        "rotation_id": rotation_id,
        "offset": 0,
        "from": "2026-11-30",
        "to": "2026-12-01",
    }
    answer = sam.rest("POST", "/v1/roster-assignments", body)

    assert (answer.status, answer.code) == (409, "assignment_overlaps")
    assert rotation_id in answer.body["detail"]
    assert first["id"] in answer.body["detail"]


# reading


def test_a_week_is_read_page_by_page_in_one_order(sam: Scheduler) -> None:
    rotation_id = sam.rotation(sam.template("09:00"))
    for name in ("ann", "bob", "sue"):
        sam.assigned(name, rotation_id)
    week = (NOON, NOON + timedelta(days=7))

    whole = sam.shifts(*week)

    assert len(whole) == 3 * 8
    assert sam.shifts(*week, limit=4) == whole
    assert sam.shifts(*week, agent_id=sam.agent("bob")) == [
        s for s in whole if s["agent_id"] == sam.agent("bob")
    ]


def test_a_page_of_a_week_costs_the_same_for_three_agents_and_for_thirty(
    house: House, sam: Scheduler
) -> None:
    def cost() -> dict[str, int]:
        house.meter.reset()
        house.desk.looking.shifts(sam.client.caller, NOON, NOON + timedelta(days=7), 100)
        return dict(house.meter.requests)

    rotation_id = sam.rotation(sam.template("09:00"))
    sam.assigned("ann", rotation_id, to="2026-12-01")
    few = cost()
    for n in range(9):
        agent = house.hired(f"agent{n}", role_ids=("agent",))
        body = {
            "agent_id": agent.id,
            "rotation_id": rotation_id,
            "offset": 0,
            "from": "2026-11-22",
            "to": "2026-12-01",
        }
        sam.made("/v1/roster-assignments", **body)

    assert cost() == few == {"Query": 11}


def test_a_units_shifts_are_listed_and_published_alone(house: House, sam: Scheduler) -> None:
    olga = house.connected(house.hired("olga", role_ids=("admin",)))
    north = olga.rest("POST", "/v1/units", {"name": "North"}).body["id"]
    nora = house.hired("nora", role_ids=("agent",), unit_id=north)
    for agent_id in (nora.id, sam.agent("ann")):
        span = {"agent_id": agent_id, "starts_at": iso(hours(1)), "ends_at": iso(hours(9))}
        sam.made("/v1/shifts", **span, published=False)
    week = (NOON, NOON + timedelta(days=7))

    published = sam.rest(
        "POST", "/v1/roster/publish", {"from": iso(week[0]), "to": iso(week[1]), "unit_id": north}
    ).body

    assert [c["agent_id"] for c in published["changes"]] == [nora.id]
    assert [(s["agent_id"], s["published"]) for s in sam.shifts(*week, unit_id=north)] == [(nora.id, True)]
    assert [s["published"] for s in sam.shifts(*week, agent_id=sam.agent("ann"))] == [False]


def test_coverage_counts_those_who_serve_and_names_those_without_a_roster(sam: Scheduler) -> None:
    template_id = sam.template("13:00", duration_min=60, min_staff=4, queue_ids=["support"])
    sam.shift("ann", 1, 2, template_id=template_id)

    found = sam.got(f"/v1/coverage?from={iso(hours(0.75))}&to={iso(hours(1.25))}&queue_id=support")

    assert [(q["staff"], q["always"], q["required"], q["gap"]) for q in found["items"]] == [
        (2, 2, 0, 0),
        (3, 2, 4, 1),
    ]
    assert set(found["always"]) == {sam.agent("bob"), sam.agent("sue")}


# who may


def test_an_agent_sees_the_own_shifts_and_duty_and_plans_nothing(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", 1, 9)
    sam.shift("bob", 1, 9)
    week = f"from={iso(hours(0))}&to={iso(hours(24))}"

    own = ann.rest("GET", f"/v1/shifts?{week}").body["items"]

    assert [s["agent_id"] for s in own] == [sam.agent("ann")]
    assert ann.rest("GET", f"/v1/shifts?{week}&agent_id={sam.agent('bob')}").status == 404
    assert [d["agent_id"] for d in ann.rest("GET", "/v1/duty").body["items"]] == [sam.agent("ann")]
    assert ann.rest("POST", "/v1/shifts", sam.span("ann", 10, 12)).status == 403
    assert ann.rest("POST", "/v1/overrides", {**sam.span("ann", 10, 12), "kind": "add"}).status == 403


def test_a_scheduler_of_one_unit_sees_and_changes_nothing_of_another(house: House, sam: Scheduler) -> None:
    olga = house.connected(house.hired("olga", role_ids=("admin",)))
    north, south = (olga.rest("POST", "/v1/units", {"name": name}).body["id"] for name in ("North", "South"))
    nick = house.connected(house.hired("nick", role_ids=("scheduler",), unit_id=north))
    ours, theirs = (
        house.hired(name, role_ids=("agent",), unit_id=unit_id)
        for name, unit_id in (("north", north), ("south", south))
    )
    for agent in (ours, theirs):
        span = {"agent_id": agent.id, "starts_at": iso(hours(1)), "ends_at": iso(hours(9))}
        sam.made("/v1/shifts", **span)
        sam.made("/v1/leaves", **span, kind="annual")
        sam.made("/v1/overrides", **span, kind="add")
    later = {"starts_at": iso(hours(20)), "ends_at": iso(hours(28))}
    leave = next(x for x in sam.got("/v1/leaves")["items"] if x["agent_id"] == theirs.id)
    span = f"from={iso(hours(0))}&to={iso(hours(24))}"

    for path in (f"/v1/shifts?{span}", "/v1/leaves", "/v1/overrides", "/v1/duty"):
        assert {x["agent_id"] for x in nick.rest("GET", path).body["items"]} - {nick.caller.id} == {
            ours.id
        }, path
    for path, body in (
        ("/v1/shifts", {"agent_id": theirs.id, **later}),
        ("/v1/overrides", {"agent_id": theirs.id, **later, "kind": "remove"}),
        (f"/v1/leaves/{leave['id']}/approve", {}),
        (f"/v1/agents/{theirs.id}/stay-on", {"minutes": 15}),
    ):
        assert nick.rest("POST", path, body).status == 404, path
    assert nick.rest("GET", f"/v1/agents/{theirs.id}/calendar").status == 404
    assert nick.rest("GET", f"/v1/agents/{theirs.id}/leave-balance").status == 404
    assert nick.rest("POST", "/v1/roster/import", {"csv": "agent,2026-11-25\nSouth,休"}).code == "bad_sheet"
    assert nick.rest("POST", "/v1/shifts", {"agent_id": ours.id, **later}).status == 201
    assert sam.rest("POST", "/v1/shifts", {"agent_id": theirs.id, **later}).status == 201


def test_a_supervisor_reads_the_roster_and_makes_none(house: House, sam: Scheduler) -> None:
    sam.shift("ann", 1, 9)
    sue = house.on_duty("sue")

    assert len(sue.rest("GET", f"/v1/shifts?from={iso(hours(0))}&to={iso(hours(24))}").body["items"]) == 1
    assert sue.rest("POST", "/v1/shifts", sam.span("ann", 10, 12)).status == 403
