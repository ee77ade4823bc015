"""One whom nobody can serve just now keeps their place, and nobody from being served."""

from tests.house import House


def test_one_whom_only_the_agent_who_let_them_go_could_serve_hides_nobody_behind(house: House) -> None:
    ann = house.on_duty("ann")
    first, _ = house.waiting()
    ann.ask("set_routing_status", status="busy")
    ann.ask("requeue_session", session_id=first)
    second, _ = house.waiting()

    ann.ask("set_routing_status", status="accepting")

    assert house.load("ann") == (1.0, frozenset({second}))


def test_and_goes_to_the_next_who_comes(house: House) -> None:
    ann = house.on_duty("ann")
    first, _ = house.waiting()
    ann.ask("requeue_session", session_id=first)

    house.on_duty("bob")

    assert house.load("bob") == (1.0, frozenset({first}))
