"""Everybody's tools: ids, cursors, settings, errors and the log's lines."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kit.clock import from_ms, machine_clock, to_ms
from chalicelib.kit.config import Settings
from chalicelib.kit.errors import Conflict, DeskError
from chalicelib.kit.ids import ALPHABET, Ids, base32, derived, fingerprint, ulid
from chalicelib.kit.log import json_lines
from chalicelib.kit.paging import SOME_ID, BadCursor, from_cursor, to_cursor
from chalicelib.sessions.items import place_of, seq_at
from tests.house import NOON


def test_a_ulid_is_26_letters_that_sort_by_time() -> None:
    moments = [
        datetime(1970, 1, 1, tzinfo=UTC),
        NOON,
        NOON + timedelta(milliseconds=1),
        datetime(2999, 1, 1, tzinfo=UTC),
    ]
    ids = [ulid(at, lambda bits: 2**bits - 1) for at in moments[:2]] + [
        ulid(at, lambda _: 0) for at in moments[2:]
    ]

    assert ids == sorted(ids)
    assert all(re.fullmatch(rf"[{ALPHABET}]{{26}}", i) for i in ids)
    assert ulid(datetime(1970, 1, 1, tzinfo=UTC), lambda _: 0) == "0" * 26


def test_a_ulid_holds_its_millisecond() -> None:
    assert ulid(from_ms(1_469_918_176_385), lambda _: 0)[:10] == "01ARYZ6S41"


def test_ids_of_one_millisecond_differ() -> None:
    ids = Ids(lambda: NOON)

    assert len({ids.new() for _ in range(1_000)}) == 1_000


def test_a_service_number_can_be_read_out() -> None:
    numbers = {Ids(lambda: NOON).service_number() for _ in range(200)}

    assert len(numbers) == 200
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", n) for n in numbers)
    assert not set("ILOU") & set("".join(numbers))


def test_base32_keeps_the_lowest_letters() -> None:
    assert base32(0, 3) == "000"
    assert base32(31, 2) == "0Z"
    assert base32(32, 2) == "10"
    assert base32(2**15, 3) == "000"


def test_what_is_derived_is_the_same_from_the_same_parts_alone() -> None:
    assert derived("a", "b") == derived("a", "b")
    assert len({derived("a", "b"), derived("ab", ""), derived("", "ab"), derived("b", "a")}) == 4
    assert re.fullmatch(rf"[{ALPHABET}]{{26}}", derived("a", "b"))


def test_secrets_are_long_and_kept_as_fingerprints() -> None:
    secret = Ids(lambda: NOON).secret()

    assert re.fullmatch(rf"[{ALPHABET}]{{52}}", secret)
    assert secret not in fingerprint(secret)
    assert fingerprint(secret) == fingerprint(secret)


def test_instants_are_kept_in_whole_milliseconds() -> None:
    for microsecond in (0, 1_000, 999_000):
        at = NOON.replace(microsecond=microsecond)
        assert from_ms(to_ms(at)) == at
    now = machine_clock()
    assert now.tzinfo is UTC
    assert now.microsecond % 1_000 == 0


@pytest.mark.parametrize("position", [{"id": "S", "at": "1"}, {"id": "é\u0000", "at": ""}, {}])
def test_a_cursor_brings_back_its_position(position: dict[str, str]) -> None:
    anything = dict.fromkeys(position, r"[\s\S]*")
    assert from_cursor(to_cursor(position), **anything) == position
    assert re.fullmatch(r"[A-Za-z0-9_-]*", to_cursor(position))


@pytest.mark.parametrize(
    "cursor", ["", "!", "x", "é", "bnVsbA", "W10", to_cursor({"id": "S"}), "eyJpZCI6MSwiYXQiOjJ9"]
)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        from_cursor(cursor, id=SOME_ID, at=r"\d+")


def test_places_sort_as_the_log_does() -> None:
    order = [(1, None), (1, 1), (1, 9_999), (2, None), (10, None), (999_999_999_999, None)]
    places = [place_of(*pair) for pair in order]

    assert places == sorted(places)
    assert [seq_at(place) for place in places] == order
    assert places[-1] < "~"


def test_settings_are_read_by_their_names_and_have_defaults() -> None:
    settings = Settings.from_environment({"DESKBELL_LOG": "json", "PATH": "/bin"})

    assert settings.log == "json"
    assert settings.table_prefix == "deskbell-"


def test_an_error_is_known_by_its_name_in_snake_case() -> None:
    class DeskOnFire(Conflict):
        pass

    error = DeskOnFire("Run.", errors=(("desk", "burns"),), retry_after_s=3)

    assert (error.code, error.status, error.detail, error.retry_after_s) == ("desk_on_fire", 409, "Run.", 3)


def test_every_code_is_of_one_error_alone() -> None:
    """A code means one thing, whichever room says it."""
    by_code: dict[str, set[int]] = {}
    for error in _all(DeskError):
        by_code.setdefault(error("x").code, set()).add(error.status)

    assert len(by_code) > 20
    assert {code: statuses for code, statuses in by_code.items() if len(statuses) > 1} == {}


def test_a_line_of_the_log_holds_allowed_facts_alone(capsys: pytest.CaptureFixture[str]) -> None:
    json_lines(what="frame", text="a secret", token="t", email="x", session_id="S", code=None)

    assert json.loads(capsys.readouterr().out) == {"what": "frame", "session_id": "S"}


def _all(kind: type[DeskError]) -> list[type[DeskError]]:
    return [kind, *(e for sub in kind.__subclasses__() for e in _all(sub))]
