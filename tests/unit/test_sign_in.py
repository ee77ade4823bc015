"""Who somebody is: passwords, tokens that turn, tickets that open one socket."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import jwt
import pytest

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.connections.model import Connection, Person
from chalicelib.gateway import entry
from chalicelib.gateway.caller import Caller
from chalicelib.kit.errors import NotSignedIn
from chalicelib.kit.ids import Ids
from chalicelib.kit.outside import SigningKeys
from chalicelib.kit.values import ConnectionId
from chalicelib.sign_in.service import caller_of
from chalicelib.sign_in.tokens import Tokens
from chalicelib.sources.model import Source
from infra.local.seed import DEMO_PASSWORD
from tests.house import Answer, Client, House


def test_an_agent_signs_in_and_reads_who_they_are(house: House) -> None:
    signed_in = _signs_in(house).body

    me = house.rest("GET", "/v1/me", token=signed_in["token"]).body
    assert me["agent"]["email"] == "ann@demo.local"
    assert {"permission": "session.reply", "scope": "own"} in me["permissions"]
    assert signed_in["expires_at"] == "2026-11-22T12:15:00Z"
    assert "password" not in json.dumps(me) + json.dumps(signed_in)


def test_signing_in_is_coming_to_work(house: House) -> None:
    assert house.agent("ann").routing_status == "offline"

    _signs_in(house)

    assert house.agent("ann").routing_status == "accepting"


def test_signing_in_again_leaves_a_break_a_break(house: House) -> None:
    house.desk.agents.set_status(house.agent("ann").id, "break", "lunch")

    _signs_in(house)

    assert house.agent("ann").routing_status == "break"


@pytest.mark.parametrize("email", ["ann@demo.local", "ANN@Demo.Local", " ann@demo.local "])
def test_an_address_is_the_same_however_it_is_written(house: House, email: str) -> None:
    assert _signs_in(house, email=email).status == 200


def test_a_wrong_password_an_unknown_address_and_a_disabled_agent_are_answered_alike(house: House) -> None:
    AgentItem(house.agent("bob").id, PROFILE).update(actions=[AgentItem.enabled.set(False)])
    answers = [
        _signs_in(house, password="wrong"),
        _signs_in(house, email="nobody@demo.local"),
        _signs_in(house, email="bob@demo.local"),
        _signs_in(house, email=""),
        _signs_in(house, password=""),
        _signs_in(house, password=DEMO_PASSWORD + " "),
    ]

    bodies = [{k: v for k, v in a.body.items() if k != "request_id"} for a in answers]
    assert all(body == bodies[0] for body in bodies)
    assert (answers[0].status, answers[0].code) == (401, "wrong_credentials")


# access tokens


def test_a_token_runs_out_after_a_quarter_of_an_hour(house: House) -> None:
    token = _signed_in(house)["token"]
    house.machine.passes(minutes=14, seconds=59)
    assert house.rest("GET", "/v1/me", token=token).status == 200

    house.machine.passes(seconds=1)

    assert _refused(house, token) == "token_expired"


def test_a_token_goes_by_the_machines_clock_whatever_the_businesss_says(house: House) -> None:
    token = _signed_in(house)["token"]

    house.clock.passes(days=3)

    assert house.rest("GET", "/v1/me", token=token).status == 200


@pytest.mark.parametrize("algorithm", ["none", "None", "HS384", "HS512"])
def test_a_token_of_another_algorithm_is_none(house: House, algorithm: str) -> None:
    claims = _claims(_signed_in(house)["token"])

    assert _refused(house, _forged({"alg": algorithm, "kid": "k1", "typ": "JWT"}, claims)) == "token_invalid"


@pytest.mark.parametrize(
    "header", [{"kid": "k1"}, {"kid": "k2"}, {"kid": ""}, {"kid": ["k1"]}, {"kid": None}, {"jwk": {}}, {}]
)
def test_a_token_of_another_key_is_none(house: House, header: dict[str, Any]) -> None:
    claims = _claims(_signed_in(house)["token"])
    token = _forged({"alg": "HS256", "typ": "JWT", **header}, claims, key=b"x" * 32)

    assert _refused(house, token) == "token_invalid"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "customer"},
        {"sub": "somebody-else"},
        {"roles": ["owner"]},
        {"exp": 9_999_999_999},
        {"iss": "x"},
    ],
)
def test_a_token_that_was_changed_is_none(house: House, changed: dict[str, Any]) -> None:
    token = _signed_in(house)["token"]
    header, _, signature = token.split(".")
    claims = _claims(token) | changed
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    assert _refused(house, f"{header}.{body}.{signature}") == "token_invalid"


@pytest.mark.parametrize(
    "changed", [{"aud": "other"}, {"iss": "other"}, {"aud": None}, {"exp": None}, {"sub": None}]
)
def test_a_token_for_somebody_else_is_none_though_the_key_be_ours(
    house: House, changed: dict[str, Any]
) -> None:
    claims = _claims(_signed_in(house)["token"]) | changed
    claims = {k: v for k, v in claims.items() if v is not None}

    token = jwt.encode(claims, b"k" * 32, algorithm="HS256", headers={"kid": "k1"})

    assert _refused(house, token) == "token_invalid"


def test_a_customers_token_is_no_agents_though_it_names_one(house: House) -> None:
    forged = house.desk.sign_in.begin(Caller("customer", house.agent("ann").id, "Ann")).access.text

    assert house.rest("GET", "/v1/me", token=forged).status == 403


def test_an_older_key_is_believed_until_it_is_taken_away(house: House) -> None:
    ids = Ids(house.machine)
    keys = SigningKeys("k2", {"k2": b"2" * 32, "k1": b"k" * 32})
    token = _signed_in(house)["token"]

    assert Tokens(keys, ids, house.machine).read(token).name == "Ann"
    with pytest.raises(NotSignedIn):
        Tokens(SigningKeys("k2", {"k2": b"2" * 32}), ids, house.machine).read(token)


def test_what_belongs_to_one_who_is_disabled_stops_at_once(house: House) -> None:
    signed_in = _signed_in(house)
    ticket = _ticket(house, signed_in["token"])
    AgentItem(house.agent("ann").id, PROFILE).update(actions=[AgentItem.enabled.set(False)])

    assert house.rest("GET", "/v1/me", token=signed_in["token"]).status == 401
    assert _refreshes(house, signed_in["refresh_token"]).status == 401
    assert _opens(house, ticket) is None


def test_whatever_was_made_before_a_revocation_stops_with_it(house: House) -> None:
    signed_in = _signed_in(house)
    ticket = _ticket(house, signed_in["token"])

    house.desk.agents.revoke(house.agent("ann").id)

    assert house.rest("GET", "/v1/me", token=signed_in["token"]).status == 401
    assert _opens(house, ticket) is None
    assert _refreshes(house, signed_in["refresh_token"]).status == 401
    assert _signs_in(house).status == 200


def test_a_token_whose_agent_is_there_no_more_signs_nobody_in(house: House) -> None:
    token = house.desk.sign_in.begin(Caller("agent", "gone", "Gone")).access.text

    assert house.rest("GET", "/v1/me", token=token).status == 401


def test_a_change_of_roles_holds_from_the_next_request(house: House) -> None:
    token = _signed_in(house)["token"]
    AgentItem(house.agent("ann").id, PROFILE).update(actions=[AgentItem.role_ids.set("")])

    assert house.rest("GET", "/v1/sessions?tab=mine", token=token).status == 403


# refresh tokens


def test_a_refresh_token_turns_once_and_its_reuse_ends_the_family(house: House) -> None:
    first = _signed_in(house)["refresh_token"]
    second = _refreshes(house, first).body["refresh_token"]
    assert second != first

    assert _refreshes(house, first).code == "refresh_token_invalid"
    assert _refreshes(house, second).code == "refresh_token_invalid"


def test_another_sign_in_is_another_family(house: House) -> None:
    stolen, own = (_signed_in(house)["refresh_token"] for _ in range(2))
    _refreshes(house, stolen)
    _refreshes(house, stolen)

    assert _refreshes(house, own).status == 200


def test_a_turn_that_the_client_of_the_cloud_sent_twice_is_no_reuse(house: House) -> None:
    """A conditional write that lost its response looks like a refusal of one's own write."""
    first = _signed_in(house)["refresh_token"]
    house.faults.sent_twice("UpdateItem", about="refresh:")

    turned = _refreshes(house, first)

    assert house.faults.none_left
    assert turned.status == 200
    assert _refreshes(house, turned.body["refresh_token"]).status == 200


