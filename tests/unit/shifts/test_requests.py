"""Overrides, leaves and swaps: who may ask, who decides, and that they change who gets the next session."""

import pytest

from tests.house import Client, House
from tests.unit.shifts.scheduler import Scheduler, hours, iso


@pytest.fixture
def sam(house: House) -> Scheduler:
    return Scheduler(house)


def owner(house: House, session_id: str) -> str | None:
    agent = house.desk.session_store.tail(session_id).session.agent  # type: ignore[arg-type]
    return agent.name if agent else None


def act(client: Client, what: str, body: object = None) -> tuple[int, str]:
    answer = client.rest("POST", what, body or {})
    return answer.status, answer.code if answer.status >= 400 else answer.body["state"]


# overrides


def test_a_replacement_takes_one_off_and_puts_another_on(house: House, sam: Scheduler) -> None:
    house.on_duty("ann")
    house.on_duty("bob")
    sam.shift("ann", -1, 8)
    sam.shift("bob", 20, 28)

    made = sam.override("ann", 0, 2, "replace", by_agent_id=sam.agent("bob"), reason="ill")

    assert owner(house, house.waiting()[0]) == "Bob"
    assert (sam.duty("ann")["because"], sam.duty("ann")["until"]) == ("override", iso(hours(2)))
    assert sam.duty("bob")["until"] == iso(hours(2))
    assert sam.got("/v1/overrides")["items"] == [made]


def test_the_newest_override_counts(house: House, sam: Scheduler) -> None:
    sam.shift("ann", -1, 8)
    sam.override("ann", 0, 4, "remove")
    house.clock.passes(seconds=1)
    sam.override("ann", 1, 2, "add")

    assert [sam.duty("ann", hours(h))["duty"] for h in (0.5, 1, 2, 4)] == [
        "off_shift",
        "on_shift",
        "off_shift",
        "on_shift",
    ]


# leave


def test_an_approved_leave_changes_who_gets_the_next_session_and_tells_the_gap(
    house: House, sam: Scheduler
) -> None:
    ann = house.on_duty("ann")
    house.on_duty("bob")
    made = sam.shift("ann", -1, 8)
    sam.shift("bob", -1, 8)
    house.desk.agents.set_status(house.agent("bob").id, "busy", None)
    asked = ann.rest("POST", "/v1/leaves", {**sam.span("ann", 0, 4), "kind": "comp_off", "reason": "dentist"})
    assert (asked.status, asked.body["state"]) == (201, "requested")
    assert asked.body["gaps"] == [
        {"shift_id": made["id"], "starts_at": iso(hours(0)), "ends_at": iso(hours(4))}
    ]
    assert owner(house, house.waiting()[0]) == "Ann"

    approved = sam.rest("POST", f"/v1/leaves/{asked.body['id']}/approve", {})

    assert approved.body["state"] == "approved"
    house.desk.agents.set_status(house.agent("bob").id, "accepting", None)
    assert owner(house, house.waiting()[0]) == "Bob"
    assert (sam.duty("ann")["because"], sam.duty("ann")["until"]) == ("leave", iso(hours(4)))
    assert sam.duty("ann", hours(4))["duty"] == "on_shift"


def test_an_approved_leave_that_is_cancelled_counts_for_nothing(house: House, sam: Scheduler) -> None:
    ann = house.on_duty("ann")
    sam.shift("ann", -1, 8)
    leave = sam.made("/v1/leaves", **sam.span("ann", 0, 4), kind="annual")
    sam.rest("POST", f"/v1/leaves/{leave['id']}/approve", {})

    assert act(ann, f"/v1/leaves/{leave['id']}/cancel") == (200, "cancelled")
    assert act(ann, f"/v1/leaves/{leave['id']}/cancel") == (200, "cancelled")

    assert sam.duty("ann")["duty"] == "on_shift"
    assert act(sam.client, f"/v1/leaves/{leave['id']}/approve") == (409, "already_decided")


def test_a_leave_of_who_has_no_roster_takes_them_off_for_its_time_alone(house: House, sam: Scheduler) -> None:
    leave = sam.made("/v1/leaves", **sam.span("ann", 1, 4), kind="sick")
    sam.rest("POST", f"/v1/leaves/{leave['id']}/approve", {})

    assert [sam.duty("ann", hours(h))["because"] for h in (0, 1, 4)] == ["no_roster", "leave", "no_roster"]
    house.on_duty("ann")
    got = []
    for hour in (0, 1, 4):
        house.clock.now = hours(hour)
        got.append(owner(house, house.waiting()[0]))
    assert got == ["Ann", None, "Ann"]


