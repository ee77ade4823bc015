"""REST's one door: who asks, whether they may, what they sent; and every refusal in the same words."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from pydantic import BaseModel

from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.gateway.rest import Route
from chalicelib.permissions.model import PERMISSIONS, scopes
from tests.house import Answer, House, Talk
from tests.unit.shifts.bodies import SHIFT_BODIES

SOURCE: dict[str, Any] = {
    "name": "Shop",
    "kind": "web",
    "allowed_origins": ["https://shop.example"],
    "default_queue_id": "support",
    "identity": "anonymous",
    "languages": ["en"],
    "theme": {"accent": "#0b6153"},
    "retention": {"messages_days": 30},
    "greeting": "Hi",
    "consent": "You agree.",
    "business_hours_id": "x",
}
OPTIONS: list[dict[str, Any]] = [{"option_id": "other", "label": "Other"}]
ANSWER: dict[str, Any] = {"code": "hi", "title": "Hello", "text": "Hello!", "group": "Greetings"}
CATEGORY: dict[str, Any] = {
    "label": "Orders",
    "parent_id": "orders",
    "icon": "box",
    "source_ids": ["demo"],
    "queue_id": "support",
    "required_skills": [{"skill": "german", "level": 2}],
    "priority": 1,
    "order": 1,
    "fields": [{"name": "size", "label": "Which size?"}],
    "greeting": "Hi",
    "scheme_id": "after-talk",
    "business_hours_id": "x",
    "suggested_answer_ids": ["x"],
}
AGENT: dict[str, Any] = {
    "email": "x@demo.local",
    "alias": "X",
    "role_ids": ["agent"],
    "unit_id": "U",
    "capacity": 4,
    "time_zone": "UTC",
    "skills": [],
    "languages": ["en"],
    "phone": "+49 30 1",
    "employee_no": "7",
}
QUEUE: dict[str, Any] = {
    "name": "X",
    "unit_id": "U",
    "mode": "auto",
    "strategy": "skill_best",
    "required_skills": [],
    "priority": 1,
    "max_waiting": 10,
    "max_wait_s": 900,
    "offer_timeout_s": 20,
    "relax_after_s": 90,
    "overflow": {"queue_id": "Q"},
    "first_reply_limit_s": 60,
    "max_misses": 2,
    "ignore_duty": False,
    "wrap_up": {"policy": "optional"},
    "idle": {"warn_after_s": 60},
    "scheme_id": "S",
    "business_hours_id": "B",
    "answer_target_s": 30,
    "reply_target_s": 60,
    "dispatch_on": "open",
    "queue_grace_s": 60,
    "hold_limit_s": 60,
    "hold_weight": 1,
    "reopen_window_s": 60,
    "left_messages": {"due_s": 3600},
    "greeting": "Hi",
    "closed_message": "Closed",
}
BODIES: dict[str, dict[str, Any]] = {
    "SignIn": {"email": "ann@demo.local", "password": "x", "otp": "1"},
    "Refresh": {"refresh_token": "agent.x.y.z"},
    "Nothing": {},
    "NewCustomer": {"source_key": "demo", "identity_token": "a.b.c", "refresh_token": "customer.x.y.z"},
    "NewMerge": {"into": "C"},
    "NewPage": {"url": "https://shop.example/boots", "title": "Boots", "dwell_s": 30},
    "NewSession": {
        "client_id": "C1",
        "category_id": "orders",
        "answers": {"name": "Cleo"},
        "page": "x",
        "text": "Hi",
    },
    "NewMessage": {"client_id": "C1", "after": 2, "kind": "text", "text": "Hi", "reply_to": 1},
    "NewAttachment": {
        "session_id": "S",
        "name": "cat.png",
        "size": 100,
        "kind": "image",
        "duration_ms": 1_000,
        "width": 10,
        "height": 10,
        "waveform": [0, 100],
        "thumbnail": "eA==",
    },
    "NewMarks": {"delivered": 1, "read": 1},
    "LeavingQueue": {"choice": "leave", "contact": {}},
    "NewLeftMessage": {
        "category_id": "orders",
        "text": "Where is it?",
        "contact": {"email": "cleo@example.com", "phone": "+49 30 123456"},
        "attachment_ids": [],
    },
    "NewAnswer": {"by": "next_visit", "text": "Tomorrow"},
    "CustomerChange": {"name": "Cleo", "level": "gold", "remark": "x", "attributes": {"orders": "14"}},
    "SessionChange": {
        "category_id": "orders",
        "priority": 1,
        "tags": ["vip"],
        "attributes": {"order": "4711"},
        "legal_hold": False,
    },
    "ExportPage": {"cursor": "x"},
    "NewRating": {"score": 5, "solved": True, "tags": ["kind"], "comment": "x"},
    "NewHold": {"reason": "x", "until": "2026-11-22T13:00:00Z"},
    "NewFiling": {
        "option_id": "product",
        "fields": {},
        "note": "x",
        "resolved": "yes",
        "others": [],
        "end": False,
    },
    "NewAgent": {
        **AGENT,
        "password": "correct horse",
    },
    "AgentChange": AGENT,
    "ProfileChange": {"alias": "Ann", "time_zone": "UTC", "languages": ["en"], "phone": "+49 30 1"},
    "SkillsHeld": {"skills": []},
    "Disabling": {"sessions": "requeue", "to": "A"},
    "Releasing": {"to": "requeue"},
    "AcceptInvitation": {"token": "A.x", "password": "correct horse"},
    "NewSkill": {"name": "French"},
    "NewQueue": QUEUE,
    "QueueChange": QUEUE,
    "NewMember": {"priority": 1, "capacity": 2},
    "NewUnit": {"name": "North", "parent_id": "U", "manager_ids": ["A"], "deputies": []},
    "UnitChange": {"name": "North", "parent_id": "U", "manager_ids": ["A"], "deputies": []},
    "NewCall": {"number": "+4930123456", "provider": "tel"},
    "CallChange": {
        "status": "ended",
        "outcome": "answered",
        "answered_at": "2026-11-22T12:00:00Z",
        "ended_at": "2026-11-22T12:00:00Z",
        "duration_s": 1,
        "note": "x",
    },
    "NewReveal": {"field": "phone"},
    "NewReminder": {"at": "2026-11-22T13:00:00Z", "note": "x"},
    "NewAssignment": {"agent_id": "A", "over_capacity": False},
    "NewWhisper": {"client_id": "C1", "after": 1, "text": "Offer a refund"},
    "NewBlock": {"reason": "x", "until": "2026-11-23T12:00:00Z"},
    "BulkActs": {"ids": ["S"], "act": "assign", "agent_id": "A", "over_capacity": False},
    "Declining": {"reason": "x"},
    "Transferring": {"to_agent_id": "A", "comment": "x"},
    "Simulating": {"queue_id": "support", "skills": [{"skill": "french", "level": 1}], "customer_id": "C"},
    "NewRoutingStatus": {"status": "busy", "reason": "x", "next": "break"},
    "NewBreakReason": {"name": "Lunch", "max_minutes": 30, "max_at_once": 2},
    "BreakReasonChange": {"max_minutes": 30, "max_at_once": 2},
    "NewSource": SOURCE | {"key": "shop"},
    "SourceChange": SOURCE,
    "NewSourceKey": {"kind": "source"},
    "NewScheme": {"name": "Shoes", "options": OPTIONS},
    "SchemeChange": {"name": "Shoes", "options": OPTIONS},
    "NewSchemeVersion": {"options": OPTIONS},
    "NewCannedAnswer": ANSWER | {"scope": "queue", "queue_id": "support"},
    "CannedAnswerChange": ANSWER,
    "AnswerUse": {"session_id": "S", "lang": "en"},
    "AnswersImport": {"csv": "code", "scope": "queue", "queue_id": "support", "dry_run": True},
    "SettingsChange": {"recall_within_s": 60, "wrap_ups_at_once": 3},
    "NewTag": {"name": "vip"},
    "NewCategory": CATEGORY,
    "CategoryChange": CATEGORY,
} | SHIFT_BODIES
OF_OTHER_KINDS: dict[str, dict[str, Any]] = {
    "Transferring": {"to_queue_id": "support"},
    "Simulating": {"source_id": "demo", "category_id": "orders"},
    "NewMessage": {
        "attachment_id": "A",
        "link": {"url": "https://x.example/"},
        "card": {"title": "Order 7"},
        "form": {"fields": [{"name": "size", "label": "Which size?"}]},
        "form_answer": {"values": {"size": "M"}},
    },
    "BulkActs": {
        "texts": {"en": "Bye"},
        "tags": ["vip"],
        "priority": 1,
        "option_id": "product",
        "fields": {},
        "note": "x",
        "resolved": "yes",
        "reason": "x",
        "until": "2026-11-23T12:00:00Z",
    },
}
"""What the row above leaves out, because a body of that kind has none."""
WRONG: list[Any] = [
    {},
    {"$gt": ""},
    [],
    ["x"],
    None,
    7,
    -1,
    1.5,
    10**40,
    True,
    "",
    "\u0000",
    "\ud800",
    "x" * 1_000_000,
]


@pytest.fixture
def talk(house: House) -> Talk:
    return house.talk()


# the list of routes


def test_every_route_declares_a_known_permission_and_every_permission_is_declared(house: House) -> None:
    declared = {allowed for route in house.desk.routes for allowed in route.allow.split(" or ")}
    declared |= {h.permission for h in house.desk.commands.by.values() if h.permission}

    assert declared - {"public", "customer", "agent", "anyone_signed_in"} == set(PERMISSIONS)


def test_only_these_routes_are_public(house: House) -> None:
    public = {(r.method, r.path) for r in house.desk.routes if r.allow == "public"}

    assert public == {
        ("POST", "/v1/sign-in"),
        ("POST", "/v1/sign-in/refresh"),
        ("POST", "/v1/sign-in/accept-invitation"),
        ("GET", "/v1/widget/config"),
        ("GET", "/v1/agents/{agent_id}/shifts.ics"),
        ("POST", "/v1/widget/customers"),
        ("GET", "/v1/health"),
        ("GET", "/v1/openapi.json"),
        ("GET", "/v1/asyncapi.json"),
    }


def test_a_customers_routes_are_those_of_the_widget(house: House) -> None:
    for route in house.desk.routes:
        assert (route.allow == "customer") == (
            route.path.startswith("/v1/widget/") and route.allow != "public"
        )


# who asks, first


def test_without_a_token_nothing_is_told_whether_it_exists_or_not(house: House, talk: Talk) -> None:
    for route in _behind_the_door(house):
        for session_id in (talk.session_id, "nothing-here"):
            answer = _ask(house, route, session_id, body="not even JSON")
            _is_problem(answer, 401, "unauthenticated")
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YW5uOng=",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer \u00fc.\u00fc.\u00fc",
        "Bearer " + "x" * 20_000,
    ],
)
def test_what_is_no_token_is_nobody(house: House, authorization: str) -> None:
    answer = house.rest("GET", "/v1/me", headers={"authorization": authorization})

    assert answer.status == 401
    assert answer.code in ("unauthenticated", "token_invalid")


def test_a_customer_may_not_ask_what_is_for_agents_nor_an_agent_what_is_for_customers(
    house: House, talk: Talk
) -> None:
    """Permission is judged before the body, and before whether the thing exists."""
    tokens = {"customer": talk.cleo.token, "agent": talk.ann.token}
    for route in _behind_the_door(house):
        if route.allow == "anyone_signed_in" or " or " in route.allow:
            continue
        other = "agent" if route.allow == "customer" else "customer"
        for session_id in (talk.session_id, "nothing-here"):
            answer = _ask(house, route, session_id, token=tokens[other], body="not even JSON")
            _is_problem(answer, 403, "forbidden")


def test_an_agent_without_roles_may_read_themselves_and_nothing_else(house: House, talk: Talk) -> None:
    AgentItem(talk.ann.caller.id, PROFILE).update(actions=[AgentItem.role_ids.set("nothing-known")])
    for route in _behind_the_door(house):
        if set(route.allow.split(" or ")) & set(PERMISSIONS):
            _is_problem(_ask(house, route, talk.session_id, token=talk.ann.token), 403, "forbidden")

    assert talk.ann.rest("GET", "/v1/me").body["permissions"] == []


# what they sent, last


def test_every_body_that_is_asked_for_is_in_the_table(house: House) -> None:
    asked = {r.body.__name__: r.body for r in house.desk.routes if r.body}

    assert {name: _names(model) for name, model in asked.items()} == {
        name: set(_all_fields(name)) for name in BODIES
    }


def test_an_unknown_field_is_refused_by_its_name_in_every_body(house: House, talk: Talk) -> None:
    for route in house.desk.routes:
        if route.body:
            sent = {**BODIES[route.body.__name__], "surprise": 1}
            answer = _ask(house, route, talk.session_id, token=_token(route, talk), body=sent)
            _is_problem(answer, 422, "invalid")
            assert [e["path"] for e in answer.body["errors"]] == ["surprise"]


def test_an_unknown_parameter_is_refused_by_its_name_in_every_query(house: House, talk: Talk) -> None:
    for route in house.desk.routes:
        if route.query:
            path = _path(route, talk.session_id) + "?surprise=1&source_key=demo"
            answer = house.rest(route.method, path, token=_token(route, talk))
            _is_problem(answer, 422, "invalid")
            assert "surprise" in [e["path"] for e in answer.body["errors"]]


def test_a_field_of_another_type_is_refused_by_its_name_in_every_body(house: House, talk: Talk) -> None:
    log = house.log(talk.session_id)
    for route in house.desk.routes:
        for field, right in (_all_fields(route.body.__name__) if route.body else {}).items():
            for wrong in WRONG:
                if type(wrong) is type(right) or wrong is None:
                    continue
                sent = {**BODIES[route.body.__name__], field: wrong}  # type: ignore[union-attr]
                answer = _ask(house, route, talk.session_id, token=_token(route, talk), body=sent)
                _is_problem(answer, 422, "invalid")
                paths = {e["path"].split(".")[0] for e in answer.body["errors"]}
                assert paths == {"body" if wrong == "\ud800" else field}, (route.path, field, str(wrong)[:20])

    assert house.log(talk.session_id) == log


def test_a_text_of_a_megabyte_is_refused_wherever_a_text_is_asked(house: House, talk: Talk) -> None:
    for route in house.desk.routes:
        for field, right in (_all_fields(route.body.__name__) if route.body else {}).items():
            if not isinstance(right, str):
                continue
            sent = {**BODIES[route.body.__name__], field: "x" * 1_000_000}  # type: ignore[union-attr]
            answer = _ask(house, route, talk.session_id, token=_token(route, talk), body=sent)
            assert answer.status == 422, (route.path, field)
            assert field in {e["path"] for e in answer.body["errors"]}
            assert len(answer.text) < 2_000


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "7", '"x"', "{", "nonsense", "{'a': 1}", "\ufeff{}", b"\xff\xfe", "[" * 50_000]
)
def test_a_body_that_is_no_object_is_refused_on_every_route(
    house: House, talk: Talk, body: str | bytes
) -> None:
    for route in house.desk.routes:
        if route.body and any(f.is_required() for f in route.body.model_fields.values()):
            answer = _ask(house, route, talk.session_id, token=_token(route, talk), body=body)
            _is_problem(answer, 422, "invalid")


def test_a_required_field_that_is_missing_is_named(house: House, talk: Talk) -> None:
    for route in house.desk.routes:
        for own_name, field in (route.body.model_fields if route.body else {}).items():
            if field.is_required():
                name = field.alias or own_name
                sent = {k: v for k, v in BODIES[route.body.__name__].items() if k != name}  # type: ignore[union-attr]
                answer = _ask(house, route, talk.session_id, token=_token(route, talk), body=sent)
                _is_problem(answer, 422, "invalid")
                assert [e["path"] for e in answer.body["errors"]] == [name]


def test_a_refusal_stays_small_however_much_is_wrong(house: House) -> None:
    answer = house.rest("POST", "/v1/sign-in", {f"field-{n}" * 20: 1 for n in range(5_000)})

    _is_problem(answer, 422, "invalid")
    assert len(answer.text) < 8_192


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=201",
        "limit=x",
        "limit=1.5",
        "after=-1",
        "before=0",
        "after=" + "9" * 5_000,
        "limit=",
    ],
)
def test_a_query_out_of_bounds_is_refused(talk: Talk, query: str) -> None:
    name = query.partition("=")[0]
    for client, path in (
        (talk.cleo, f"/v1/widget/sessions/{talk.session_id}/messages"),
        (talk.ann, f"/v1/sessions/{talk.session_id}/messages"),
    ):
        answer = client.rest("GET", f"{path}?{query}")
        _is_problem(answer, 422, "invalid")
        assert [e["path"] for e in answer.body["errors"]] == [name]


# what does not exist, and what has moved on


@pytest.mark.parametrize(
    "session_id", ["nothing-here", "%00", "..%2F..", "~", "%F0%9F%98%80", "x" * 3_000, "'", "m000000000001"]
)
def test_what_does_not_exist_is_not_found_on_every_route(house: House, talk: Talk, session_id: str) -> None:
    for route in house.desk.routes:
        if "{" in route.path:
            body = BODIES[route.body.__name__] if route.body else None
            answer = _ask(house, route, session_id, token=_token(route, talk), body=body)
            _is_problem(answer, 404, "not_found")


def test_a_service_number_is_no_key_to_a_session(house: House, talk: Talk) -> None:
    """Not even under the name its own item has."""
    number = house.desk.workbench.get(talk.ann.caller, talk.session_id).number  # type: ignore[arg-type]
    for session_id in (number, f"number:{number}", f"number%3A{number}"):
        for route in house.desk.routes:
            if "{session_id}" in route.path:
                body = BODIES[route.body.__name__] if route.body else None
                answer = _ask(house, route, session_id, token=_token(route, talk), body=body)
                _is_problem(answer, 404, "not_found")


def test_a_conflict_names_what_has_moved_on(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    answer = talk.cleo.rest(
        "POST", f"/v1/widget/sessions/{talk.session_id}/messages", {"client_id": "C9", "text": "Hi"}
    )

    _is_problem(answer, 409, "session_ended")


# what Chalice would have said


def test_a_method_that_is_not_answered_is_said_in_our_words(house: House) -> None:
    answer = house.rest("DELETE", "/v1/me")

    _is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, PATCH"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"]
)
def test_another_kind_of_body_is_said_in_our_words(house: House, kind: str) -> None:
    answer = house.rest("POST", "/v1/sign-in", "email=ann", headers={"content-type": kind})

    _is_problem(answer, 415, "unsupported_media_type")


def test_what_fails_on_our_side_tells_nothing_of_it(house: House, talk: Talk) -> None:
    token = talk.ann.token
    house.faults.never_arrives("Query")

    answer = house.rest("GET", f"/v1/sessions/{talk.session_id}", token=token)

    _is_problem(answer, 500, "internal_error")
    assert "dynamodb" not in answer.text.lower()


def test_every_answer_carries_its_requests_id_and_is_kept_by_nobody(house: House, talk: Talk) -> None:
    answers = [
        house.rest("GET", "/v1/health"),
        house.rest("GET", "/v1/me"),
        house.rest("DELETE", "/v1/me"),
        talk.ann.rest("GET", "/v1/me"),
    ]

    for answer in answers:
        assert answer.headers["X-Request-Id"].startswith("request-")
        assert answer.headers["Cache-Control"] == "no-store"
    assert len({a.headers["X-Request-Id"] for a in answers}) == len(answers)


def test_a_header_may_be_written_in_any_case(talk: Talk, house: House) -> None:
    assert house.rest("GET", "/v1/me", headers={"AUTHORIZATION": f"bearer {talk.ann.token}"}).status == 200


# threads


def test_sixteen_at_once_with_tokens_of_their_own_each_see_themselves(house: House) -> None:
    """Chalice keeps the current request on the app, where another thread's may stand."""
    queue = house.desk.queues.all()[0]
    house.desk.queues.replace(queue.model_copy(update={"version": queue.version + 1, "max_waiting": 16}))
    customers = [house.waiting(f"I am number {n}") for n in range(16)]
    tokens = [cleo.token for _, cleo in customers]
    assert house.app.routes
    start = Barrier(16)

    def looks(n: int) -> list[tuple[str, str]]:
        start.wait()
        seen = []
        for _ in range(6):
            current = house.rest("GET", "/v1/widget/sessions/current", token=tokens[n]).body
            seen.append((current["session_id"], current["last_message"]["text"]))
        return seen

    with ThreadPoolExecutor(16) as pool:
        seen = list(pool.map(looks, range(16)))

    assert seen == [[(session_id, f"I am number {n}")] * 6 for n, (session_id, _) in enumerate(customers)]


