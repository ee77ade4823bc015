"""Agents as an admin makes, changes, invites and disables them."""

from typing import Any

import pytest

from chalicelib.kit.values import AgentId, QueueId
from tests.house import Answer, Client, House

ROB = {"email": "Rob@demo.local", "alias": "Rob", "role_ids": ["agent"]}


@pytest.fixture
def olga(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


@pytest.fixture
def owner(house: House) -> Client:
    found = house.desk.agents.by_email("owner@deskbell.local")
    assert found
    return house.connected(house.desk.sign_in._as_of_now(_caller(found)))


def _caller(agent: Any) -> Any:
    from chalicelib.sign_in.service import caller_of  # noqa: PLC0415

    return caller_of(agent)


def made(by: Client, **facts: Any) -> Any:
    answer = by.rest("POST", "/v1/agents", {**ROB, **facts})
    assert answer.status == 201, answer
    return answer.body


def change(by: Client, agent_id: str, version: int, **facts: Any) -> Answer:
    return by.rest("PATCH", f"/v1/agents/{agent_id}", facts, headers={"if-match": str(version)})


def signed_in(house: House, email: str, password: str) -> Answer:
    return house.rest("POST", "/v1/sign-in", {"email": email, "password": password})


# making and changing


def test_an_agent_is_made_with_all_that_is_said_and_signs_in_by_their_password(
    house: House, olga: Client
) -> None:
    olga.rest("POST", "/v1/skills", {"name": "French"})
    rob = made(
        olga,
        password="correct horse",
        capacity=6,
        skills=[{"skill": "French", "level": 3}],
        languages=["fr", "en"],
        phone="+49 30 1234",
        employee_no="E-7",
        time_zone="Europe/Berlin",
    )

    assert (rob["email"], rob["alias"], rob["version"], rob["enabled"]) == ("rob@demo.local", "Rob", 1, True)
    assert (rob["capacity"], rob["load"], rob["routing_status"]) == (6, 0, "offline")
    assert rob["skills"] == [{"skill": "French", "level": 3}]
    assert (rob["languages"], rob["phone"], rob["employee_no"]) == (["fr", "en"], "+49 30 1234", "E-7")
    assert olga.rest("GET", f"/v1/agents/{rob['id']}").body == rob
    assert signed_in(house, "rob@demo.local", "correct horse").status == 200


def test_a_change_says_from_which_version_it_was_made(olga: Client) -> None:
    rob = made(olga)
    assert olga.rest("PATCH", f"/v1/agents/{rob['id']}", {"alias": "Robert"}).status == 428
    changed = change(olga, rob["id"], 1, alias="Robert", capacity=2).body
    assert (changed["alias"], changed["capacity"], changed["version"]) == ("Robert", 2, 2)
    assert changed["email"] == "rob@demo.local"

    stale = change(olga, rob["id"], 1, alias="Bobby")
    assert (stale.status, stale.code) == (409, "stale_version")


def test_a_status_that_moves_makes_no_admins_change_stale(house: House, olga: Client) -> None:
    rob = made(olga)
    olga.rest("PUT", f"/v1/agents/{rob['id']}/routing-status", {"status": "busy"})

    assert change(olga, rob["id"], rob["version"], capacity=5).status == 200


def test_an_address_belongs_to_one_agent_however_it_is_written(house: House, olga: Client) -> None:
    rob = made(olga)
    again = olga.rest("POST", "/v1/agents", {**ROB, "email": " ROB@demo.local"})
    assert (again.status, again.code) == (409, "email_taken")
    assert change(olga, rob["id"], 1, email="ann@demo.local").code == "email_taken"

    assert change(olga, rob["id"], 1, email="bert@demo.local").body["email"] == "bert@demo.local"
    assert made(olga)["email"] == "rob@demo.local"


@pytest.mark.parametrize(
    ("facts", "status", "code", "path"),
    [
        ({"role_ids": ["wizard"]}, 422, "unknown_role", "role_ids"),
        ({"role_ids": []}, 422, "invalid", "role_ids"),
        ({"unit_id": "nowhere"}, 422, "unknown_unit", "unit_id"),
        ({"skills": [{"skill": "Flying", "level": 1}]}, 422, "unknown_skill", "skills"),
        ({"skills": [{"skill": "Flying", "level": 6}]}, 422, "invalid", "skills.0.level"),
        ({"email": "nobody"}, 422, "invalid", "email"),
        ({"time_zone": "Mars/Base"}, 422, "invalid", "time_zone"),
        ({"capacity": 0}, 422, "invalid", "capacity"),
        ({"phone": "call me"}, 422, "invalid", "phone"),
        ({"password": "short"}, 422, "invalid", "password"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field_and_nobody_is_made(
    house: House, olga: Client, facts: dict[str, Any], status: int, code: str, path: str
) -> None:
    refused = olga.rest("POST", "/v1/agents", {**ROB, **facts})

    assert (refused.status, refused.code) == (status, code)
    assert [e["path"] for e in refused.body["errors"]] == [path]
    assert house.desk.agents.by_email("rob@demo.local") is None


def test_skills_are_given_all_at_once(olga: Client) -> None:
    for name in ("French", "Orders"):
        assert olga.rest("POST", "/v1/skills", {"name": name}).status == 201
    rob = made(olga, skills=[{"skill": "French", "level": 2}])

    given = olga.rest("PUT", f"/v1/agents/{rob['id']}/skills", {"skills": [{"skill": "Orders", "level": 5}]})

    assert given.body["skills"] == [{"skill": "Orders", "level": 5}]
    unknown = olga.rest("PUT", f"/v1/agents/{rob['id']}/skills", {"skills": [{"skill": "Chess"}]})
    assert unknown.code == "unknown_skill"


def test_a_skills_name_is_unique_whatever_its_capitals(olga: Client) -> None:
    skill = olga.rest("POST", "/v1/skills", {"name": "French"}).body
    assert olga.rest("POST", "/v1/skills", {"name": "french"}).code == "name_taken"
    assert [s["name"] for s in olga.rest("GET", "/v1/skills").body["items"]] == ["French"]

    olga.rest("POST", "/v1/queues", {"name": "Paris", "required_skills": [{"skill": "French", "level": 3}]})
    assert olga.rest("DELETE", f"/v1/skills/{skill['id']}").code == "skill_in_use"


def test_one_changes_ones_own_profile_and_nothing_else(house: House) -> None:
    ann = house.on_duty("ann")
    changed = ann.rest("PATCH", "/v1/me", {"alias": "Anne", "phone": "+49 30 1"}, headers={"if-match": "1"})

    assert (changed.body["agent"]["alias"], changed.body["agent"]["phone"]) == ("Anne", "+49 30 1")
    for field in ("capacity", "role_ids", "unit_id"):
        refused = ann.rest("PATCH", "/v1/me", {field: None}, headers={"if-match": "2"})
        assert refused.status == 422, field


# who may give what


def test_nobody_gives_what_they_do_not_hold(house: House, olga: Client, owner: Client) -> None:
    assert olga.rest("POST", "/v1/agents", {**ROB, "role_ids": ["owner"]}).code == "owners_only"
    rob = made(olga)
    assert change(olga, rob["id"], 1, role_ids=["owner"]).code == "owners_only"
    assert change(olga, rob["id"], 1, role_ids=["admin"]).status == 200
    assert change(owner, rob["id"], 2, role_ids=["owner"]).body["role_ids"] == ["owner"]
    for refused in (
        change(olga, rob["id"], 3, alias="X"),
        olga.rest("POST", f"/v1/agents/{rob['id']}/disable", {}),
        olga.rest("POST", f"/v1/agents/{rob['id']}/invite", {}),
    ):
        assert (refused.status, refused.code) == (403, "owners_only")


def test_the_last_owner_stays(house: House, owner: Client) -> None:
    me = owner.caller.id
    version = owner.rest("GET", "/v1/me").body["agent"]["version"]
    for refused in (
        change(owner, me, version, role_ids=["admin"]),
        owner.rest("POST", f"/v1/agents/{me}/disable", {}),
    ):
        assert (refused.status, refused.code) == (409, "last_owner")
    assert owner.rest("GET", "/v1/me").status == 200

    made(owner, role_ids=["owner"], password="correct horse")
    assert owner.rest("POST", f"/v1/agents/{me}/disable", {}).status == 200


def test_of_two_owners_who_disable_each_other_one_stays(house: House, owner: Client) -> None:
    rob = made(owner, role_ids=["owner"])
    second = house.connected(_caller(house.desk.agents.get(rob["id"])))
    token = second.token
    owners_id = owner.caller.id
    house.faults.before(
        "TransactWriteItems",
        lambda: house.rest("POST", f"/v1/agents/{owners_id}/disable", {}, token=token),
        about="'owners'",
    )

    refused = owner.rest("POST", f"/v1/agents/{rob['id']}/disable", {})

    assert refused.code == "last_owner"
    assert house.faults.none_left
    enabled = [house.desk.agents.get(AgentId(i)).enabled for i in (owners_id, rob["id"])]
    assert enabled == [False, True]


def test_other_rights_close_open_sockets_and_count_at_once(house: House, olga: Client) -> None:
    ann = house.on_duty("ann")
    version = house.agent("ann").version
    assert ann.rest("GET", "/v1/units").status == 403
    token = ann.token

    change(olga, ann.caller.id, version, role_ids=["agent", "supervisor"])

    assert ann.heard("permissions.changed")
    assert ann.connection_id in house.sockets.closed
    assert house.rest("GET", "/v1/units", token=token).status == 200


# invitations


def test_an_invitation_sets_a_password_once_and_signs_in(house: House, olga: Client) -> None:
    rob = made(olga)
    assert signed_in(house, "rob@demo.local", "correct horse").status == 401
    invited = olga.rest(
        "POST", f"/v1/agents/{rob['id']}/invite", {}, headers={"origin": "https://desk.example"}
    ).body
    page, _, token = invited["link"].rpartition("/")
    assert page == "https://desk.example/console/#/invitation"

    accepted = house.rest(
        "POST", "/v1/sign-in/accept-invitation", {"token": token, "password": "correct horse"}
    )
    assert accepted.body["agent"]["id"] == rob["id"]
    assert house.rest("GET", "/v1/me", token=accepted.body["token"]).status == 200
    assert signed_in(house, "rob@demo.local", "correct horse").status == 200

    again = house.rest(
        "POST", "/v1/sign-in/accept-invitation", {"token": token, "password": "battery staple"}
    )
    assert (again.status, again.code) == (401, "invitation_invalid")
    assert signed_in(house, "rob@demo.local", "battery staple").status == 401


def test_who_was_signed_in_by_the_old_password_is_not_any_more(house: House, olga: Client) -> None:
    rob = made(olga, password="correct horse")
    before = signed_in(house, "rob@demo.local", "correct horse").body["token"]
    link = olga.rest("POST", f"/v1/agents/{rob['id']}/invite", {}).body["link"]

    accepted = house.rest(
        "POST",
        "/v1/sign-in/accept-invitation",
        {"token": link.rpartition("/")[2], "password": "battery staple"},
    )

    assert house.rest("GET", "/v1/me", token=accepted.body["token"]).status == 200
    refused = house.rest("POST", "/v1/socket-tickets", {}, token=before)
    assert (refused.status, refused.code) == (401, "access_ended")


def test_a_later_invitation_takes_the_place_of_the_first_and_each_dies_in_a_week(
    house: House, olga: Client
) -> None:
    rob = made(olga)
    tokens = []
    for _ in range(2):
        link = olga.rest("POST", f"/v1/agents/{rob['id']}/invite", {}).body["link"]
        tokens.append(link.rpartition("/")[2])
    accept = "/v1/sign-in/accept-invitation"

    assert house.rest("POST", accept, {"token": tokens[0], "password": "correct horse"}).status == 401
    house.machine.passes(days=7)
    assert house.rest("POST", accept, {"token": tokens[1], "password": "correct horse"}).status == 401
    for nonsense in ("x", f"{rob['id']}.x", f"{rob['id']}.", "."):
        assert house.rest("POST", accept, {"token": nonsense, "password": "correct horse"}).status == 401


def test_nobody_disabled_comes_in_by_an_invitation(house: House, olga: Client) -> None:
    rob = made(olga)
    token = olga.rest("POST", f"/v1/agents/{rob['id']}/invite", {}).body["link"].rpartition("/")[2]
    olga.rest("POST", f"/v1/agents/{rob['id']}/disable", {})

    refused = house.rest(
        "POST", "/v1/sign-in/accept-invitation", {"token": token, "password": "correct horse"}
    )

    assert refused.code == "invitation_invalid"


# leaving


def test_disabling_asks_what_becomes_of_live_sessions(house: House, olga: Client) -> None:
    talk = house.talk()

    refused = olga.rest("POST", f"/v1/agents/{talk.ann.caller.id}/disable", {})

    assert (refused.status, refused.code) == (409, "say_what_becomes")
    assert house.agent("ann").enabled
    assert talk.ann.say(talk.session_id, "Still here")["type"] == "accepted"


def test_who_is_disabled_has_an_empty_desk_and_nothing_of_theirs_works_any_more(
    house: House, olga: Client
) -> None:
    talk = house.talk()
    token = talk.ann.token
    bob = house.on_duty("bob")

    disabled = olga.rest("POST", f"/v1/agents/{talk.ann.caller.id}/disable", {"sessions": "requeue"})

    assert (disabled.body["enabled"], disabled.body["load"]) == (False, 0)
    assert house.load("bob") == (1.0, frozenset({talk.session_id}))
    assert "went back" in " ".join(text or "" for _, _, text in house.log(talk.session_id))
    assert house.rest("GET", "/v1/me", token=token).status == 401
    assert signed_in(house, "ann@demo.local", "deskbell-demo").status == 401
    assert talk.ann.connection_id in house.sockets.closed
    assert talk.ann.say(talk.session_id, "Me again")["type"] == "refused"
    assert bob.rest("GET", f"/v1/sessions/{talk.session_id}").body["segments"][1]["agent"]["name"] == "Ann"

    olga.rest("POST", f"/v1/agents/{talk.ann.caller.id}/enable", {})
    assert house.rest("GET", "/v1/me", token=token).status == 401
    assert signed_in(house, "ann@demo.local", "deskbell-demo").status == 200


def test_a_colleague_is_handed_what_they_have_room_for_and_the_rest_is_queued(
    house: House, olga: Client
) -> None:
    ann = house.on_duty("ann")
    sessions = [house.waiting()[0] for _ in range(3)]
    house.on_duty("bob")
    bob = house.agent("bob")
    change(olga, bob.id, bob.version, capacity=2)

    olga.rest("POST", f"/v1/agents/{ann.caller.id}/disable", {"sessions": "hand_to", "to": bob.id})

    assert house.load("ann") == (0.0, frozenset())
    assert len(house.load("bob")[1]) == 2
    (left,) = set(sessions) - house.load("bob")[1]
    assert house.desk.session_store.tail(left).session.waits_in_queue  # type: ignore[arg-type]


@pytest.mark.parametrize("to", ["nobody", "oneself", "someone away", None])
def test_who_can_not_go_on_is_refused_before_anything_is_done(
    house: House, olga: Client, to: str | None
) -> None:
    talk = house.talk()
    who = {"oneself": talk.ann.caller.id, "someone away": house.agent("bob").id}.get(to or "", to)

    refused = olga.rest(
        "POST", f"/v1/agents/{talk.ann.caller.id}/disable", {"sessions": "hand_to", "to": who}
    )

    assert (refused.status, refused.code) == (422, "nobody_to_hand_to")
    assert house.agent("ann").enabled
    assert house.load("ann")[0] == 1


def test_what_waits_for_its_filing_is_closed_unfiled_and_leaves_the_desk(house: House, olga: Client) -> None:
    talk = house.talk()
    talk.ann.ask("end_session", session_id=talk.session_id)

    olga.rest("POST", f"/v1/agents/{talk.ann.caller.id}/disable", {"sessions": "requeue"})

    session = house.desk.session_store.tail(talk.session_id).session  # type: ignore[arg-type]
    assert (session.state, session.disposition) == ("closed", None)
    assert house.load("ann") == (0.0, frozenset())


def test_a_supervisor_clears_the_desk_of_one_who_fell_ill(house: House) -> None:
    talk = house.talk()
    house.on_duty("bob")
    sue = house.on_duty("sue")
    path = f"/v1/agents/{talk.ann.caller.id}/release-sessions"
    assert talk.ann.rest("POST", path, {"to": "requeue"}).status == 403

    released = sue.rest("POST", path, {"to": house.agent("bob").id})

    assert (released.body["load"], released.body["enabled"]) == (0, True)
    assert house.load("bob") == (1.0, frozenset({talk.session_id}))


def test_a_disabled_agent_is_given_nothing(house: House, olga: Client) -> None:
    ann = house.on_duty("ann")
    olga.rest("POST", f"/v1/agents/{ann.caller.id}/disable", {})
    session_id, _ = house.waiting()
    assert house.desk.queues.find_member(QueueId("support"), AgentId(ann.caller.id))
    assert house.desk.session_store.tail(session_id).session.waits_in_queue  # type: ignore[arg-type]