def test_two_leaves_at_once_are_refused_by_the_name_of_the_first(sam: Scheduler) -> None:
    first = sam.made("/v1/leaves", **sam.span("ann", 1, 4), kind="annual")
    sam.made("/v1/leaves", **sam.span("ann", 4, 6), kind="annual")

    answer = sam.rest("POST", "/v1/leaves", {**sam.span("ann", 2, 3), "kind": "sick"})

    assert (answer.status, answer.code) == (409, "leave_overlaps")
    assert first["id"] in answer.body["detail"]


def test_a_leave_is_asked_for_oneself_and_decided_by_another(house: House, sam: Scheduler) -> None:
    ann, bob, sue = (house.on_duty(name) for name in ("ann", "bob", "sue"))
    leave = ann.rest("POST", "/v1/leaves", {**sam.span("ann", 1, 4), "kind": "annual"}).body

    assert ann.rest("POST", "/v1/leaves", {**sam.span("bob", 1, 4), "kind": "annual"}).status == 404
    assert act(ann, f"/v1/leaves/{leave['id']}/approve") == (403, "forbidden")
    assert act(bob, f"/v1/leaves/{leave['id']}/cancel") == (404, "not_found")
    assert act(sue, f"/v1/leaves/{leave['id']}/approve") == (403, "forbidden")
    assert [x["id"] for x in ann.rest("GET", "/v1/leaves").body["items"]] == [leave["id"]]
    assert bob.rest("GET", "/v1/leaves").body["items"] == []
    assert [x["id"] for x in sue.rest("GET", "/v1/leaves").body["items"]] == [leave["id"]]
    assert act(sam.client, f"/v1/leaves/{leave['id']}/decline") == (200, "declined")
    assert sam.duty("ann", hours(2))["because"] == "no_roster"


def test_overtime_earns_comp_time_and_leave_of_that_kind_spends_it(house: House, sam: Scheduler) -> None:
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    sam.shift("ann", -2, 1)
    sam.shift("ann", 20, 28)
    ann.rest("POST", f"/v1/agents/{sam.agent('ann')}/stay-on", {"minutes": 60})
    for kind, since, until in (("comp_off", 19, 20.5), ("annual", 24, 40)):
        leave = sam.made("/v1/leaves", **sam.span("ann", since, until), kind=kind)
        sam.rest("POST", f"/v1/leaves/{leave['id']}/approve", {})
    path = f"/v1/agents/{sam.agent('ann')}/leave-balance"

    def accounts() -> dict[str, tuple[int, int | None, int | None]]:
        items = ann.rest("GET", path).body["items"]
        return {a["kind"]: (a["taken_min"], a["earned_min"], a["left_min"]) for a in items}

    assert accounts()["comp_off"] == (30, 0, -30)
    house.clock.now = hours(2)
    assert accounts()["comp_off"] == (30, 60, 30)
    assert accounts()["annual"] == (240, None, None)
    assert bob.rest("GET", path).status == 404


# swaps


@pytest.fixture
def shifts(house: House, sam: Scheduler) -> tuple[Client, Client, str]:
    """Ann works from one to nine, Bob the day after."""
    ann, bob = house.on_duty("ann"), house.on_duty("bob")
    made = sam.shift("ann", 1, 9)
    sam.shift("bob", 25, 33)
    return ann, bob, made["id"]


def test_an_approved_swap_changes_who_gets_the_next_session(
    house: House, sam: Scheduler, shifts: tuple[Client, Client, str]
) -> None:
    ann, bob, shift_id = shifts
    swap = ann.rest("POST", "/v1/swaps", {"agent_id": sam.agent("ann"), "shift_id": shift_id}).body
    assert swap["state"] == "open"
    assert [s["id"] for s in bob.rest("GET", "/v1/swaps").body["items"]] == [swap["id"]]

    assert act(bob, f"/v1/swaps/{swap['id']}/take") == (200, "taken")
    assert sam.duty("ann", hours(2))["duty"] == "on_shift"
    assert act(sam.client, f"/v1/swaps/{swap['id']}/approve") == (200, "approved")

    assert sam.duty("ann", hours(2)) == {
        "agent_id": sam.agent("ann"),
        "duty": "off_shift",
        "until": None,
        "shift_id": None,
        "because": "swap",
    }
    assert (sam.duty("bob", hours(2))["because"], sam.duty("bob", hours(2))["shift_id"]) == ("swap", shift_id)
    house.clock.now = hours(2)
    assert owner(house, house.waiting()[0]) == "Bob"


