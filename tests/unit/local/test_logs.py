"""The stand-in's own log."""

import json
import logging
import sys

from infra.local.logs import JsonLines


def record(**more) -> logging.LogRecord:
    return logging.makeLogRecord(
        {
            "name": "deskbell.local",
            "levelname": "ERROR",
            "msg": "%s failed",
            "args": ("drain_queues",),
            **more,
        }
    )


def test_an_event_is_one_json_line():
    assert json.loads(JsonLines().format(record())) == {
        "what": "log",
        "level": "ERROR",
        "logger": "deskbell.local",
        "message": "drain_queues failed",
    }


def test_a_traceback_stays_within_the_line():
    try:
        int("seven")
    except ValueError:
        line = JsonLines().format(record(exc_info=sys.exc_info()))

    assert "\n" not in line
    assert json.loads(line)["error"].endswith("literal for int() with base 10: 'seven'")
