"""Which resource a path belongs to."""

import pytest

from infra.local.gateway.events import Matched
from infra.local.gateway.routes import ImpossibleRoute, RouteTable

ROUTES = RouteTable(
    [
        "/v1/sessions",
        "/v1/sessions/{id}",
        "/v1/sessions/{id}/messages",
        "/v1/sessions/bulk",
        "/v1/sessions/bulk/now",
        "/",
    ]
)


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/", "/", {}),
        ("/v1/sessions", "/v1/sessions", {}),
        ("/v1/sessions/", "/v1/sessions", {}),
        ("/v1/sessions/7", "/v1/sessions/{id}", {"id": "7"}),
        ("/v1/sessions/a%2Fb", "/v1/sessions/{id}", {"id": "a%2Fb"}),
        ("/v1/sessions/bulk", "/v1/sessions/bulk", {}),
        ("/v1/sessions/bul%6B", "/v1/sessions/bulk", {}),
        ("/v1/sessions/bulk/messages", "/v1/sessions/{id}/messages", {"id": "bulk"}),
    ],
)
def test_a_path_belongs_to_the_most_literal_resource(path, resource, parameters):
    assert ROUTES.match(path) == Matched(resource, parameters)


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/sessions//messages", "/v1/sessions/7/other", "/v1/sessions/7/messages/8"]
)
def test_a_path_that_belongs_to_none_is_none(path):
    assert ROUTES.match(path) is None


def test_two_names_for_one_variable_are_refused_as_api_gateway_refuses_them():
    with pytest.raises(ImpossibleRoute, match=r"\{id\}"):
        RouteTable(["/v1/sessions/{id}", "/v1/sessions/{session_id}/messages"])
