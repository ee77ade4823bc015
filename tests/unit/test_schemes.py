"""Schemes: written, published, written anew beside what is published, retired; and old records readable all along."""

from typing import Any

import pytest

from tests.house import Answer, Client, House, Talk

OPTIONS: list[dict[str, Any]] = [
    {"option_id": "broken", "label": {"en": "Broken", "zh-CN": "损坏"}},
    {"option_id": "broken.sole", "label": "The sole", "parent_id": "broken"},
    {"option_id": "praise", "label": "Praise"},
]


@pytest.fixture
def olga(house: House) -> Client:
    """An admin."""
    return house.connected(house.hired("olga", role_ids=("admin",)))


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


def _post(olga: Client, path: str, body: Any = None) -> Answer:
    return olga.rest("POST", f"/v1/schemes{path}", body or {})


def _made(olga: Client, options: list[dict[str, Any]] = OPTIONS) -> str:
    made = _post(olga, "", {"name": "Shoes", "options": options})
    assert made.status == 201, made.text
    return str(made.body["id"])


def _used(house: House, scheme_id: str) -> None:
    """By the queue, from now on."""
    queue = house.desk.queues.get("support")  # type: ignore[arg-type]
    house.desk.queues.replace(queue.model_copy(update={"scheme_id": scheme_id, "version": queue.version + 1}))


def _file(talk: Talk, option_id: str, **facts: Any) -> dict[str, Any]:
    return talk.ann.ask("file_disposition", session_id=talk.session_id, option_id=option_id, **facts)


def test_a_new_scheme_is_a_draft_that_nothing_is_filed_by(house: House, olga: Client, talk: Talk) -> None:
    made = _post(olga, "", {"name": "Shoes", "options": OPTIONS}).body
    _used(house, made["id"])

    assert (made["status"], made["version"], made["scheme_version"]) == ("draft", 1, 1)
    assert [o["option_id"] for o in made["options"]] == ["broken", "broken.sole", "praise"]
    assert _file(talk, "praise")["code"] == "no_scheme"


def test_what_is_published_is_filed_by(house: House, olga: Client, talk: Talk) -> None:
    scheme_id = _made(olga)
    _used(house, scheme_id)

    assert _post(olga, f"/{scheme_id}/publish").body["status"] == "published"
    assert _post(olga, f"/{scheme_id}/publish").body["version"] == 2

    assert _file(talk, "broken.sole")["type"] == "accepted"


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ([], "options"),
        ([{"option_id": "a", "label": "A"}, {"option_id": "a", "label": "B"}], "options.1.option_id"),
        ([{"option_id": "a", "label": "A", "parent_id": "b"}], "options.0.parent_id"),
        ([{"option_id": "a", "label": "A", "parent_id": "a"}], "options.0.parent_id"),
        (
            [
                {"option_id": "a", "label": "A", "parent_id": "b"},
                {"option_id": "b", "label": "B", "parent_id": "a"},
            ],
            "options.0.parent_id",
        ),
        (
            [{"option_id": f"o{n}", "label": "O", "parent_id": f"o{n - 1}" if n else None} for n in range(6)],
            "options.5.parent_id",
        ),
        ([{"option_id": "with space", "label": "A"}], "options.0.option_id"),
        ([{"option_id": "a", "label": " "}], "options.0.label"),
        ([{"option_id": "a", "label": {"fr": "A"}}], "options.0.label"),
        (
            [{"option_id": "a", "label": "A", "fields": [{"name": "x", "label": "X", "kind": "select"}]}],
            "options.0.fields.0",
        ),
        (
            [
                {
                    "option_id": "a",
                    "label": "A",
                    "fields": [
                        {"name": "x", "label": "X", "shown_if": {"field": "y", "equals": True}},
                        {"name": "y", "label": "Y", "kind": "checkbox"},
                    ],
                }
            ],
            "options.0.fields",
        ),
    ],
)
def test_what_is_no_tree_is_refused_at_its_place(olga: Client, options: Any, path: str) -> None:
    scheme_id = _made(olga)
    for answer in (
        _post(olga, "", {"name": "Shoes", "options": options}),
        _post(olga, f"/{scheme_id}/versions", {"options": options}),
        olga.rest("PATCH", f"/v1/schemes/{scheme_id}", {"options": options}, headers={"if-match": "1"}),
    ):
        assert answer.status == 422, answer.text
        assert answer.body["errors"][0]["path"] == path


def test_a_draft_is_changed_and_what_is_published_is_not(olga: Client) -> None:
    scheme_id = _made(olga)
    one = f"/v1/schemes/{scheme_id}"
    fewer = {"options": OPTIONS[2:]}

    assert (
        olga.rest("PATCH", one, fewer, headers={"if-match": "1"}).body["options"][0]["option_id"] == "praise"
    )
    assert olga.rest("PATCH", one, fewer, headers={"if-match": "1"}).code == "stale_version"
    _post(olga, f"/{scheme_id}/publish")

    refused = olga.rest("PATCH", one, fewer, headers={"if-match": "3"})
    assert (refused.status, refused.code) == (409, "not_a_draft")
    assert olga.rest("PATCH", one, {"name": "Boots"}, headers={"if-match": "3"}).body["name"] == "Boots"