def _behind_the_door(house: House) -> list[Route]:
    return [route for route in house.desk.routes if route.allow != "public"]


def _names(model: type[BaseModel]) -> set[str]:
    """As they stand on the wire: `from` is no name that Python lets a field have."""
    return {field.alias or name for name, field in model.model_fields.items()}


def _all_fields(body: str) -> dict[str, Any]:
    return BODIES[body] | OF_OTHER_KINDS.get(body, {})


def _path(route: Route, thing: str) -> str:
    return re.sub(r"{\w+}", thing, route.path)


def _ask(house: House, route: Route, thing: str, *, token: str | None = None, body: Any = None) -> Answer:
    headers = {"if-match": "1"} if route.method == "PATCH" else {}
    return house.rest(
        route.method, _path(route, thing), body if route.body else None, token=token, headers=headers
    )


def _token(route: Route, talk: Talk) -> str | None:
    if route.allow == "public":
        return None
    if route.allow == "customer":
        return talk.cleo.token
    if route.allow in PERMISSIONS and not scopes(talk.ann.caller.role_ids, route.allow):
        house = talk.ann.house
        admin = next((c for c in house.clients if c.caller.name == "Olga"), None)
        return (admin or house.connected(house.hired("olga", role_ids=("admin",)))).token
    return talk.ann.token


def _is_problem(answer: Answer, status: int, code: str) -> None:
    assert answer.status == status, answer
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    body = json.loads(answer.text)
    assert set(body) >= {"type", "title", "status", "code", "detail", "errors", "request_id"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"].endswith((".", "]", ")", "'")) or body["errors"]
    assert body["request_id"].startswith("request-")
