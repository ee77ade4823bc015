"""`/local/…`: the clock, and scheduled functions now."""

from datetime import datetime, timedelta

import pytest

from chalicelib.kit.clock import machine_clock
from tests.contract.local.conftest import serving


def test_the_business_clock_moves_and_goes_back_and_the_machines_stays(desk):
    with desk.http() as http:
        ahead = http.post("/local/clock", json={"offset_s": 3600})
        seen = desk.cellar.clock() - machine_clock()
        http.post("/local/clock", json={"offset_s": 0})

    assert ahead.status_code == 200
    assert timedelta(minutes=59, seconds=59) < seen <= timedelta(hours=1)
    assert abs(desk.cellar.clock() - machine_clock()) < timedelta(seconds=1)


def test_a_tick_has_run_when_it_answers_and_tells_the_business_time_in_whole_seconds(desk):
    with desk.http() as http:
        http.post("/local/clock", json={"offset_s": 86_400})
        answer = http.post("/local/tick", json={"name": "drain_queues"})
        http.post("/local/clock", json={"offset_s": 0})

    assert answer.status_code == 200
    told = datetime.fromisoformat(desk.small.ticks[-1])
    assert told.microsecond == 0
    assert timedelta(hours=23, minutes=59) < told - machine_clock() <= timedelta(days=1)


def test_an_unknown_schedule_is_told_the_known_ones(desk):
    with desk.http() as http:
        answer = http.post("/local/tick", json={"name": "make_tea"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "always_fails, drain_queues" in answer.json()["detail"]


def test_what_a_tick_raises_is_told_to_whoever_asked(desk):
    with desk.http() as http:
        answer = http.post("/local/tick", json={"name": "always_fails"})

    assert (answer.status_code, answer.json()["detail"]) == (500, "always_fails raised ValueError: as ever")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/local/clock", b'{"offset_s": "60"}'),
        ("/local/clock", b'{"offset_s": 60, "zone": "UTC"}'),
        ("/local/clock", b'{"offset_s": 1e300}'),
        ("/local/clock", b'{"offset_s": NaN}'),
        ("/local/clock", b"[]"),
        ("/local/tick", b"{}"),
        ("/local/tick", b'{"name": 1}'),
        ("/local/tick", b"not json"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused(desk, path, body):
    with desk.http() as http:
        answer = http.post(path, content=body, headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_form_from_another_site_is_refused(desk):
    with desk.http() as http:
        answer = http.post(
            "/local/clock", content=b'{"offset_s": 60}', headers={"content-type": "text/plain"}
        )

    assert answer.status_code == 415


@pytest.mark.parametrize("host", ["desk.example", "127.0.0.1.desk.example:80", "", "10.0.0.1:8787"])
def test_whoever_comes_through_a_proxy_on_this_machine_finds_nothing(tmp_path, host):
    """Listening everywhere, the server answers to any name; this door doesn't."""
    with serving(tmp_path, host="::") as desk, desk.http() as http:
        tick = {"name": "drain_queues"}
        by_name = http.post("/local/tick", json=tick, headers={"host": host})
        here = http.post("/local/tick", json=tick)

    assert (by_name.status_code, here.status_code) == (404, 200)


def test_it_is_post_or_nothing(desk):
    with desk.http() as http:
        assert http.get("/local/clock").status_code == 405
        assert http.post("/local/other", json={}).status_code == 404