def test_a_refresh_token_lives_as_long_as_it_is_turned(house: House) -> None:
    token = _signed_in(house)["refresh_token"]
    for _ in range(3):
        house.machine.passes(days=6)
        token = _refreshes(house, token).body["refresh_token"]

    house.machine.passes(days=7)

    assert _refreshes(house, token).code == "refresh_token_invalid"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "....",
        "agent...",
        "agent.a.b.c",
        "owner.a.b.c",
        "agent.a.b.c.d",
        "customer.a.b.c",
        "agent.é.b.c",
    ],
)
def test_what_is_no_refresh_token_refreshes_nothing(house: House, token: str) -> None:
    assert _refreshes(house, token).code == "refresh_token_invalid"


def test_a_guess_at_a_family_does_not_touch_it_for_another_person(house: House) -> None:
    kind, _, family, secret = _signed_in(house)["refresh_token"].split(".")
    bob = house.agent("bob").id

    assert _refreshes(house, f"{kind}.{bob}.{family}.{secret}").status == 401


def test_signing_out_ends_the_family_and_the_work(house: House) -> None:
    signed_in = _signed_in(house)
    sent = {"refresh_token": signed_in["refresh_token"]}

    assert house.rest("POST", "/v1/sign-out", sent, token=signed_in["token"]).status == 204

    assert _refreshes(house, signed_in["refresh_token"]).status == 401
    assert house.agent("ann").routing_status == "offline"


