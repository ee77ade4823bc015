"""Settings: what nobody changed is what it is by default; and the tags that are offered."""

from typing import Any

import pytest

from tests.house import Answer, Client, House


@pytest.fixture
def olga(house: House) -> Client:
    """An admin."""
    return house.connected(house.hired("olga", role_ids=("admin",)))


def _set(olga: Client, version: int, **change: Any) -> Answer:
    return olga.rest("PATCH", "/v1/settings", change, headers={"if-match": str(version)})


def test_settings_are_what_they_are_by_default_until_they_are_changed(olga: Client) -> None:
    defaults = olga.rest("GET", "/v1/settings").body
    assert (defaults["recall_within_s"], defaults["wrap_ups_at_once"], defaults["version"]) == (120, 2, 0)

    assert _set(olga, 0, recall_within_s=60).body == defaults | {"recall_within_s": 60, "version": 1}
    assert _set(olga, 1).body == defaults | {"recall_within_s": 60, "version": 2}
    assert olga.rest("GET", "/v1/settings").body["version"] == 2


def test_of_two_who_change_them_from_the_same_version_one_is_told(house: House, olga: Client) -> None:
    house.faults.before("PutItem", lambda: _set(olga, 0, recall_within_s=30))

    assert _set(olga, 0, recall_within_s=60).code == "stale_version"
    assert _set(olga, 0, recall_within_s=60).code == "stale_version"
    assert olga.rest("GET", "/v1/settings").body["recall_within_s"] == 30
    assert house.faults.none_left


@pytest.mark.parametrize(("within", "after", "may"), [(60, 61, False), (60, 59, True), (0, 1, False)])
def test_a_message_is_taken_back_as_long_as_the_settings_say(
    house: House,
    olga: Client,
    within: int,
    after: int,
    may: bool,  # noqa: FBT001
) -> None:
    talk = house.talk()
    _set(olga, 0, recall_within_s=within)
    house.clock.passes(seconds=after)

    told = talk.cleo.ask("recall_message", session_id=talk.session_id, seq=1)

    assert told.get("code") == (None if may else "recall_too_late")


def test_agents_change_no_settings(house: House) -> None:
    ann = house.on_duty("ann")

    assert ann.rest("GET", "/v1/settings").status == 403
    assert ann.rest("PATCH", "/v1/settings", {}, headers={"if-match": "0"}).status == 403


def test_a_tag_is_offered_once_whatever_its_case(house: House, olga: Client) -> None:
    made = olga.rest("POST", "/v1/tags", {"name": "  Big   spender "})

    assert (made.status, made.body["name"], made.body["version"]) == (201, "Big spender", 1)
    refused = olga.rest("POST", "/v1/tags", {"name": "big spender"})
    assert (refused.status, refused.code) == (409, "tag_exists")
    ann = house.on_duty("ann")
    assert [t["name"] for t in ann.rest("GET", "/v1/tags").body["items"]] == ["Big spender"]
    assert ann.rest("POST", "/v1/tags", {"name": "mine"}).status == 403


def test_a_tag_that_was_removed_stays_on_sessions(house: House, olga: Client) -> None:
    talk = house.talk()
    tag_id = olga.rest("POST", "/v1/tags", {"name": "vip"}).body["id"]
    version = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["version"]
    one = f"/v1/sessions/{talk.session_id}"
    talk.ann.rest("PATCH", one, {"tags": ["vip"]}, headers={"if-match": str(version)})

    assert olga.rest("DELETE", f"/v1/tags/{tag_id}").status == 204

    assert olga.rest("DELETE", f"/v1/tags/{tag_id}").status == 404
    assert talk.ann.rest("GET", one).body["tags"] == ["vip"]
