"""Rosters in spreadsheets: pasted or uploaded in either layout, each bad cell named, all or nothing, and the same sheet back."""

import base64
import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from chalicelib.shifts.grids import place_of, read, rows_of, written
from tests.house import NOON, Answer, House
from tests.unit.shifts.scheduler import Scheduler, iso

MATRIX = "姓名,2026-11-23,2026-11-24,2026-11-25\r\nAnn,早,晚,休\r\nBob,早+晚,休,\r\n"


@pytest.fixture
def sam(house: House) -> Scheduler:
    """The shop works by an early shift and a late one, in Shanghai."""
    sam = Scheduler(house)
    sam.template("08:00", code="早", time_zone="Asia/Shanghai")
    sam.template("16:00", code="晚", time_zone="Asia/Shanghai")
    return sam


def take(sam: Scheduler, sheet: str | bytes, **facts: Any) -> Answer:
    body = {"csv": sheet} if isinstance(sheet, str) else {"content_base64": base64.b64encode(sheet).decode()}
    return sam.rest("POST", "/v1/roster/import", {**body, "time_zone": "Asia/Shanghai", **facts})


def standing(sam: Scheduler) -> list[tuple[str, str]]:
    """Who starts when."""
    names = {sam.agent(name): name for name in ("ann", "bob", "sue")}
    return [
        (names[s["agent_id"]], s["starts_at"])
        for s in sam.shifts(NOON - timedelta(days=3), NOON + timedelta(days=30))
    ]


EXPECTED = [
    ("ann", "2026-11-23T00:00:00Z"),
    ("bob", "2026-11-23T00:00:00Z"),
    ("bob", "2026-11-23T08:00:00Z"),
    ("ann", "2026-11-24T08:00:00Z"),
]


def test_a_matrix_becomes_shifts_after_its_difference_was_shown(sam: Scheduler) -> None:
    shown = take(sam, MATRIX, dry_run=True)
    assert (shown.body["applied"], len(shown.body["changes"]), standing(sam)) == (False, 4, [])

    done = take(sam, MATRIX)

    assert done.body["changes"] == shown.body["changes"]
    assert (done.body["applied"], done.body["cells"]) == (True, 5)
    assert sorted(standing(sam)) == sorted(EXPECTED)
    assert sam.duty("ann", datetime.fromisoformat("2026-11-23T01:00:00Z"))["duty"] == "on_shift"


def test_the_same_sheet_again_changes_nothing(sam: Scheduler) -> None:
    take(sam, MATRIX)
    before = sam.shifts(NOON, NOON + timedelta(days=30))

    assert take(sam, MATRIX).body["changes"] == []

    assert sam.shifts(NOON, NOON + timedelta(days=30)) == before


def test_a_day_the_sheet_speaks_of_is_as_it_says_and_others_stay(sam: Scheduler) -> None:
    take(sam, MATRIX)

    changes = take(sam, "agent,2026-11-23\nbob,晚\nann,休\n").body["changes"]

    assert sorted(c["what"] for c in changes) == ["removed", "removed"]
    assert sorted(standing(sam)) == [("ann", "2026-11-24T08:00:00Z"), ("bob", "2026-11-23T08:00:00Z")]


@pytest.mark.parametrize(
    "content",
    [
        MATRIX.encode(),
        b"\xef\xbb\xbf" + MATRIX.encode(),
        MATRIX.encode("gbk"),
        MATRIX.replace(",", "\t").encode(),
        MATRIX.replace(",", ";").encode(),
        MATRIX.replace("2026-11-", "2026/11/").encode(),
        "日期,姓名,班次\n2026-11-23,Ann,早\n2026-11-23,bob@demo.local,早\n2026-11-23,BOB,晚\n2026-11-24,Ann,晚\n".encode(),
        "agent,date,template\nann,2026-11-23,From 08:00\nbob,2026-11-23,早+晚\nann,2026-11-24,晚\n".encode(
            "gbk"
        ),
    ],
    ids=["utf-8", "with a BOM", "GBK", "tabs", "semicolons", "slashes", "long", "long in GBK"],
)
def test_it_is_read_as_people_keep_it(sam: Scheduler, content: bytes) -> None:
    assert take(sam, content).status == 200
    assert sorted(standing(sam)) == sorted(EXPECTED)


def test_a_workbook_is_read_with_its_dates(sam: Scheduler) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", datetime(2026, 11, 23), date(2026, 11, 24)])  # noqa: DTZ001  # as a spreadsheet has it
    sheet.append(["Ann", "早", "晚"])
    sheet.append(["Bob", "早+晚", "休"])
    out = io.BytesIO()
    book.save(out)

    assert take(sam, out.getvalue()).status == 200

    assert sorted(standing(sam)) == sorted(EXPECTED)


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text/csv", MATRIX.encode()), ("text/csv; charset=utf-8", b"\xef\xbb\xbf" + MATRIX.encode())]
    + [("application/octet-stream", MATRIX.encode(encoding)) for encoding in ("gbk", "utf-8")],
)
def test_a_file_is_sent_as_it_is(sam: Scheduler, kind: str, content: bytes) -> None:
    path = "/v1/roster/import?time_zone=Asia/Shanghai"
    shown = sam.rest("POST", f"{path}&dry_run=true", content, headers={"content-type": kind})
    assert (shown.status, shown.body["applied"], standing(sam)) == (200, False, [])

    sam.rest("POST", path, content, headers={"content-type": kind})

    assert sorted(standing(sam)) == sorted(EXPECTED)


