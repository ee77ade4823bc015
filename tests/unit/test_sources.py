"""Sources: made and changed by admins, keys that rotate, origins written in one way."""

from typing import Any

import pytest

from tests.house import Answer, Client, House

NEW: dict[str, Any] = {"name": "Shop", "default_queue_id": "support"}


@pytest.fixture
def olga(house: House) -> Client:
    """An admin."""
    return house.connected(house.hired("olga", role_ids=("admin",)))


def test_a_new_source_is_a_door_at_once(house: House, olga: Client) -> None:
    made = olga.rest("POST", "/v1/sources", NEW | {"greeting": {"en": "Hi", "zh-CN": "您好"}})

    assert made.status == 201
    assert made.body["version"] == 1
    assert made.body["identity"] == "anonymous"
    assert olga.rest("GET", f"/v1/sources/{made.body['id']}").body == made.body
    config = house.rest("GET", f"/v1/widget/config?source_key={made.body['key']}&lang=zh-CN").body
    assert config["texts"]["greeting"] == "您好"
    come_in = house.rest("POST", "/v1/widget/customers", {"source_key": made.body["key"]})
    assert come_in.status == 201


def test_a_key_may_be_chosen_and_is_one_sources_alone(house: House, olga: Client) -> None:
    assert olga.rest("POST", "/v1/sources", NEW | {"key": "winter-shop"}).body["key"] == "winter-shop"

    again = olga.rest("POST", "/v1/sources", NEW | {"key": "winter-shop"})

    assert (again.status, again.code) == (409, "key_taken")
    assert len(olga.rest("GET", "/v1/sources").body["items"]) == 2


@pytest.mark.parametrize("key", ["", "no", "with space", "a/b", "ключ", "x" * 81])
def test_a_key_stands_in_an_address(olga: Client, key: str) -> None:
    assert olga.rest("POST", "/v1/sources", NEW | {"key": key}).status == 422


def test_an_unknown_queue_is_refused_by_its_name(olga: Client) -> None:
    for answer in (
        olga.rest("POST", "/v1/sources", NEW | {"default_queue_id": "no-such"}),
        olga.rest("PATCH", "/v1/sources/demo", {"default_queue_id": "no-such"}, headers={"if-match": "1"}),
    ):
        assert (answer.status, answer.code) == (422, "unknown_queue")
        assert [e["path"] for e in answer.body["errors"]] == ["default_queue_id"]


def test_unknown_business_hours_are_refused_by_their_name(olga: Client) -> None:
    answer = olga.rest("POST", "/v1/sources", NEW | {"business_hours_id": "no-such"})

    assert (answer.status, answer.code) == (422, "unknown_hours")
    assert [e["path"] for e in answer.body["errors"]] == ["business_hours_id"]


def test_what_is_named_is_changed_and_the_rest_stays(olga: Client) -> None:
    before = olga.rest("GET", "/v1/sources/demo").body

    after = olga.rest("PATCH", "/v1/sources/demo", {"name": "Fernhill"}, headers={"if-match": "1"}).body

    assert after == before | {"name": "Fernhill", "version": 2}


def test_a_change_of_what_somebody_else_changed_is_refused(olga: Client) -> None:
    olga.rest("PATCH", "/v1/sources/demo", {"name": "One"}, headers={"if-match": "1"})

    late = olga.rest("PATCH", "/v1/sources/demo", {"name": "Two"}, headers={"if-match": "1"})

    assert (late.status, late.code) == (409, "stale_version")
    assert olga.rest("GET", "/v1/sources/demo").body["name"] == "One"
    assert olga.rest("PATCH", "/v1/sources/demo", {"name": "Two"}).status == 428


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://Shop.Example", "https://shop.example"),
        ("https://shop.example:443/", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("https://商店.example", "https://xn--czrs0t.example"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_origins_are_written_in_one_way(olga: Client, told: str, kept: str) -> None:
    change = {"allowed_origins": [told, kept]}

    changed = olga.rest("PATCH", "/v1/sources/demo", change, headers={"if-match": "1"})

    assert changed.body["allowed_origins"] == [kept]


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https://*.shop.example",
        "shop.example",
        "https://",
        "null",
        "https://shop.example/page",
        "https://shop.example?x",
        "https://ann@shop.example",
        "https://shop.example:99999",
        "javascript://shop.example",
        "https://shop.example https://evil.example",
        "https://shop.example; script-src *",
    ],
)
def test_what_is_no_one_origin_is_refused(olga: Client, origin: str) -> None:
    answer = olga.rest("POST", "/v1/sources", NEW | {"allowed_origins": [origin]})

    assert answer.status == 422
    assert [e["path"] for e in answer.body["errors"]] == ["allowed_origins.0"]