def test_after_signing_out_the_access_token_opens_nothing(house: House) -> None:
    signed_in = _signed_in(house)
    sent = {"refresh_token": signed_in["refresh_token"]}
    house.rest("POST", "/v1/sign-out", sent, token=signed_in["token"])
    house.machine.passes(minutes=1)

    assert house.rest("GET", "/v1/me", token=signed_in["token"]).status == 401


def test_signing_out_closes_the_sockets_of_that_sign_in_and_no_other(house: House) -> None:
    here, elsewhere = _signed_in(house), _signed_in(house)
    sockets = []
    for signed_in in (here, elsewhere):
        caller = _opens(house, _ticket(house, signed_in["token"]))
        assert caller
        assert caller.connection
        connection = Connection(ConnectionId(f"of-{caller.family}"), caller.person, caller.family)
        client = Client(house, replace(caller, connection=connection))
        client.hello()
        sockets.append(client)

    sent = {"refresh_token": here["refresh_token"]}
    house.rest("POST", "/v1/sign-out", sent, token=here["token"])

    assert house.sockets.closed == [sockets[0].connection_id]
    assert house.rest("GET", "/v1/me", token=elsewhere["token"]).status == 200


def test_a_ticket_made_before_signing_out_opens_nothing_after_it(house: House) -> None:
    signed_in = _signed_in(house)
    ticket = _ticket(house, signed_in["token"])

    house.rest(
        "POST", "/v1/sign-out", {"refresh_token": signed_in["refresh_token"]}, token=signed_in["token"]
    )

    assert _opens(house, ticket) is None


def test_a_revoked_socket_is_closed_at_its_next_sign_of_life(house: House) -> None:
    caller = _opens(house, _ticket(house, _signed_in(house)["token"]))
    assert caller
    ann = Client(house, caller)
    ann.hello()
    house.desk.agents.revoke(house.agent("ann").id)

    refused = ann.ask("ping")

    assert refused["code"] == "access_ended"
    assert house.sockets.closed == [ann.connection_id]


def test_a_reused_refresh_token_closes_the_sockets_of_its_family(house: House) -> None:
    signed_in = _signed_in(house)
    caller = _opens(house, _ticket(house, signed_in["token"]))
    assert caller
    Client(house, caller).hello()
    _refreshes(house, signed_in["refresh_token"])

    _refreshes(house, signed_in["refresh_token"])

    assert house.sockets.closed == [caller.connection_id]


