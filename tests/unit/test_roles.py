"""The roles there are, told to whoever gives them."""

from chalicelib.permissions.model import PERMISSIONS, ROLES
from tests.house import House


def test_an_admin_reads_what_each_role_may_do(house: House) -> None:
    olga = house.connected(house.hired("olga", role_ids=("admin",)))

    roles = olga.rest("GET", "/v1/roles").body["items"]

    assert [r["id"] for r in roles] == list(ROLES)
    supervisor = olga.rest("GET", "/v1/roles/supervisor").body
    assert {"permission": "session.*", "scope": "unit_tree"} in supervisor["grants"]
    assert olga.rest("GET", "/v1/roles/wizard").code == "not_found"
    assert [p["permission"] for p in olga.rest("GET", "/v1/permissions").body["items"]] == list(PERMISSIONS)


def test_an_agent_has_no_business_with_them(house: House) -> None:
    assert house.on_duty("ann").rest("GET", "/v1/roles").code == "forbidden"


def test_no_role_names_a_grant_twice() -> None:
    for role, grants in ROLES.items():
        assert len(set(grants)) == len(grants), role
