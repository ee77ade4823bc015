"""Scheduled functions: their rates, one at a time, and on after an error."""

import threading
from datetime import UTC, datetime

import pytest
from chalice import Chalice, Cron, Rate

from infra.local.schedules import Round, Schedules, UnknownSchedule, rounds_of
from infra.local.trouble import CannotStart

NOW = datetime(2026, 11, 22, 9, 0, 59, 999000, tzinfo=UTC)


def scheduled(expression) -> tuple[Chalice, list[str]]:
    app, times = Chalice("clockwork"), []

    @app.schedule(expression, name="tick")
    def tick(event):
        times.append(event.time)

    return app, times


@pytest.mark.parametrize(
    ("expression", "every_s"),
    [
        (Rate(1, unit=Rate.MINUTES), 60),
        (Rate(15, unit=Rate.MINUTES), 900),
        (Rate(1, unit=Rate.DAYS), 86_400),
        ("rate(2 hours)", 7_200),
    ],
)
def test_a_function_runs_at_the_rate_it_declares(expression, every_s):
    app, _ = scheduled(expression)

    assert [(each.name, each.every_s) for each in rounds_of(app, lambda: NOW)] == [("tick", every_s)]


def test_the_rate_can_be_set_for_tests():
    app, _ = scheduled(Rate(1, unit=Rate.DAYS))

    assert rounds_of(app, lambda: NOW, every_s=0.5)[0].every_s == 0.5


def test_what_is_no_rate_is_refused_by_name():
    app, _ = scheduled(Cron(0, 3, "*", "*", "?", "*"))

    with pytest.raises(CannotStart, match=r"tick is scheduled by cron\(0 3 \* \* \? \*\)"):
        rounds_of(app, lambda: NOW)


def test_a_tick_tells_the_business_clocks_time_in_whole_seconds():
    app, times = scheduled(Rate(1, unit=Rate.DAYS))

    Schedules(rounds_of(app, lambda: NOW)).tick("tick")

    assert times == ["2026-11-22T09:00:59Z"]


def test_it_runs_again_after_an_error(caplog):
    runs, enough = [], threading.Event()

    def fail() -> None:
        runs.append(1)
        if len(runs) == 3:
            enough.set()
        raise ValueError("as ever")

    schedules = Schedules([Round("fail", 0.005, fail)])
    schedules.start()
    assert enough.wait(5)
    schedules.stop(within_s=1)

    assert "fail failed; it runs again" in caplog.text


def test_it_never_runs_over_itself_not_even_when_asked():
    inside, most, done = [], [], threading.Event()

    def slow() -> None:
        inside.append(1)
        most.append(len(inside))
        done.wait(0.01)
        inside.pop()

    schedules = Schedules([Round("slow", 0.001, slow)])
    schedules.start()
    for _ in range(5):
        schedules.tick("slow")
    schedules.stop(within_s=1)

    assert set(most) == {1}


def test_nothing_begins_after_the_stop():
    runs = []
    schedules = Schedules([Round("quick", 0.001, lambda: runs.append(1))])
    schedules.start()
    schedules.stop(within_s=1)
    counted = len(runs)

    assert all(not thread.is_alive() for thread in schedules._threads)
    assert len(runs) == counted


def test_an_unknown_name_is_an_error():
    with pytest.raises(UnknownSchedule):
        Schedules([]).tick("tea")