def test_nobody_signs_another_out(house: House) -> None:
    ann, bob = _signed_in(house), _signed_in(house, "bob")

    answer = house.rest("POST", "/v1/sign-out", {"refresh_token": bob["refresh_token"]}, token=ann["token"])

    assert answer.status == 401
    assert _refreshes(house, bob["refresh_token"]).status == 200
    assert house.agent("bob").routing_status == "accepting"


# customers


def test_a_customer_comes_in_and_comes_again_as_the_same_one(house: House) -> None:
    first = _comes_in(house).body
    again = _comes_in(house, refresh_token=first["refresh_token"])

    assert again.status == 201
    assert again.body["customer_id"] == first["customer_id"]
    assert again.body["refresh_token"] != first["refresh_token"]
    assert _comes_in(house).body["customer_id"] != first["customer_id"]


def test_a_customers_refresh_token_is_bound_to_its_source(house: House) -> None:
    shop = house.desk.sources.by_key("demo")
    assert shop
    house.desk.sources.create(Source(**{**shop.model_dump(), "id": "other", "key": "other"}))
    token = _comes_in(house).body["refresh_token"]

    assert _comes_in(house, source_key="other", refresh_token=token).code == "refresh_token_invalid"
    assert _comes_in(house, refresh_token=token).status == 201


def test_an_agents_refresh_token_is_no_customers_nor_the_other_way_round(house: House) -> None:
    agents, customers = _signed_in(house)["refresh_token"], _comes_in(house).body["refresh_token"]

    assert _comes_in(house, refresh_token=agents).code == "refresh_token_invalid"
    assert _refreshes(house, customers).code == "refresh_token_invalid"
    assert _refreshes(house, agents).status == 200


def test_a_customers_reuse_ends_the_family(house: House) -> None:
    first = _comes_in(house).body["refresh_token"]
    second = _comes_in(house, refresh_token=first).body["refresh_token"]

    assert _comes_in(house, refresh_token=first).status == 401
    assert _comes_in(house, refresh_token=second).status == 401


def test_an_unknown_source_lets_nobody_in(house: House) -> None:
    assert _comes_in(house, source_key="no-such").code == "no_such_source"


def test_a_customer_signs_out_for_good(house: House) -> None:
    came = _comes_in(house).body
    sent = {"refresh_token": came["refresh_token"]}

    assert house.rest("POST", "/v1/widget/sign-out", sent, token=came["token"]).status == 204

    assert _comes_in(house, refresh_token=came["refresh_token"]).status == 401


# tickets


def test_a_ticket_opens_one_socket_as_the_one_who_asked_for_it(house: House) -> None:
    came = _comes_in(house).body
    ticket = _ticket(house, came["token"])

    caller = _opens(house, ticket)

    assert caller
    assert (caller.kind, caller.id, caller.source_id) == ("customer", came["customer_id"], "demo")
    assert _opens(house, ticket) is None


def test_a_tickets_address_is_the_askers_own_host(house: House) -> None:
    answer = house.rest("POST", "/v1/socket-tickets", {}, token=_comes_in(house).body["token"])

    assert answer.status == 201
    assert answer.body["url"] == "ws://127.0.0.1:8787/socket"
    assert answer.body["expires_at"] == "2026-11-22T12:00:30Z"


def test_a_ticket_runs_out_after_thirty_seconds(house: House) -> None:
    ticket = _ticket(house, _comes_in(house).body["token"])
    house.machine.passes(seconds=30)

    assert _opens(house, ticket) is None


def test_what_is_no_ticket_opens_nothing(house: House) -> None:
    came = _comes_in(house).body

    for text in ("", "x", came["token"], came["refresh_token"], "ticket:x", "\u0000", "x" * 5_000):
        assert _opens(house, text) is None
    assert _opens(house, None) is None


def test_a_socket_without_the_authorizers_word_is_refused(house: House) -> None:
    for context in ({}, {"authorizer": None}, {"authorizer": {}}, {"authorizer": {"principalId": "x"}}):
        assert entry.connect(house.desk.socket, {"requestContext": context}) == {"statusCode": 401}


