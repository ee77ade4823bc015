"""Delivered and read: two numbers a side, only forward, never past the head."""

import pytest

from tests.house import House, Talk


@pytest.fixture
def talk(house: House) -> Talk:
    talk = house.talk()
    for n in range(4):
        talk.ann.say(talk.session_id, f"Message {n}", after=2 + n)
    return talk


def test_what_is_read_was_delivered(house: House, talk: Talk) -> None:
    talk.cleo.ask("mark", session_id=talk.session_id, read=4)

    assert _marks(house, talk)["customer"] == {"delivered": 4, "read": 4}
    assert talk.ann.heard("mark.moved")[-1]["mark"] == {"delivered": 4, "read": 4}
    assert talk.ann.heard("mark.moved")[-1]["by"] == "customer"


@pytest.mark.parametrize(
    "later", [{"read": 2}, {"delivered": 2}, {"read": 0, "delivered": 0}, {}, {"read": 4, "delivered": 1}]
)
def test_marks_only_move_forward(house: House, talk: Talk, later: dict[str, int]) -> None:
    talk.cleo.ask("mark", session_id=talk.session_id, delivered=5, read=4)
    told = len(talk.ann.heard("mark.moved"))

    assert talk.cleo.ask("mark", session_id=talk.session_id, **later)["type"] == "accepted"

    assert _marks(house, talk)["customer"] == {"delivered": 5, "read": 4}
    assert len(talk.ann.heard("mark.moved")) == told


def test_marks_never_pass_the_head(house: House, talk: Talk) -> None:
    talk.cleo.ask("mark", session_id=talk.session_id, delivered=999_999_999_999, read=999)

    assert _marks(house, talk)["customer"] == {"delivered": 6, "read": 6}


def test_each_side_has_its_own(house: House, talk: Talk) -> None:
    talk.cleo.ask("mark", session_id=talk.session_id, read=3)
    talk.ann.ask("mark", session_id=talk.session_id, read=5)

    assert _marks(house, talk) == {
        "customer": {"delivered": 3, "read": 3},
        "agent": {"delivered": 5, "read": 5},
    }
    assert talk.cleo.heard("mark.moved")[-1]["by"] == "agent"


def test_a_tab_that_read_on_meanwhile_is_not_set_back(house: House, talk: Talk) -> None:
    tab = house.again(talk.cleo)
    house.faults.before("UpdateItem", lambda: tab.ask("mark", session_id=talk.session_id, read=6))

    talk.cleo.ask("mark", session_id=talk.session_id, read=3)

    assert house.faults.none_left
    assert _marks(house, talk)["customer"] == {"delivered": 6, "read": 6}


def test_of_two_tabs_at_once_neither_mark_is_lost(house: House, talk: Talk) -> None:
    """One got further in what was delivered, the other in what was read."""
    tab = house.again(talk.cleo)
    house.faults.before("UpdateItem", lambda: tab.ask("mark", session_id=talk.session_id, delivered=6))

    talk.cleo.ask("mark", session_id=talk.session_id, read=3)

    assert house.faults.none_left
    assert _marks(house, talk)["customer"] == {"delivered": 6, "read": 3}


def test_a_mark_over_rest_tells_where_it_stands(talk: Talk) -> None:
    talk.cleo.ask("mark", session_id=talk.session_id, read=5)

    answer = talk.cleo.rest("POST", f"/v1/widget/sessions/{talk.session_id}/marks", {"read": 2})

    assert answer.body == {"delivered": 5, "read": 5}


def test_a_mark_changes_no_version_and_no_index(house: House, talk: Talk) -> None:
    before = house.desk.session_store.tail(talk.session_id).session.version  # type: ignore[arg-type]
    house.meter.reset()

    talk.cleo.ask("mark", session_id=talk.session_id, read=5)

    assert house.meter.write_units <= 2.0
    assert house.meter.requests["UpdateItem"] == 1
    assert house.desk.session_store.tail(talk.session_id).session.version == before  # type: ignore[arg-type]


def test_a_supervisor_who_looks_on_does_not_read_for_the_agent(house: House, talk: Talk) -> None:
    sue = house.on_duty("sue")

    sue.ask("mark", session_id=talk.session_id, read=6)

    assert _marks(house, talk)["agent"] == {"delivered": 0, "read": 0}


def test_unread_counts_what_stands_behind_the_mark(talk: Talk) -> None:
    path = "/v1/widget/sessions/current"
    talk.cleo.ask("mark", session_id=talk.session_id, read=4)
    assert talk.cleo.rest("GET", path).body["unread"] == 2

    talk.cleo.ask("mark", session_id=talk.session_id, read=6)

    assert talk.cleo.rest("GET", path).body["unread"] == 0


def _marks(house: House, talk: Talk) -> dict[str, dict[str, int]]:
    return house.desk.session_store.tail(talk.session_id).session.marks.model_dump()  # type: ignore[arg-type]
