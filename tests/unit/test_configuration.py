"""Configuration as a text: told by names, compared, applied, and applied twice."""

from typing import Any

import pytest
import yaml

from tests.house import Answer, Client, House

YAML = {"content-type": "application/yaml"}


@pytest.fixture
def olga(house: House) -> Client:
    """An admin."""
    return house.connected(house.hired("olga", role_ids=("admin",)))


def _told(olga: Client) -> dict[str, Any]:
    answer = olga.rest("GET", "/v1/config/export")
    assert answer.headers["Content-Type"].startswith("application/yaml")
    found: dict[str, Any] = yaml.safe_load(answer.text)
    return found


def _diff(olga: Client, config: Any) -> Any:
    return olga.rest("POST", "/v1/config/diff", _text(config), headers=YAML)


def _apply(olga: Client, config: Any, query: str = "") -> Answer:
    return olga.rest("POST", f"/v1/config/apply{query}", _text(config), headers=YAML)


def _text(config: Any) -> str:
    return config if isinstance(config, str) else yaml.safe_dump(config, allow_unicode=True)


def _named(changes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(c["kind"], c["name"]) for c in changes]


NOTHING: dict[str, list[Any]] = {"create": [], "update": [], "delete": []}

SHOP: dict[str, Any] = {
    "tags": [{"name": "vip"}],
    "skills": [{"name": "german"}],
    "units": [{"name": "North"}, {"name": "Far north", "parent": "North"}],
    "queues": [
        {"name": "Shoes", "unit": "Far north", "overflow": {"queue": "Rest"}, "scheme": "Shoes"},
        {"name": "Support"},
        {"name": "Rest", "required_skills": [{"skill": "german", "level": 3}], "wrap_up": {"policy": "optional"}},
    ],
    "schemes": [{"name": "Shoes", "options": [{"option_id": "sole", "label": {"en": "The sole", "zh-CN": "鞋底"}}]}],
    "sources": [{"name": "Shoe shop", "default_queue": "Support", "allowed_origins": ["https://SHOES.example"]}],
    "categories": [
        {"label": {"en": "Shoes", "zh-CN": "鞋"}, "sources": ["Shoe shop"], "scheme": "Shoes"},
        {"label": "Laces", "parent": "Shoes", "queue": "Shoes", "priority": 1, "suggested_answers": ["hi", "Support / hi"]},
        {"label": "Knots", "parent": "Shoes / Laces"},
    ],
    "canned_answers": [
        {"code": "hi", "title": "Hello", "text": "Hello, {customer.name}"},
        {"code": "hi", "title": "Hi", "text": "Hi", "queue": "Support"},
    ],
}  # fmt: skip


def test_what_is_there_is_told_by_names_and_differs_in_nothing(olga: Client) -> None:
    told = _told(olga)

    assert told["sources"] == [
        {
            "name": "Fernhill Outfitters",
            "greeting": {"en": "Hello! What can we help you with?", "zh-CN": "您好！请问有什么可以帮您？"},
            "default_queue": "Support",
        }
    ]
    assert [s["name"] for s in told["schemes"]] == ["After the talk"]
    assert {c["label"]["en"] for c in told["categories"]} >= {"Orders and delivery", "Something else"}
    assert "support" not in str(told).replace("Support", "")
    assert _diff(olga, told).body == NOTHING


def test_a_text_is_applied_and_then_differs_in_nothing(house: House, olga: Client) -> None:
    applied = _apply(olga, SHOP | {"categories": SHOP["categories"] + _told(olga)["categories"]})

    assert applied.status == 200, applied.text
    assert _named(applied.body["create"]) == [
        ("tags", "vip"),
        ("skills", "german"),
        ("units", "North"),
        ("units", "Far north"),
        ("schemes", "Shoes"),
        ("queues", "Shoes"),
        ("queues", "Rest"),
        ("sources", "Shoe shop"),
        ("canned_answers", "hi"),
        ("canned_answers", "Support / hi"),
        ("categories", "Shoes"),
        ("categories", "Shoes / Laces"),
        ("categories", "Shoes / Laces / Knots"),
    ]
    assert _named(applied.body["delete"]) == [("schemes", "After the talk")]
    told = _told(olga)
    assert _diff(olga, told).body == NOTHING
    assert _apply(olga, told).body == NOTHING
    shoes = next(q for q in told["queues"] if q["name"] == "Shoes")
    assert (shoes["unit"], shoes["overflow"]) == ("Far north", {"queue": "Rest", "after_s": 120})
    knots = next(c for c in told["categories"] if c["label"] == "Knots")
    assert knots["parent"] == "Shoes / Laces"
    shop = next(s for s in olga.rest("GET", "/v1/sources").body["items"] if s["name"] == "Shoe shop")
    assert shop["allowed_origins"] == ["https://shoes.example"]
    offered = house.rest("GET", f"/v1/widget/config?source_key={shop['key']}").body["categories"]
    assert {"Shoes", "Laces", "Knots"} <= {c["label"] for c in offered}


def test_a_dry_run_says_the_same_and_does_nothing(olga: Client) -> None:
    before = _told(olga)

    said = _apply(olga, SHOP, "?dry_run=true").body

    assert said == _diff(olga, SHOP).body
    assert said["create"]
    assert _told(olga) == before