def test_a_part_of_a_shift_is_swapped_with_somebody_named(
    house: House, sam: Scheduler, shifts: tuple[Client, Client, str]
) -> None:
    ann, bob, shift_id = shifts
    body = {
        "agent_id": sam.agent("ann"),
        "shift_id": shift_id,
        "starts_at": iso(hours(3)),
        "ends_at": iso(hours(5)),
        "with_agent_id": sam.agent("bob"),
    }
    swap = ann.rest("POST", "/v1/swaps", body).body
    house.desk.agents.set_status(house.agent("sue").id, "offline", None)
    assert act(house.on_duty("sue"), f"/v1/swaps/{swap['id']}/take") == (404, "not_found")

    act(bob, f"/v1/swaps/{swap['id']}/take")
    sam.rest("POST", f"/v1/swaps/{swap['id']}/approve", {})

    assert [sam.duty("ann", hours(h))["duty"] for h in (2, 3, 5)] == ["on_shift", "off_shift", "on_shift"]
    assert [sam.duty("bob", hours(h))["duty"] for h in (2, 3, 5)] == ["off_shift", "on_shift", "off_shift"]


def test_what_speaks_against_a_swap_is_told_to_whoever_decides(
    sam: Scheduler, shifts: tuple[Client, Client, str]
) -> None:
    ann, bob, shift_id = shifts
    sam.shift("bob", 8, 10)
    sam.shift("bob", 15, 20)
    swap = ann.rest("POST", "/v1/swaps", {"agent_id": sam.agent("ann"), "shift_id": shift_id}).body

    taken = bob.rest("POST", f"/v1/swaps/{swap['id']}/take", {}).body

    assert len(taken["warnings"]) == 2
    assert "in that time" in taken["warnings"][0]
    assert "rest only 6.0 h" in taken["warnings"][1]


def test_a_swap_that_makes_no_sense_is_refused(
    house: House, sam: Scheduler, shifts: tuple[Client, Client, str]
) -> None:
    ann, bob, shift_id = shifts
    of = {"agent_id": sam.agent("ann"), "shift_id": shift_id}

    oneself = ann.rest("POST", "/v1/swaps", {**of, "with_agent_id": sam.agent("ann")})
    nobody = ann.rest("POST", "/v1/swaps", {**of, "with_agent_id": "nobody"})
    unknown = ann.rest("POST", "/v1/swaps", {**of, "shift_id": "nothing"})
    of_another = bob.rest("POST", "/v1/swaps", of)
    first = ann.rest("POST", "/v1/swaps", of)
    again = ann.rest("POST", "/v1/swaps", {**of, "starts_at": iso(hours(2))})
    own = act(ann, f"/v1/swaps/{first.body['id']}/take")
    house.clock.now = hours(9)
    past = ann.rest("POST", "/v1/swaps", of)

    assert [a.status for a in (oneself, nobody, unknown, of_another)] == [422, 422, 404, 404]
    assert (again.status, again.code) == (409, "swap_overlaps")
    assert own == (404, "not_found")
    assert (past.status, past.code) == (422, "in_the_past")


def test_a_swap_is_withdrawn_by_its_owner_declined_by_its_colleague_and_approved_by_neither(
    sam: Scheduler, shifts: tuple[Client, Client, str]
) -> None:
    ann, bob, shift_id = shifts
    of = {"agent_id": sam.agent("ann"), "shift_id": shift_id}
    first = ann.rest("POST", "/v1/swaps", {**of, "with_agent_id": sam.agent("bob")}).body
    assert act(sam.client, f"/v1/swaps/{first['id']}/approve") == (409, "already_decided")
    assert act(bob, f"/v1/swaps/{first['id']}/decline") == (200, "declined")
    second = ann.rest("POST", "/v1/swaps", of).body
    act(bob, f"/v1/swaps/{second['id']}/take")

    assert act(bob, f"/v1/swaps/{second['id']}/withdraw") == (404, "not_found")
    assert act(ann, f"/v1/swaps/{second['id']}/approve") == (403, "forbidden")
    assert act(ann, f"/v1/swaps/{second['id']}/withdraw") == (200, "withdrawn")
    assert act(sam.client, f"/v1/swaps/{second['id']}/approve") == (409, "already_decided")


