"""The two documents that are made from code: whole, and sound enough for other people's tools."""

import json
import re
from typing import Any, get_args

import pytest

from chalicelib.permissions.model import PERMISSIONS
from chalicelib.protocol.commands import COMMANDS
from chalicelib.protocol.events import Event
from tests.house import House


@pytest.fixture
def openapi(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.rest("GET", "/v1/openapi.json").body
    return found


@pytest.fixture
def asyncapi(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.rest("GET", "/v1/asyncapi.json").body
    return found


def test_every_route_is_in_openapi_with_its_permission_body_and_errors(
    house: House, openapi: dict[str, Any]
) -> None:
    assert openapi["openapi"] == "3.1.0"
    assert openapi["info"]["version"]
    for route in house.desk.routes:
        operation = openapi["paths"][route.path][route.method.lower()]
        assert operation["x-permission"] == route.allow
        known = {*PERMISSIONS, "public", "customer", "agent", "anyone_signed_in"}
        assert set(operation["x-permission"].split(" or ")) <= known
        assert ("requestBody" in operation) == (route.body is not None or bool(route.takes))
        assert ("security" in operation) == (route.allow != "public")
        assert {"401", "404", "409", "422"} <= set(operation["responses"])
        assert any(status.startswith("2") for status in operation["responses"])
        named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", route.path))
        queried = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
        fields = route.query.model_fields.items() if route.query else ()
        assert queried == {field.alias or name for name, field in fields}
    assert sum(len(methods) for methods in openapi["paths"].values()) == len(house.desk.routes)


def test_operations_are_named_once(openapi: dict[str, Any]) -> None:
    names = [o["operationId"] for methods in openapi["paths"].values() for o in methods.values()]

    assert len(set(names)) == len(names)


def test_responses_say_which_errors_have_which_codes(openapi: dict[str, Any]) -> None:
    """Scripts are written against codes."""
    say = openapi["paths"]["/v1/widget/sessions/{session_id}/messages"]["post"]["responses"]

    assert not [code for code in ("session_ended", "client_id_reused") if code not in json.dumps(say["409"])]
    assert not [code for code in ("empty_message", "text_too_long") if code not in json.dumps(say["422"])]


@pytest.mark.parametrize("document", ["openapi", "asyncapi"])
def test_every_reference_leads_somewhere(request: pytest.FixtureRequest, document: str) -> None:
    whole = request.getfixturevalue(document)

    references = set(_references(whole))

    assert len(references) > 15
    for reference in references:
        found = whole
        for part in reference.removeprefix("#/").split("/"):
            assert part in found, reference
            found = found[part]


def test_component_names_are_such_as_openapi_allows(openapi: dict[str, Any]) -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in openapi["components"]["schemas"])


def test_bodies_refuse_what_they_do_not_name(house: House, openapi: dict[str, Any]) -> None:
    for route in house.desk.routes:
        if route.body:
            schema = openapi["components"]["schemas"][route.body.__name__]
            assert schema["additionalProperties"] is False
            named = {field.alias or name for name, field in route.body.model_fields.items()}
            assert set(schema.get("properties", {})) == named


def test_problems_have_their_code(openapi: dict[str, Any]) -> None:
    assert set(openapi["components"]["schemas"]["Problem"]["required"]) >= {
        "status",
        "code",
        "detail",
        "request_id",
    }


def test_every_command_and_event_is_in_asyncapi(asyncapi: dict[str, Any]) -> None:
    told = {m.model_fields["type"].default for m in get_args(Event)}

    assert asyncapi["asyncapi"] == "3.0.0"
    assert set(asyncapi["components"]["messages"]) == {f"command.{n}" for n in COMMANDS} | {
        f"event.{n}" for n in told
    }
    assert set(asyncapi["channels"]["socket"]["messages"]) == set(asyncapi["components"]["messages"])
    assert {o["action"] for o in asyncapi["operations"].values()} == {"send", "receive"}


def test_a_command_says_who_may_send_it(asyncapi: dict[str, Any]) -> None:
    messages = asyncapi["components"]["messages"]

    assert messages["command.take_session"]["x-by"] == {"agent": "session.take"}
    assert set(messages["command.start_session"]["x-by"]) == {"customer"}
    assert all(messages[f"command.{name}"]["x-by"] for name in COMMANDS)


def _references(value: Any) -> Any:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
