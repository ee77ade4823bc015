"""Who a customer is by the word of their site's server: signed, short, good once; and signing in during a talk."""

from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest

from chalicelib.kit.values import SessionId
from chalicelib.sources.model import Source
from tests.house import NOON, Answer, Client, House


class Site:
    """The shop's own server, that knows its customers."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.numbers = iter(range(1_000))
        source = house.desk.sources.by_key("demo")
        assert source
        self.source = source
        self.key = house.desk.identity_keys.add(source.id)
        self.takes("optional")

    def takes(self, identity: str) -> None:
        source: Source = self.house.desk.sources.get(self.source.id)
        changed = {"identity": identity, "version": source.version + 1}
        self.house.desk.sources.replace(source.model_copy(update=changed))

    def signs(self, sub: str = "cleo-7", *, secret: str | None = None, kid: Any = True, **claims: Any) -> str:
        said = {
            "iss": "demo",
            "aud": "deskbell",
            "sub": sub,
            "exp": _seconds(self.house.machine.now + timedelta(minutes=5)),
            "jti": f"J{next(self.numbers)}",
            **claims,
        }
        headers = {"kid": self.key.kid if kid is True else kid} if kid else None
        said = {n: v for n, v in said.items() if v is not None}
        return jwt.encode(said, secret or self.key.secret, algorithm="HS256", headers=headers)

    def comes(self, token: str | None = None, **facts: Any) -> Answer:
        body = {"source_key": "demo", **facts} | ({"identity_token": token} if token else {})
        return self.house.rest("POST", "/v1/widget/customers", body)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


@pytest.fixture
def site(house: House) -> Site:
    return Site(house)


@pytest.fixture
def admin(house: House) -> Client:
    return house.connected(house.hired("olga", role_ids=("admin",)))


def test_a_signed_customer_is_the_same_at_every_visit_with_what_their_site_says(
    site: Site, admin: Client
) -> None:
    first = site.comes(
        site.signs(name="Cleo", email="cleo@example.com", phone="+49 30 123456", level="gold", language="de")
    )
    again = site.comes(site.signs(level="platinum"))

    assert (first.status, again.status) == (201, 201)
    assert first.body["customer_id"] == again.body["customer_id"]
    read = admin.rest("GET", f"/v1/customers/{first.body['customer_id']}").body
    assert (read["name"], read["verified"], read["level"], read["language"]) == (
        "Cleo",
        True,
        "platinum",
        "de",
    )
    assert (read["email"], read["phone"]) == ("c•••@example.com", "•••56")


def test_each_token_is_good_once(site: Site) -> None:
    token = site.signs()
    assert site.comes(token).status == 201

    again = site.comes(token)

    assert (again.status, again.code) == (401, "identity_token_used")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another-shop"},
        {"iss": None},
        {"aud": "somebody"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 201},
        {"jti": None},
        {"exp": None},
        {"exp": _seconds(NOON)},
        {"exp": _seconds(NOON + timedelta(minutes=6))},
        {"exp": _seconds(NOON + timedelta(minutes=4)), "iat": _seconds(NOON - timedelta(minutes=30))},
        {"exp": 10**20},
        {"nbf": _seconds(datetime.fromisoformat("2999-01-01"))},
        {"email": "cleo@example.com\nBcc: x@example.com"},
        {"level": "x" * 41},
        {"name": ["Cleo"]},
    ],
)
def test_what_is_not_said_as_it_must_be_is_not_taken(site: Site, claims: dict[str, Any]) -> None:
    answer = site.comes(site.signs(**claims))

    assert (answer.status, answer.code) == (401, "identity_token_invalid")


def test_what_is_signed_by_anybody_else_is_not_taken(house: House, site: Site) -> None:
    others = [
        site.signs(secret="x" * 52),
        site.signs(kid="unknown"),
        site.signs(kid=None, secret="x" * 52),
        "a.b.c",
        "x",
    ]
    head, body, _ = site.signs().split(".")
    unsigned = jwt.encode({"sub": "cleo-7"}, "", algorithm="none")
    for token in (*others, f"{head}.{body}.", unsigned, site.signs()[:-2] + "xx"):
        assert site.comes(token).code == "identity_token_invalid"


def test_two_keys_live_while_they_rotate(house: House, site: Site, admin: Client) -> None:
    path = f"/v1/sources/{site.source.id}/keys"
    old = site.signs()
    made = admin.rest("POST", path, {"kind": "identity"})
    assert made.status == 201
    new = site.signs(secret=made.body["key"], kid=made.body["id"])
    assert [site.comes(t).status for t in (old, new, site.signs(kid=None))] == [201, 201, 201]
    third = admin.rest("POST", path, {"kind": "identity"})
    assert (third.status, third.code) == (409, "too_many_keys")

    listed = admin.rest("GET", path).body["items"]
    assert [k["id"] for k in listed if k["kind"] == "identity"] == [made.body["id"], site.key.kid]
    assert all(k["key"] is None for k in listed if k["kind"] == "identity")
    assert admin.rest("DELETE", f"{path}/{site.key.kid}").status == 204
    assert site.comes(site.signs()).code == "identity_token_invalid"
    assert site.comes(site.signs(secret=made.body["key"], kid=made.body["id"])).status == 201


@pytest.mark.parametrize(
    ("takes", "unnamed", "named"),
    [
        ("anonymous", None, "identity_not_offered"),
        ("optional", None, None),
        ("required", "identity_required", None),
    ],
)
def test_a_source_says_whether_customers_come_unnamed(
    site: Site, takes: str, unnamed: str | None, named: str | None
) -> None:
    before = site.comes().body
    site.takes(takes)

    for answer, code in (
        (site.comes(), unnamed),
        (site.comes(site.signs()), named),
        (site.comes(refresh_token=before["refresh_token"]), unnamed),
    ):
        assert (answer.status == 201) if code is None else (answer.code == code)


def test_an_address_that_nobody_signed_opens_nobodys_history(house: House, site: Site) -> None:
    known = _come_in(house, site, site.signs(email="cleo@example.com"))
    known.hello()
    known.ask("start_session", text="My secret")
    mallory = house.customer()

    left = {"text": "It is me", "contact": {"email": "cleo@example.com"}}
    mallory.rest("POST", "/v1/widget/left-messages", left)

    assert "My secret" not in str(mallory.rest("GET", "/v1/widget/history").body)


# signing in during a talk


def test_signing_in_during_a_talk_moves_what_this_browser_said_and_the_talk_goes_on(
    house: House, site: Site
) -> None:
    ann = house.on_duty("ann")
    before = site.comes().body
    cleo = _socket(house, before)
    cleo.hello()
    session_id = cleo.ask("start_session", text="Where is my order?")["session_id"]
    ann.say(session_id, "Which one?", after=2)

    now = _socket(house, site.comes(site.signs(name="Cleo"), refresh_token=before["refresh_token"]).body)

    welcome = now.hello()
    assert [s["session_id"] for s in welcome["sessions"]] == [session_id]
    assert welcome["sessions"][0]["state"] == "active"
    read = ann.rest("GET", f"/v1/sessions/{session_id}").body
    assert (read["customer"]["name"], read["customer"]["verified"], read["agent"]["name"]) == (
        "Cleo",
        True,
        "Ann",
    )
    assert house.load("ann") == (1.0, frozenset({session_id}))
    assert ann.heard("session.changed")[-1]["session_id"] == session_id
    assert now.say(session_id, "The blue one", after=3)["type"] == "accepted"
    assert ann.texts[-1] == "The blue one"
    ann.say(session_id, "Found it")
    assert now.texts == ["Found it"]


def test_what_the_browser_was_before_ends(house: House, site: Site) -> None:
    before = site.comes().body
    cleo = _socket(house, before)
    cleo.hello()

    site.comes(site.signs(), refresh_token=before["refresh_token"])

    assert house.rest("GET", "/v1/widget/history", token=before["token"]).code == "access_ended"
    assert cleo.connection_id in house.sockets.closed
    assert site.comes(refresh_token=before["refresh_token"]).code == "refresh_token_invalid"


def test_a_message_that_was_on_its_way_is_not_stored_again(house: House, site: Site) -> None:
    before = site.comes().body
    cleo = _socket(house, before)
    cleo.hello()
    session_id = cleo.ask("start_session", text="Hi")["session_id"]
    said = cleo.say(session_id, "Are you there?", client_id="M7", after=1)

    now = _socket(house, site.comes(site.signs(), refresh_token=before["refresh_token"]).body)
    now.hello()

    assert now.say(session_id, "Are you there?", client_id="M7", after=1)["seq"] == said["seq"]
    assert now.ask("recall_message", session_id=session_id, seq=said["seq"])["type"] == "accepted"


def _two_talks(house: House, site: Site, between: Any) -> tuple[str, str, list[str]]:
    """One from home, where they are signed in, and then one from here, before signing in: what goes on in the end."""
    at_home = _come_in(house, site, site.signs())
    at_home.hello()
    first = at_home.ask("start_session", text="From home")["session_id"]
    between()
    before = site.comes().body
    here = _socket(house, before)
    here.hello()
    second = here.ask("start_session", text="From here")["session_id"]
    now = _socket(house, site.comes(site.signs(), refresh_token=before["refresh_token"]).body)
    return first, second, [s["session_id"] for s in now.hello()["sessions"]]


def test_of_two_talks_that_wait_the_newer_goes_on(house: House, site: Site) -> None:
    first, second, goes_on = _two_talks(house, site, lambda: house.clock.passes(minutes=1))

    assert goes_on == [second]
    ended = house.desk.session_store.tail(SessionId(first)).session
    assert (ended.state, ended.close_reason) == ("closed", "merged")


def test_of_two_talks_the_one_that_is_served_goes_on(house: House, site: Site) -> None:
    def ann_takes_it() -> None:
        house.on_duty("ann").ask("set_routing_status", status="busy")
        house.clock.passes(minutes=1)

    first, second, goes_on = _two_talks(house, site, ann_takes_it)

    assert goes_on == [first]
    assert house.desk.session_store.tail(SessionId(second)).session.close_reason == "merged"
    assert house.load("ann") == (1.0, frozenset({first}))


def test_who_was_signed_in_as_somebody_else_here_is_signed_out_and_keeps_what_is_theirs(
    house: House, site: Site
) -> None:
    bob = site.comes(site.signs("bob-3", name="Bob")).body
    his = _socket(house, bob)
    his.hello()
    session_id = his.ask("start_session", text="Mine")["session_id"]

    cleo = _socket(house, site.comes(site.signs("cleo-7"), refresh_token=bob["refresh_token"]).body)

    assert cleo.hello()["sessions"] == []
    assert "Mine" not in str(cleo.rest("GET", "/v1/widget/history").body)
    assert house.rest("GET", "/v1/widget/history", token=bob["token"]).status == 401
    back = _socket(house, site.comes(site.signs("bob-3")).body)
    assert [s["session_id"] for s in back.hello()["sessions"]] == [session_id]


@pytest.mark.parametrize("operation", ["TransactWriteItems", "UpdateItem", "DeleteItem", "PutItem"])
@pytest.mark.parametrize("nth", [0, 1, 2])
def test_cut_short_it_is_finished_by_signing_in_again(
    house: House, site: Site, operation: str, nth: int
) -> None:
    before = site.comes().body
    cleo = _socket(house, before)
    cleo.hello()
    session_id = cleo.ask("start_session", text="Hi")["session_id"]
    for _ in range(nth):
        house.faults.before(operation, lambda: None)
    house.faults.never_arrives(operation)
    refresh = before["refresh_token"]
    key = {"Idempotency-Key": "K1"}
    body = {"source_key": "demo", "identity_token": site.signs(), "refresh_token": refresh}
    house.rest("POST", "/v1/widget/customers", body, headers=key)

    again = site.comes(site.signs(), refresh_token=refresh)
    now = _socket(house, again.body)
    assert [s["session_id"] for s in now.hello()["sessions"]] == [session_id]


def _come_in(house: House, site: Site, token: str) -> Client:
    return _socket(house, site.comes(token).body)


def _socket(house: House, tokens: dict[str, Any]) -> Client:
    return house.connected(house.desk.sign_in.caller(tokens["token"]))
