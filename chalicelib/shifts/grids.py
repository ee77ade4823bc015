"""A roster's sheet as people keep it in a spreadsheet, read into cells and written back. Pure.

Two layouts: a matrix, names down and dates across, a code in each cell; or long, one line for each of `agent,date,template`.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.kit.errors import Invalid

MOST_CELLS: Final = 10_000
TOLD = 1_000
OFF: Final = ("休", "off", "-", "休息", "rest")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?")
_AGENT, _DAY, _SHIFT = (
    {"agent", "name", "姓名", "员工", "工号"},
    {"date", "day", "日期"},
    {"template", "shift", "code", "班次"},
)


class BadSheet(Invalid):
    """Nothing of it was taken; each bad cell is named by its place, with the reason."""


@dataclass(frozen=True)
class Cell:
    """What a sheet says of one agent's day; `codes` empty: a day off. `place`: where, as a spreadsheet names it."""

    agent: str
    on: date
    codes: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Bad:
    place: str
    reason: str


def refuse(bad: Sequence[Bad]) -> BadSheet:
    told = tuple((b.place, b.reason) for b in bad[:TOLD])
    return BadSheet(
        f"{len(bad)} cells can't be taken, so nothing was changed. The first: {bad[0].place} {bad[0].reason}.",
        errors=told,
    )


def rows_of(content: bytes) -> list[list[str]]:
    """A CSV's cells: UTF-8, with or without a BOM, or GBK; separated by commas, semicolons or tabs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise BadSheet("This is no CSV in UTF-8 or GBK.", errors=(("body", "is no text"),)) from error
    if "\ufffd" in text:
        raise BadSheet(
            "This was no UTF-8 when it was sent as text. Send CSV in GBK as application/octet-stream.",
            errors=(("body", "is no text in UTF-8"),),
        )
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return [
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        raise BadSheet(f"This is no CSV: {error}.", errors=(("body", "is no CSV"),)) from error


def read(rows: Sequence[Sequence[str]]) -> list[Cell]:
    """What the sheet says, cell by cell. Raises `BadSheet`, which names all that can't be read."""
    if sum(len(row) for row in rows) > MOST_CELLS + len(rows) + 1:
        raise BadSheet(
            f"A sheet has {MOST_CELLS:,} cells at most. Split it by weeks.",
            errors=(("body", "is too large"),),
        )
    head = [cell.casefold() for cell in rows[0]] if rows else []
    if not head:
        raise BadSheet("The sheet is empty.", errors=(("A1", "is empty"),))
    cells, bad = _long(rows, head) if _DAY & set(head) else _matrix(rows)
    seen: dict[tuple[str, date], str] = {}
    for cell in cells:
        other = seen.setdefault((cell.agent.casefold(), cell.on), cell.place)
        if other != cell.place and not _DAY & set(head):
            bad.append(Bad(cell.place, f"says of {cell.agent} on {cell.on} what {other} says too"))
    if bad:
        raise refuse(bad)
    return cells


def _matrix(rows: Sequence[Sequence[str]]) -> tuple[list[Cell], list[Bad]]:
    cells, bad = list[Cell](), list[Bad]()
    dates = {n: _date(text) for n, text in enumerate(rows[0]) if n and text}
    bad += [
        Bad(place_of(0, n), f"is no date: {_short(rows[0][n])}. Write 2026-11-22")
        for n, on in dates.items()
        if on is None
    ]
    for line, row in enumerate(rows[1:], start=1):
        if not any(row):
            continue
        if not row[0]:
            bad.append(Bad(place_of(line, 0), "names no agent"))
            continue
        for column, text in enumerate(row):
            on, place = dates.get(column), place_of(line, column)
            if not column or not text:
                continue
            if on is not None:
                cells += _cell(row[0], on, text, place, bad)
            elif column not in dates:
                bad.append(Bad(place, "stands under no date"))
    return cells, bad


def _long(rows: Sequence[Sequence[str]], head: Sequence[str]) -> tuple[list[Cell], list[Bad]]:
    columns = [
        next((n for n, name in enumerate(head) if name in names), None) for names in (_AGENT, _DAY, _SHIFT)
    ]
    if None in columns:
        raise BadSheet(
            "The first line names the columns: agent, date, template.", errors=(("A1", "lacks a column"),)
        )
    agent_at, day_at, shift_at = (c or 0 for c in columns)
    by_day: dict[tuple[str, date], Cell] = {}
    bad: list[Bad] = []
    for line, row in enumerate(rows[1:], start=1):
        if not any(row):
            continue
        full = [*row, *[""] * (len(head) - len(row))]
        on = _date(full[day_at])
        if not full[agent_at]:
            bad.append(Bad(place_of(line, agent_at), "names no agent"))
        elif on is None:
            bad.append(Bad(place_of(line, day_at), f"is no date: {_short(full[day_at])}. Write 2026-11-22"))
        elif not full[shift_at]:
            bad.append(Bad(place_of(line, shift_at), "names no shift"))
        else:
            for cell in _cell(full[agent_at], on, full[shift_at], place_of(line, shift_at), bad):
                key = (cell.agent.casefold(), on)
                before = by_day.get(key)
                by_day[key] = (
                    Cell(cell.agent, on, (*before.codes, *cell.codes), before.place) if before else cell
                )
    return list(by_day.values()), bad


def _cell(agent: str, on: date, text: str, place: str, bad: list[Bad]) -> list[Cell]:
    if text.startswith("="):
        bad.append(Bad(place, "is a formula; paste its value"))
        return []
    name = agent.removeprefix("'")
    codes = tuple(code.strip() for code in text.removeprefix("'").split("+") if code.strip())
    return [Cell(name, on, () if text.casefold() in OFF else codes, place)]


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def place_of(line: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{line + 1}"


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"  # noqa: PLR2004  # a cell's beginning


def written(rows: Sequence[Sequence[str]]) -> str:
    """As CSV, which spreadsheets take for UTF-8; no cell begins a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _safe(cell: str) -> str:
    return (
        f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and len(cell) > 1) else cell
    )
