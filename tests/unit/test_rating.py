"""A rating: asked at the end, open for a day, given once, and credited to who replied last."""

from typing import Any

import pytest

from tests.house import House, Talk


@pytest.fixture
def talk(house: House) -> Talk:
    talk = house.talk()
    talk.ann.say(talk.session_id, "It comes tomorrow", after=2)
    return talk


def rates(talk: Talk, **facts: Any) -> dict[str, Any]:
    return talk.cleo.ask("rate_session", session_id=talk.session_id, **{"score": 5, **facts})


def read(talk: Talk) -> dict[str, Any]:
    found: dict[str, Any] = talk.ann.rest("GET", f"/v1/sessions/{talk.session_id}").body
    return found


@pytest.mark.parametrize("who", ["cleo", "ann"])
def test_the_customer_is_asked_at_the_end_whoever_ended_it(talk: Talk, who: str) -> None:
    getattr(talk, who).ask("end_session", session_id=talk.session_id)

    (asked,) = talk.cleo.heard("rating.asked")
    assert (asked["session_id"], asked["open_until"]) == (talk.session_id, "2026-11-23T12:00:00Z")
    assert not talk.ann.heard("rating.asked")


def test_a_rating_is_kept_with_all_that_was_said_in_it(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert rates(talk, score=2, solved=False, tags=["slow"], comment="It took long")["type"] == "accepted"

    rating = read(talk)["rating"]
    assert {k: rating[k] for k in ("score", "solved", "tags", "comment", "rated_at")} == {
        "score": 2,
        "solved": False,
        "tags": ["slow"],
        "comment": "It took long",
        "rated_at": "2026-11-22T12:00:00Z",
    }
    assert rating["credited_to"]["name"] == "Ann"


def test_it_is_given_once_and_the_same_again_is_no_error(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    rates(talk, score=4)
    log = house.log(talk.session_id)

    assert rates(talk, score=4)["type"] == "accepted"
    assert rates(talk, score=1)["code"] == "already_rated"
    assert house.log(talk.session_id) == log
    assert read(talk)["rating"]["score"] == 4


def test_after_a_day_it_is_too_late(house: House, talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    current = talk.cleo.rest("GET", "/v1/widget/history").body["items"][0]["session"]
    assert current["rating_open_until"] == "2026-11-23T12:00:00Z"
    house.clock.passes(hours=24)

    assert rates(talk)["code"] == "not_ratable"


def test_nothing_is_rated_while_it_goes_on_unless_the_agent_invites(talk: Talk) -> None:
    assert rates(talk)["code"] == "not_ratable"

    path = f"/v1/sessions/{talk.session_id}/ask-rating"
    assert talk.ann.rest("POST", path, {}).status == 200
    assert talk.ann.rest("POST", path, {}).status == 200

    assert len(talk.cleo.heard("rating.asked")) == 1
    assert rates(talk, score=3)["type"] == "accepted"
    talk.ann.ask("end_session", session_id=talk.session_id)
    assert len(talk.cleo.heard("rating.asked")) == 1


def test_what_nobody_replied_in_is_not_rated(house: House) -> None:
    talk = house.talk()
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert not talk.cleo.heard("rating.asked")
    assert rates(talk)["code"] == "not_ratable"
    assert talk.ann.rest("POST", f"/v1/sessions/{talk.session_id}/ask-rating", {}).code == "not_ratable"


def test_one_who_left_the_queue_rates_nothing(house: House) -> None:
    session_id, cleo = house.waiting()
    cleo.ask("leave_queue", session_id=session_id)

    assert not cleo.heard("rating.asked")
    assert cleo.ask("rate_session", session_id=session_id, score=1)["code"] == "not_ratable"


def test_a_reopened_session_is_not_rated_again(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    rates(talk, score=4)
    talk.cleo.ask("start_session", text="One more thing")

    talk.ann.ask("end_session", session_id=talk.session_id)

    assert len(talk.cleo.heard("rating.asked")) == 1
    assert rates(talk, score=1)["code"] == "already_rated"


def test_it_is_credited_to_whoever_replied_last(house: House, talk: Talk) -> None:
    talk.ann.ask("requeue_session", session_id=talk.session_id)
    bob = house.on_duty("bob")
    bob.ask("end_session", session_id=talk.session_id)

    rates(talk)

    rating = house.desk.session_store.tail(talk.session_id).session.rating  # type: ignore[arg-type]
    assert rating
    assert rating.credited_to
    assert rating.credited_to.name == "Ann"


@pytest.mark.parametrize(
    "wrong", [{"score": 0}, {"score": 6}, {"tags": ["x" * 41]}, {"comment": "x" * 2_001}]
)
def test_what_is_out_of_bounds_is_refused(talk: Talk, wrong: dict[str, Any]) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)

    assert rates(talk, **wrong)["code"] == "invalid"


def test_the_customer_reads_nothing_of_the_line_that_staff_reads(talk: Talk) -> None:
    talk.ann.ask("end_session", session_id=talk.session_id)
    rates(talk, score=1)

    assert "Rated" not in str(talk.cleo.told)
    assert talk.ann.heard("message.sent")[-1]["system"] == {"code": "rated", "about": {"score": "1"}}