def test_gbk_that_was_sent_as_text_is_told_how_to_be_sent(sam: Scheduler) -> None:
    answer = sam.rest("POST", "/v1/roster/import", MATRIX.encode("gbk"), headers={"content-type": "text/csv"})

    assert answer.code == "bad_sheet"
    assert "application/octet-stream" in answer.body["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"csv": "x", "content_base64": "eA=="}, "body"),
        ({"csv": 7}, "csv"),
        ({"csv": "x", "surprise": 1}, "surprise"),
        ({"csv": "x", "time_zone": "Mars"}, "time_zone"),
        ({"csv": "x" * 700_000}, "csv"),
        ({"content_base64": "no base64!"}, "content_base64"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_by_its_field(
    sam: Scheduler, body: dict[str, Any], field: str
) -> None:
    answer = sam.rest("POST", "/v1/roster/import", body)

    assert (answer.status, [e["path"] for e in answer.body["errors"]]) == (422, [field])


def test_every_bad_cell_is_named_and_nothing_is_changed(sam: Scheduler) -> None:
    sheet = "agent,2026-11-23,2026-13-40,\nAnn,早,早,\nNobody,早,,\nBob,=A1,,早\nSue,夜,,\n,早,,\n"

    answer = take(sam, sheet)

    assert (answer.status, answer.code) == (422, "bad_sheet")
    assert {e["path"]: e["problem"] for e in answer.body["errors"]} == {
        "C1": "is no date: 2026-13-40. Write 2026-11-22",
        "B4": "is a formula; paste its value",
        "D4": "stands under no date",
        "A6": "names no agent",
    }
    answer = take(sam, "agent,2026-11-23\nAnn,早\nNobody,早\nSue,夜\nBob,早+09:00-17:00\n")
    assert {e["path"]: e["problem"].partition(" of ")[0][:30] for e in answer.body["errors"]} == {
        "B3": "Nobody is nobody's number, add"[:30],
        "B4": "夜 is no shift's code, name or ",
        "B5": answer.body["errors"][2]["problem"].partition(" of ")[0][:30],
    }
    assert "overlaps the shift" in answer.body["errors"][2]["problem"]
    assert standing(sam) == []


def test_a_rotations_day_is_changed_by_the_rotation_and_not_by_a_sheet(sam: Scheduler) -> None:
    template_id = sam.got("/v1/shift-templates")["items"][0]["id"]
    sam.assigned("ann", sam.rotation(template_id, zone="Asia/Shanghai"))
    before = standing(sam)

    answer = take(sam, "agent,2026-11-23\nAnn,休\n")

    assert "rotation" in answer.body["errors"][0]["problem"]
    assert standing(sam) == before


@pytest.mark.parametrize("sheet", ["", "\n", "agent,date\nAnn,2026-11-23\n", 'agent,"2026\n'])
def test_what_is_no_sheet_is_refused(sam: Scheduler, sheet: str) -> None:
    assert take(sam, sheet).code == "bad_sheet"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"PK\x03\x04 and no more", b"\x80\x81"])
def test_what_is_no_file_is_refused(sam: Scheduler, content: bytes) -> None:
    assert take(sam, content).code == "bad_sheet"


def test_more_cells_than_a_sheet_may_have_are_refused(sam: Scheduler) -> None:
    row = ",".join(["Ann"] + ["早"] * 100)

    assert take(sam, "\n".join([row] * 101)).code == "bad_sheet"


def test_an_agent_imports_nothing(house: House, sam: Scheduler) -> None:
    assert house.on_duty("ann").rest("POST", "/v1/roster/import", {"csv": MATRIX}).status == 403


# out


def export(sam: Scheduler, query: str = "") -> str:
    path = "/v1/roster/export?from=2026-11-23&to=2026-11-26&time_zone=Asia/Shanghai"
    answer = sam.rest("GET", path + query)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return answer.text


@pytest.mark.parametrize("layout", ["matrix", "long"])
def test_the_export_taken_in_again_changes_nothing(sam: Scheduler, layout: str) -> None:
    take(sam, MATRIX)

    assert take(sam, export(sam, f"&layout={layout}")).body["changes"] == []


def test_the_export_is_the_sheet_that_was_taken(sam: Scheduler) -> None:
    take(sam, MATRIX)
    sam.shift("sue", 30, 31)

    assert export(sam) == (
        "\ufeffagent,2026-11-23,2026-11-24,2026-11-25\r\nAnn,早,晚,休\r\nBob,早+晚,休,休\r\nSue,休,02:00-03:00,休\r\n"
    )


def test_the_export_of_a_month_is_the_same_to_the_byte_after_making_it_again(
    house: House, sam: Scheduler
) -> None:
    early, late = (t["id"] for t in sam.got("/v1/shift-templates")["items"])
    sam.assigned("ann", sam.rotation(early, late, None, zone="Asia/Shanghai"))
    path = "/v1/roster/export?from=2026-11-23&to=2026-12-23&time_zone=Asia/Shanghai"
    before = sam.rest("GET", path).text

    house.desk.rounds.materialise_roster()
    sam.rest("POST", "/v1/roster/publish", {"from": iso(NOON), "to": iso(NOON + timedelta(days=31))})

    assert sam.rest("GET", path).text == before


def test_no_cell_of_an_export_begins_a_formula() -> None:
    assert written([["=1+1", "+x", "-x", "@x", "-", "9"]]) == "\ufeff'=1+1,'+x,'-x,'@x,-,9\r\n"
    (cell,) = read(rows_of(b"agent,2026-11-23\n'=Ann,E\n"))
    assert (cell.agent, cell.codes) == ("=Ann", ("E",))


def test_places_are_named_as_a_spreadsheet_names_them() -> None:
    assert [place_of(0, 0), place_of(9, 25), place_of(0, 26), place_of(2, 701), place_of(2, 702)] == [
        "A1",
        "Z10",
        "AA1",
        "ZZ3",
        "AAA3",
    ]