@pytest.mark.parametrize("where", ["here", "everywhere"])
def test_a_socket_that_never_said_hello_is_closed_by_signing_out_too(house: House, where: str) -> None:
    came, stays = _comes_in(house).body, _comes_in(house).body
    for name, who in (("conn-silent", came), ("conn-other", stays)):
        assert _connects(house, _ticket(house, who["token"]), name) == {"statusCode": 200}

    if where == "everywhere":
        house.desk.sign_in.end_all(Person("customer", came["customer_id"]))
    else:
        house.rest(
            "POST", "/v1/widget/sign-out", {"refresh_token": came["refresh_token"]}, token=came["token"]
        )

    assert house.sockets.closed == ["conn-silent"]


def test_a_ticket_is_not_kept_as_it_is(house: House) -> None:
    ticket = _ticket(house, _comes_in(house).body["token"])

    kept = house.engine._make_api_call("Scan", {"TableName": "deskbell-connections"})

    assert ticket not in str(kept)


def test_nothing_that_proves_a_caller_is_kept_as_it_is(house: House) -> None:
    secrets = [DEMO_PASSWORD, *_comes_in(house).body["refresh_token"].split(".")[3:]]
    secrets += [_signed_in(house)["refresh_token"].split(".")[3]]

    kept = [
        str(house.engine._make_api_call("Scan", {"TableName": table}))
        for table in house.engine._make_api_call("ListTables", {})["TableNames"]
    ]

    assert not [s for s in secrets for text in kept if s in text]


def _signs_in(house: House, email: str = "ann@demo.local", password: str = DEMO_PASSWORD) -> Answer:
    return house.rest("POST", "/v1/sign-in", {"email": email, "password": password})


def _signed_in(house: House, name: str = "ann") -> dict[str, str]:
    """What a sign-in gives, without the work of a password."""
    agent = house.agent(name)
    house.desk.agents.set_status(agent.id, "accepting", None)
    given = house.desk.sign_in.begin(caller_of(agent))
    return {"token": given.access.text, "refresh_token": given.refresh_token}


def _comes_in(house: House, source_key: str = "demo", **facts: str) -> Answer:
    return house.rest("POST", "/v1/widget/customers", {"source_key": source_key, **facts})


def _refreshes(house: House, token: str) -> Answer:
    return house.rest("POST", "/v1/sign-in/refresh", {"refresh_token": token})


def _ticket(house: House, token: str) -> str:
    return str(house.rest("POST", "/v1/socket-tickets", {}, token=token).body["ticket"])


def _opens(house: House, ticket: str | None) -> Caller | None:
    """Whom the authorizer lets in, as later events of that connection say it; None: nobody."""
    query = None if ticket is None else {"ticket": ticket}
    event = {"queryStringParameters": query, "methodArn": "arn:aws:x"}
    try:
        let_in = entry.authorize(house.desk.sign_in.redeem, event)
    except Exception as error:  # API Gateway knows a refusal by these very words, and by nothing else
        if str(error) != "Unauthorized":
            raise
        return None
    context = {"connectionId": "conn-1", "authorizer": let_in["context"]}
    return entry.caller_in({"requestContext": context})


def _connects(house: House, ticket: str, connection_id: str) -> dict[str, Any]:
    asked = {"queryStringParameters": {"ticket": ticket}, "methodArn": "arn:aws:x"}
    let_in = entry.authorize(house.desk.sign_in.redeem, asked)
    context = {"connectionId": connection_id, "authorizer": let_in["context"]}
    return entry.connect(house.desk.socket, {"requestContext": context})


def _refused(house: House, token: str) -> str:
    answer = house.rest("GET", "/v1/me", token=token)
    assert answer.status == 401
    return answer.code


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def _forged(header: dict[str, Any], claims: dict[str, Any], key: bytes = b"k" * 32) -> str:
    """A token with any header at all; signed by HMAC-SHA256 whatever it says."""

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    signed = f"{part(header)}.{part(claims)}"
    signature = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
