"""REST through the stand-in, Chalice and back."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.gateway.quotas import PAYLOAD_LIMIT


def test_a_view_sees_the_request_as_api_gateway_tells_it(desk):
    with desk.http() as http:
        event = http.post("/v1/echo?a=1&a=2", json={"text": "你好"}).json()

    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
    assert json.loads(event["body"]) == {"text": "你好"}
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert event["headers"]["Host"] == f"127.0.0.1:{desk.port}"


def test_many_threads_at_once_each_see_their_own_request(desk):
    def ask(token: str) -> list[str]:
        with desk.http() as http:
            headers = {"authorization": token}
            return [http.get("/v1/whoami", headers=headers).json()["token"] for _ in range(20)]

    tokens = [f"token-{number}" for number in range(16)]
    with ThreadPoolExecutor(16) as threads:
        seen = list(threads.map(ask, tokens))

    assert seen == [[token] * 20 for token in tokens]


def test_a_literal_path_wins_over_a_variable_and_variables_stay_encoded(desk):
    with desk.http() as http:
        assert http.get("/v1/people/me").json() == {"me": True}
        assert http.get("/v1/people/A%2FB/notes/7/").json() == {"person": "A%2FB", "note": "7"}


def test_an_unknown_path_is_a_problem_with_a_code(desk):
    with desk.http() as http:
        answer = http.get("/v1/nowhere")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"
    assert answer.json()["request_id"] == answer.headers["x-amzn-requestid"]


def test_a_wrong_method_is_answered_by_chalice(desk):
    with desk.http() as http:
        answer = http.delete("/v1/people/me")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_a_view_error_of_chalice_keeps_its_status(desk):
    with desk.http() as http:
        assert http.get("/v1/bad").status_code == 400


def test_binary_answers_and_repeated_headers_arrive_whole(desk):
    with desk.http() as http:
        answer = http.get("/v1/cookies", headers={"accept": "image/png"})

    assert (answer.status_code, answer.content) == (201, b"\x00\x01")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize("in_pieces", [False, True])
def test_a_body_over_lambdas_limit_is_refused(desk, in_pieces):
    body = b" " * (PAYLOAD_LIMIT + 1)
    with desk.http() as http:
        answer = http.post("/v1/echo", content=iter([body]) if in_pieces else body)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_request_that_is_cut_short_reaches_no_function(desk):
    before = desk.small.echoes
    with socket.create_connection(("127.0.0.1", desk.port)) as client:
        head = f"POST /v1/echo HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nContent-Length: 10\r\n\r\n"
        client.sendall(head.encode() + b"12345")
    with desk.http() as http:
        http.get("/v1/people/me")

    assert desk.small.echoes == before


def test_preflight_is_answered_without_a_function(desk):
    with desk.http() as http:
        answer = http.options("/v1/echo", headers={"origin": "https://shop.example"})

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-methods"] == "GET,OPTIONS,POST"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:{port}", "localhost:1", ""])
def test_a_name_that_is_not_this_servers_is_answered_by_nothing(desk, host):
    with desk.http() as http:
        answer = http.get("/v1/people/me", headers={"host": host.format(port=desk.port)})

    assert (answer.status_code, answer.json()["code"]) == (421, "misdirected")


def test_localhost_is_this_server_too(desk):
    with desk.http() as http:
        assert http.get("/v1/people/me", headers={"host": f"localhost:{desk.port}"}).status_code == 200