def test_what_differs_is_named_by_its_fields_and_changed_alone(olga: Client) -> None:
    config = {
        "sources": [{"name": "Fernhill Outfitters", "default_queue": "Support", "consent": "You agree."}]
    }

    assert _diff(olga, config).body["update"] == [
        {"kind": "sources", "name": "Fernhill Outfitters", "fields": ["consent", "greeting"]}
    ]
    _apply(olga, config)

    source = olga.rest("GET", "/v1/sources/demo").body
    assert (source["consent"], source["greeting"], source["key"]) == ("You agree.", "", "demo")
    assert _diff(olga, config).body == NOTHING


def test_business_hours_are_told_by_their_names(olga: Client) -> None:
    hours = {"name": "Office", "time_zone": "Europe/Berlin", "week": {}}
    hours_id = olga.rest("POST", "/v1/business-hours", hours).body["id"]
    config = {
        "sources": [{"name": "Fernhill Outfitters", "default_queue": "Support", "business_hours": "Office"}]
    }

    _apply(olga, config)

    assert olga.rest("GET", "/v1/sources/demo").body["business_hours_id"] == hours_id
    assert _told(olga)["sources"][0]["business_hours"] == "Office"
    config["sources"][0]["business_hours"] = "Nowhere"
    assert _diff(olga, config).code == "bad_config"


def test_a_scheme_that_differs_gets_a_new_version(olga: Client) -> None:
    (scheme,) = _told(olga)["schemes"]
    scheme["options"] = scheme["options"][-1:]

    assert [c["fields"] for c in _apply(olga, {"schemes": [scheme]}).body["update"]] == [["options"]]

    read = olga.rest("GET", "/v1/schemes/after-talk").body
    assert (read["status"], read["scheme_version"]) == ("published", 2)


def test_kinds_that_are_not_named_are_left_alone_and_children_go_first(olga: Client) -> None:
    _apply(olga, {"categories": [{"label": "A"}, {"label": "B", "parent": "A"}]})

    applied = _apply(olga, {"categories": []})

    assert _named(applied.body["delete"]) == [("categories", "A / B"), ("categories", "A")]
    assert olga.rest("GET", "/v1/categories").body["items"] == []
    assert len(olga.rest("GET", "/v1/sources").body["items"]) == 1


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", None),
        ("- a", None),
        ("a: [", None),
        ("queens: []", "queens"),
        ("tags: vip", "tags"),
        ("tags: [vip]", "tags.0"),
        ("tags: [{name: 7}]", "tags.0.name"),
        ("tags: [{name: a, colour: red}]", "tags.0.colour"),
        ("tags: [{name: a}, {name: a}]", "tags.1"),
        ("tags: [{name: 2026-11-22}]", "tags.0"),
        ("tags: [{name: 2026-99-99}]", None),
        ("sources: [{name: a}]", "sources.0.default_queue"),
        ("sources: [{name: a, default_queue_id: support}]", "sources.0.default_queue_id"),
        ("sources: [{name: a, default_queue: Nowhere}]", "sources.a.default_queue"),
        ("categories: [{label: a, sources: demo}]", "categories.0.sources"),
        ("categories: [{label: a, parent: Nowhere}]", "categories.Nowhere / a.parent"),
        ("categories: [{label: b, parent: a}, {label: a}]", "categories.a / b.parent"),
        ("schemes: [{name: a, options: []}]", "schemes.0.options"),
        ("a: &x [1]\nb: *x", None),
        ("[" * 2000, None),
        ("x" * 300_000, None),
    ],
)
def test_what_is_no_configuration_is_refused_at_its_place(olga: Client, text: str, path: str | None) -> None:
    before = _told(olga)
    for answer in (_diff(olga, text), _apply(olga, text)):
        assert (answer.status, answer.code) == (422, "bad_config"), answer.text
        assert [e["path"] for e in answer.body["errors"]][:1] == ([path] if path else [])

    assert _told(olga) == before


def test_a_rooms_refusal_says_which_thing_it_is_about(olga: Client) -> None:
    deep = [{"label": "A"}, *({"label": "x", "parent": " / ".join(["A", "x", "x"][:n])} for n in (1, 2, 3))]

    refused = _apply(olga, {"categories": deep + _told(olga)["categories"]})

    assert (refused.status, refused.code) == (422, "too_deep")
    assert [e["path"] for e in refused.body["errors"]] == ["categories.A / x / x / x.parent_id"]


def test_two_of_one_name_can_not_be_told_apart(house: House, olga: Client) -> None:
    for _ in range(2):
        olga.rest("POST", "/v1/sources", {"name": "Twin", "default_queue_id": "support"})

    refused = olga.rest("GET", "/v1/config/export")

    assert (refused.status, refused.code) == (409, "ambiguous_name")
    assert "Twin" in refused.body["detail"]


def test_only_admins_read_and_apply(house: House) -> None:
    ann = house.on_duty("ann")

    assert ann.rest("GET", "/v1/config/export").status == 403
    assert _apply(ann, "tags: []").status == 403


def test_another_content_type_is_refused(olga: Client) -> None:
    answer = olga.rest("POST", "/v1/config/diff", "tags: []", headers={"content-type": "text/html"})

    assert (answer.status, answer.code) == (415, "unsupported_media_type")