def test_the_panel_speaks_the_languages_of_its_source(house: House, olga: Client) -> None:
    change = {"languages": ["zh-CN"], "greeting": {"en": "Hi", "zh-CN": "您好"}}
    olga.rest("PATCH", "/v1/sources/demo", change, headers={"if-match": "1"})

    config = house.rest("GET", "/v1/widget/config?source_key=demo&lang=en").body

    assert (config["lang"], config["texts"]["greeting"]) == ("zh-CN", "您好")


# keys


def _doors(house: House, *keys: str) -> list[int]:
    return [house.rest("GET", f"/v1/widget/config?source_key={key}").status for key in keys]


def test_two_keys_are_good_while_one_follows_the_other(house: House, olga: Client) -> None:
    made = olga.rest("POST", "/v1/sources/demo/keys", {})

    assert made.status == 201
    new = made.body["key"]
    read = olga.rest("GET", "/v1/sources/demo").body
    assert (read["key"], read["older_keys"]) == (new, ["demo"])
    assert _doors(house, "demo", new) == [200, 200]

    assert olga.rest("DELETE", "/v1/sources/demo/keys/demo").status == 204
    assert _doors(house, "demo", new) == [404, 200]


def test_a_third_key_and_the_loss_of_the_last_one_are_refused(olga: Client) -> None:
    last = olga.rest("DELETE", "/v1/sources/demo/keys/demo")
    assert (last.status, last.code) == (409, "last_key")
    olga.rest("POST", "/v1/sources/demo/keys", {})

    third = olga.rest("POST", "/v1/sources/demo/keys", {})

    assert (third.status, third.code) == (409, "too_many_keys")
    assert "demo" in third.body["detail"]


def test_the_newest_key_can_be_dropped_too(house: House, olga: Client) -> None:
    new = olga.rest("POST", "/v1/sources/demo/keys", {}).body["key"]

    olga.rest("DELETE", f"/v1/sources/demo/keys/{new}")

    assert olga.rest("GET", "/v1/sources/demo").body["key"] == "demo"
    assert _doors(house, "demo", new) == [200, 404]


def test_a_key_that_was_cut_short_opens_nothing(house: House, olga: Client) -> None:
    house.faults.never_arrives("TransactWriteItems")

    assert olga.rest("POST", "/v1/sources/demo/keys", {}).status == 500

    assert olga.rest("GET", "/v1/sources/demo").body["older_keys"] == []
    assert house.faults.none_left


def test_agents_read_sources_and_change_none(house: House) -> None:
    ann = house.on_duty("ann")

    assert ann.rest("GET", "/v1/sources/demo").status == 200
    for answer in (
        ann.rest("POST", "/v1/sources", NEW),
        ann.rest("PATCH", "/v1/sources/demo", {"name": "Mine"}, headers={"if-match": "1"}),
        ann.rest("POST", "/v1/sources/demo/keys", {}),
    ):
        assert answer.status == 403


# pages of other sites


def _config(house: House, **headers: str) -> Answer:
    return house.rest("GET", "/v1/widget/config?source_key=demo", headers=headers)


def test_a_page_of_another_site_may_ask_where_the_source_names_it_and_at_once(
    house: House, olga: Client
) -> None:
    evil = _config(house, origin="https://shop.example")
    assert (evil.status, evil.code) == (403, "origin_not_allowed")
    come_in = {"source_key": "demo"}
    refused = house.rest("POST", "/v1/widget/customers", come_in, headers={"origin": "https://shop.example"})
    assert refused.code == "origin_not_allowed"

    change = {"allowed_origins": ["https://Shop.example:443"]}
    olga.rest("PATCH", "/v1/sources/demo", change, headers={"if-match": "1"})

    assert _config(house, origin="https://shop.example").status == 200
    assert (
        house.rest("POST", "/v1/widget/customers", come_in, headers={"origin": "https://shop.example"}).status
        == 201
    )
    for other in ("http://shop.example", "https://www.shop.example", "https://shop.example:8443", "null"):
        assert _config(house, origin=other).status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8787"}, 200),
        ({"origin": "https://widget.example", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:8787", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://other.example", "sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://widget.example", "x-deskbell-edge": "x"}, 200),
    ],
)
def test_the_houses_own_pages_and_who_is_no_browser_may_always_ask(
    house: House, headers: dict[str, str], status: int
) -> None:
    assert _config(house, **headers).status == status
