"""The org chart, and how far grants of its scopes reach: what one may not see does not exist."""

from typing import Any

import pytest

from chalicelib.connections.model import Connection
from chalicelib.kit.values import QueueId, UnitId
from chalicelib.queues.model import Queue
from tests.house import Answer, Client, House


@pytest.fixture
def olga(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


def unit(olga: Client, name: str, parent_id: str | None = None, **facts: Any) -> str:
    made = olga.rest("POST", "/v1/units", {"name": name, "parent_id": parent_id, **facts})
    assert made.status == 201, made
    return str(made.body["id"])


def move(olga: Client, unit_id: str, parent_id: str | None) -> Answer:
    version = olga.rest("GET", f"/v1/units/{unit_id}").body["version"]
    headers = {"if-match": str(version)}
    return olga.rest("PATCH", f"/v1/units/{unit_id}", {"parent_id": parent_id}, headers=headers)


def supervisor(house: House, unit_id: str | None, name: str = "uma", role: str = "supervisor") -> Client:
    return house.connected(house.hired(name, role_ids=(role,), unit_id=unit_id))


def ids(answer: Answer) -> set[str]:
    assert answer.status == 200, answer
    return {item.get("session_id") or item["id"] for item in answer.body["items"]}


def support_in(house: House, unit_id: str) -> None:
    queue = house.desk.queues.get(QueueId("support"))
    house.desk.queues.replace(
        queue.model_copy(update={"unit_id": UnitId(unit_id), "version": queue.version + 1})
    )


# the tree


def test_a_unit_is_made_changed_and_read_as_it_was_made(house: House, olga: Client) -> None:
    ann = house.agent("ann").id
    deputy = {"agent_id": ann, "from": "2026-11-22T00:00:00Z", "to": "2026-11-29T00:00:00Z"}
    north = unit(olga, "North", manager_ids=[ann], deputies=[deputy])

    read = olga.rest("GET", f"/v1/units/{north}").body
    assert (read["name"], read["parent_id"], read["version"]) == ("North", None, 1)
    assert (read["manager_ids"], read["deputies"]) == ([ann], [deputy])

    changed = olga.rest("PATCH", f"/v1/units/{north}", {"name": "Nord"}, headers={"if-match": "1"}).body
    assert (changed["name"], changed["manager_ids"], changed["version"]) == ("Nord", [ann], 2)


def test_a_unit_never_stands_below_itself(olga: Client) -> None:
    north = unit(olga, "North")
    town = unit(olga, "Town", north)
    street = unit(olga, "Street", town)

    for parent in (north, town, street):
        refused = move(olga, north, parent)
        assert (refused.status, refused.code) == (409, "unit_cycle")
    assert move(olga, street, north).body["parent_id"] == north
    assert move(olga, street, None).body["parent_id"] is None


def test_of_two_moves_that_would_make_a_cycle_together_one_is_refused(house: House, olga: Client) -> None:
    north, south = unit(olga, "North"), unit(olga, "South")
    olga_too = house.again(olga)
    house.faults.before("TransactWriteItems", lambda: move(olga_too, south, north), about="'units'")

    refused = move(olga, north, south)

    assert (refused.status, refused.code) == (409, "stale_version")
    assert olga.rest("GET", f"/v1/units/{south}").body["parent_id"] == north
    assert olga.rest("GET", f"/v1/units/{north}").body["parent_id"] is None
    assert house.faults.none_left


def test_the_tree_has_six_levels_at_most_whoever_is_moved(olga: Client) -> None:
    below: str | None = None
    tree = [below := unit(olga, f"Level {n}", below) for n in range(6)]
    assert olga.rest("POST", "/v1/units", {"name": "Seventh", "parent_id": below}).code == "unit_too_deep"

    head = unit(olga, "Head")
    assert move(olga, tree[0], head).code == "unit_too_deep"
    assert move(olga, tree[1], head).status == 200


def test_a_parent_or_a_manager_that_there_is_not_is_refused_by_its_field(olga: Client) -> None:
    for body, code, path in (
        ({"name": "X", "parent_id": "nothing"}, "unknown_unit", "parent_id"),
        ({"name": "X", "manager_ids": ["nobody"]}, "unknown_agent", "manager_ids"),
    ):
        refused = olga.rest("POST", "/v1/units", body)
        assert (refused.status, refused.code) == (422, code)
        assert [e["path"] for e in refused.body["errors"]] == [path]


def test_a_unit_that_holds_something_is_not_deleted_and_what_it_holds_is_named(
    house: House, olga: Client
) -> None:
    north = unit(olga, "North")
    town = unit(olga, "Town", north)
    assert "the unit Town" in olga.rest("DELETE", f"/v1/units/{north}").body["detail"]
    support_in(house, town)
    assert "the queue Support" in olga.rest("DELETE", f"/v1/units/{town}").body["detail"]
    house.hired("nora", role_ids=("agent",), unit_id=(street := unit(olga, "Street")))
    refused = olga.rest("DELETE", f"/v1/units/{street}")
    assert (refused.status, refused.code) == (409, "unit_in_use")
    assert "the agent Nora" in refused.body["detail"]

    empty = unit(olga, "Empty")
    assert olga.rest("DELETE", f"/v1/units/{empty}").status == 204
    assert olga.rest("GET", f"/v1/units/{empty}").status == 404


# how far grants reach


def test_a_supervisor_reaches_their_unit_and_all_below_and_nothing_beside(house: House, olga: Client) -> None:
    north, south = unit(olga, "North"), unit(olga, "South")
    town = unit(olga, "Town", north)
    support_in(house, town)
    talk = house.talk()
    above, beside = supervisor(house, north), supervisor(house, south, "vera")

    path = f"/v1/sessions/{talk.session_id}"
    assert above.rest("GET", path).status == 200
    assert above.rest("POST", path + "/notes", {"client_id": "C1", "text": "Well done"}).status == 201
    assert above.rest("POST", path + "/end", {}).status == 200
    for method, of, body in (
        ("GET", "", None),
        ("GET", "/messages", None),
        ("GET", "/timeline", None),
        ("GET", "/transcript", None),
        ("POST", "/notes", {"client_id": "C2", "text": "Hm"}),
        ("POST", "/end", {}),
        ("POST", "/requeue", {}),
    ):
        refused = beside.rest(method, path + of, body)
        assert (refused.status, refused.code) == (404, "not_found"), of


def test_searches_find_only_what_is_in_reach(house: House, olga: Client) -> None:
    north, south = unit(olga, "North"), unit(olga, "South")
    support_in(house, north)
    talk = house.talk("blue parcel")
    number = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["number"]
    talk.ann.ask("end_session", session_id=talk.session_id)
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    house.clock.passes(minutes=2)
    house.desk.rounds.expire_idle_sessions()
    inside, beside = supervisor(house, north), supervisor(house, south, "vera")

    for query in ("q=parcel", "queue_id=support", f"number={number}", f"agent_id={house.agent('ann').id}"):
        assert ids(inside.rest("GET", f"/v1/sessions?{query}")) == {talk.session_id}, query
        assert ids(beside.rest("GET", f"/v1/sessions?{query}")) == set(), query


def test_agents_and_queues_of_other_units_do_not_exist(house: House, olga: Client) -> None:
    north, south = unit(olga, "North"), unit(olga, "South")
    town = unit(olga, "Town", north)
    nora = house.hired("nora", role_ids=("agent",), unit_id=town)
    sam = house.hired("sam", role_ids=("agent",), unit_id=south)
    support_in(house, town)
    uma = supervisor(house, north)

    assert ids(uma.rest("GET", "/v1/agents")) == {nora.id, uma.caller.id}
    assert ids(uma.rest("GET", "/v1/queues")) == {"support"}
    assert ids(uma.rest("GET", "/v1/units")) == {north, town}
    assert uma.rest("GET", f"/v1/agents/{sam.id}").status == 404
    assert uma.rest("PUT", f"/v1/agents/{sam.id}/routing-status", {"status": "offline"}).status == 404
    assert uma.rest("PUT", f"/v1/agents/{nora.id}/routing-status", {"status": "offline"}).status == 200

    house.desk.queues.create(Queue(id=QueueId("south"), name="South", unit_id=south))
    assert ids(uma.rest("GET", "/v1/queues")) == {"support"}
    assert uma.rest("GET", "/v1/queues/south").status == 404


def test_scopes_follow_a_unit_that_moves(house: House, olga: Client) -> None:
    north, south = unit(olga, "North"), unit(olga, "South")
    town = unit(olga, "Town", north)
    support_in(house, town)
    talk = house.talk()
    uma, vera = supervisor(house, north), supervisor(house, south, "vera")

    move(olga, town, south)

    assert uma.rest("GET", f"/v1/sessions/{talk.session_id}").status == 404
    assert vera.rest("GET", f"/v1/sessions/{talk.session_id}").status == 200


def test_managers_reach_what_they_lead_and_deputies_while_they_stand_in(house: House, olga: Client) -> None:
    south = unit(olga, "South")
    mia, dan = supervisor(house, south, "mia"), supervisor(house, south, "dan")
    north = unit(
        olga,
        "North",
        manager_ids=[mia.caller.id],
        deputies=[{"agent_id": dan.caller.id, "from": "2026-11-22T12:00:00Z", "to": "2026-11-22T13:00:00Z"}],
    )
    support_in(house, unit(olga, "Town", north))
    talk = house.talk()
    path = f"/v1/sessions/{talk.session_id}"

    assert mia.rest("GET", path).status == 200
    assert dan.rest("GET", path).status == 200
    house.clock.passes(hours=1)
    assert mia.rest("GET", path).status == 200
    assert dan.rest("GET", path).status == 404


def test_who_stands_in_no_unit_and_leads_none_is_of_the_house_itself(house: House, olga: Client) -> None:
    support_in(house, unit(olga, "North"))
    talk = house.talk()

    sue = house.connected(house.hired("sid", role_ids=("supervisor",)))

    assert sue.rest("GET", f"/v1/sessions/{talk.session_id}").status == 200


def test_a_socket_is_judged_by_the_chart_as_it_is(house: House, olga: Client) -> None:
    north, south = unit(olga, "North"), unit(olga, "South")
    town = unit(olga, "Town", north)
    support_in(house, town)
    talk = house.talk()
    uma = supervisor(house, north)
    uma.hello()
    assert uma.ask("catch_up", session_id=talk.session_id, after=0)["type"] == "caught_up"

    move(olga, town, south)

    assert uma.ask("catch_up", session_id=talk.session_id, after=0)["code"] == "not_found"
    assert isinstance(uma.caller.connection, Connection)


def test_agents_of_many_units_are_listed_page_by_page_each_once(house: House, olga: Client) -> None:
    north = unit(olga, "North")
    towns = [unit(olga, f"Town {n}", north) for n in range(6)]
    hired = {house.hired(f"h{n}", role_ids=("agent",), unit_id=towns[n % 6]).id for n in range(13)}
    uma = supervisor(house, north)

    seen: list[str] = []
    cursor, pages = "", 0
    while cursor is not None:
        page = uma.rest("GET", f"/v1/agents?limit=3{cursor and '&cursor=' + cursor}").body
        seen += [a["id"] for a in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
        assert pages < 20

    assert sorted(seen) == sorted(hired | {uma.caller.id})