def test_of_two_who_take_one_swap_at_once_one_gets_it(
    house: House, sam: Scheduler, shifts: tuple[Client, Client, str]
) -> None:
    ann, bob, shift_id = shifts
    sue = house.on_duty("sue")
    swap = ann.rest("POST", "/v1/swaps", {"agent_id": sam.agent("ann"), "shift_id": shift_id}).body
    token = bob.token
    house.faults.before(
        "TransactWriteItems", lambda: act(sue, f"/v1/swaps/{swap['id']}/take"), about="schedules"
    )

    answer = house.rest("POST", f"/v1/swaps/{swap['id']}/take", {}, token=token)

    assert (answer.status, answer.code) == (409, "already_decided")
    assert sam.got("/v1/swaps")["items"][0]["taken_by"] == sam.agent("sue")


# who may decide


@pytest.fixture
def north(house: House, sam: Scheduler, shifts: tuple[Client, Client, str]) -> Client:
    """Nora plans for the unit North alone, where Ann is and Bob is not."""
    olga = house.connected(house.hired("olga", role_ids=("admin",)))
    unit_id = olga.rest("POST", "/v1/units", {"name": "North"}).body["id"]
    ann = olga.rest("GET", f"/v1/agents/{sam.agent('ann')}").body
    moved = olga.rest(
        "PATCH", f"/v1/agents/{ann['id']}", {"unit_id": unit_id}, headers={"if-match": str(ann["version"])}
    )
    assert moved.status == 200, moved
    return house.connected(house.hired("nora", role_ids=("scheduler",), unit_id=unit_id))


def taken(sam: Scheduler, shifts: tuple[Client, Client, str]) -> str:
    ann, bob, shift_id = shifts
    swap = ann.rest("POST", "/v1/swaps", {"agent_id": sam.agent("ann"), "shift_id": shift_id}).body
    assert act(bob, f"/v1/swaps/{swap['id']}/take") == (200, "taken")
    return str(swap["id"])


@pytest.mark.parametrize("what", ["approve", "decline"])
def test_a_swap_that_changes_the_roster_of_another_unit_too_is_not_this_units_to_decide(
    sam: Scheduler, shifts: tuple[Client, Client, str], north: Client, what: str
) -> None:
    swap_id = taken(sam, shifts)

    assert act(north, f"/v1/swaps/{swap_id}/{what}") == (404, "not_found")
    assert act(sam.client, f"/v1/swaps/{swap_id}/{what}")[0] == 200


def test_a_units_scheduler_decides_for_others_and_not_their_own(
    house: House, sam: Scheduler, north: Client
) -> None:
    ask = {**sam.span("ann", 30, 34), "kind": "annual"}
    anns = sam.made("/v1/leaves", **ask)
    own = north.rest("POST", "/v1/leaves", {**ask, "agent_id": north.caller.id}).body

    assert act(north, f"/v1/leaves/{anns['id']}/approve") == (200, "approved")
    assert act(north, f"/v1/leaves/{own['id']}/approve") == (403, "forbidden")
    assert act(sam.client, f"/v1/leaves/{own['id']}/approve") == (200, "approved")


def test_what_all_units_share_is_not_changed_by_one_units_scheduler(sam: Scheduler, north: Client) -> None:
    template = {"name": "Early", "starts": "09:00", "duration_min": 480}
    made = sam.made("/v1/shift-templates", **template)
    path, version = f"/v1/shift-templates/{made['id']}", {"if-match": "1"}

    assert north.rest("POST", "/v1/shift-templates", template).code == "forbidden"
    assert north.rest("PATCH", path, {"name": "Mine"}, headers=version).code == "forbidden"
    assert north.rest("GET", path).body["name"] == "Early"
    assert sam.rest("PATCH", path, {"name": "Ours"}, headers=version).body["name"] == "Ours"