def test_the_published_version_goes_on_until_the_next_is_published(
    house: House, olga: Client, talk: Talk
) -> None:
    scheme_id = _made(olga)
    _post(olga, f"/{scheme_id}/publish")
    _used(house, scheme_id)

    drafted = _post(olga, f"/{scheme_id}/versions", {"options": [{"option_id": "other", "label": "Other"}]})

    assert drafted.status == 201
    assert (drafted.body["status"], drafted.body["scheme_version"]) == ("draft", 2)
    read = olga.rest("GET", f"/v1/schemes/{scheme_id}").body
    assert (read["status"], read["scheme_version"], read["draft_version"]) == ("published", 1, 2)
    assert _file(talk, "other")["code"] == "unknown_option"
    assert _file(talk, "praise")["type"] == "accepted"

    published = _post(olga, f"/{scheme_id}/publish").body
    assert (published["scheme_version"], published["draft_version"]) == (2, None)
    assert _file(talk, "praise")["code"] == "unknown_option"
    assert _file(talk, "other")["type"] == "accepted"


def test_old_records_are_read_in_the_version_they_were_filed_by(
    house: House, olga: Client, talk: Talk
) -> None:
    scheme_id = _made(olga)
    _post(olga, f"/{scheme_id}/publish")
    _used(house, scheme_id)
    _file(talk, "broken.sole")
    _post(olga, f"/{scheme_id}/versions", {"options": [{"option_id": "other", "label": "Other"}]})
    _post(olga, f"/{scheme_id}/publish")

    filed = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body["disposition"]

    assert (filed["label"], filed["path"]) == ("The sole", [{"en": "Broken", "zh-CN": "损坏"}])
    kept = talk.ann.rest("GET", f"/v1/schemes/{scheme_id}/versions/{filed['scheme_version']}").body
    assert "broken.sole" in [o["option_id"] for o in kept["options"]]
    now = talk.ann.rest("GET", f"/v1/schemes/{scheme_id}/versions/2").body
    assert [o["option_id"] for o in now["options"]] == ["other"]
    for unknown in ("0", "3", "x", "-1", "9" * 30):
        assert talk.ann.rest("GET", f"/v1/schemes/{scheme_id}/versions/{unknown}").status == 404


def test_an_option_of_a_retired_scheme_is_refused(house: House, olga: Client, talk: Talk) -> None:
    assert _post(olga, "/after-talk/retire").body["status"] == "retired"
    assert _post(olga, "/after-talk/retire").status == 200

    assert _file(talk, "product")["code"] == "scheme_retired"
    for answer in (
        _post(olga, "/after-talk/publish"),
        _post(olga, "/after-talk/versions", {"options": OPTIONS}),
        talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}/scheme"),
    ):
        assert (answer.status, answer.code) == (409, "scheme_retired")


def test_of_two_who_publish_at_once_one_is_told(house: House, olga: Client) -> None:
    scheme_id = _made(olga)
    _post(olga, f"/{scheme_id}/publish")
    _post(olga, f"/{scheme_id}/versions", {"options": OPTIONS[2:]})
    house.faults.before("TransactWriteItems", lambda: _post(olga, f"/{scheme_id}/publish"))

    late = _post(olga, f"/{scheme_id}/publish")

    assert (late.status, late.code) == (409, "stale_version")
    assert olga.rest("GET", f"/v1/schemes/{scheme_id}").body["scheme_version"] == 2
    assert house.faults.none_left


def test_the_nearest_category_that_names_a_scheme_decides(house: House, olga: Client) -> None:
    scheme_id = _made(olga)
    _post(olga, f"/{scheme_id}/publish")
    top = olga.rest("POST", "/v1/categories", {"label": "Top", "scheme_id": scheme_id}).body["id"]
    below = olga.rest("POST", "/v1/categories", {"label": "Below", "parent_id": top}).body["id"]
    ann, cleo = house.on_duty("ann"), house.customer()
    session_id = cleo.ask("start_session", text="Hi", category_id=below)["session_id"]

    assert ann.rest("GET", f"/v1/sessions/{session_id}/scheme").body["id"] == scheme_id
    assert ann.ask("file_disposition", session_id=session_id, option_id="praise")["type"] == "accepted"


def test_a_scheme_that_is_no_more_published_gives_way_to_the_queues(house: House, olga: Client) -> None:
    scheme_id = _made(olga)
    _post(olga, f"/{scheme_id}/publish")
    top = olga.rest("POST", "/v1/categories", {"label": "Top", "scheme_id": scheme_id}).body["id"]
    _post(olga, f"/{scheme_id}/retire")
    ann, cleo = house.on_duty("ann"), house.customer()
    session_id = cleo.ask("start_session", text="Hi", category_id=top)["session_id"]

    assert ann.rest("GET", f"/v1/sessions/{session_id}/scheme").body["id"] == "after-talk"
