"""What a session weighs on a desk while it is filed or on hold: its queue says, and what was put on is taken off again."""

from typing import Any

from chalicelib.kit.values import QueueId
from chalicelib.queues.model import Queue, WrapUp
from tests.house import House


def _change(house: House, **facts: Any) -> None:
    queue = house.desk.queues.get(QueueId("support"))
    house.desk.queues.replace(Queue(**{**dict(queue), **facts, "version": queue.version + 1}))


def test_wrap_up_takes_the_part_of_a_slot_that_its_queue_says(house: House) -> None:
    _change(house, wrap_up=WrapUp(weight=0.25))
    talk = house.talk()

    talk.ann.ask("end_session", session_id=talk.session_id)
    assert house.load("ann") == (0.25, frozenset({talk.session_id}))

    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    assert house.load("ann") == (0.0, frozenset())


def test_a_hold_takes_the_part_of_a_slot_that_its_queue_says(house: House) -> None:
    _change(house, hold_weight=0.5)
    talk = house.talk()

    talk.ann.ask("hold_session", session_id=talk.session_id)
    assert house.load("ann")[0] == 0.5

    talk.ann.ask("resume_session", session_id=talk.session_id)
    assert house.load("ann")[0] == 1.0


def test_another_weight_is_that_of_the_next_session_and_a_desk_never_drifts(house: House) -> None:
    talk = house.talk()
    _change(house, wrap_up=WrapUp(weight=0.5))

    talk.ann.ask("end_session", session_id=talk.session_id)

    assert house.load("ann") == (1.0, frozenset({talk.session_id}))
    assert house.desk.rounds.reap_connections() == 0
    talk.ann.ask("file_disposition", session_id=talk.session_id, option_id="product")
    assert house.load("ann") == (0.0, frozenset())


def test_a_light_wrap_up_leaves_room_for_the_next(house: House) -> None:
    _change(house, wrap_up=WrapUp(weight=0))
    talk = house.talk()
    ann = house.agent("ann")
    for _ in range(ann.capacity - 1):
        house.waiting()
    last, _ = house.waiting()
    assert last not in house.load("ann")[1]

    talk.ann.ask("end_session", session_id=talk.session_id)

    assert last in house.load("ann")[1]
