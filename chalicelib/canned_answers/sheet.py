"""Answers from a CSV sheet: every line that is wrong is told, before anything is kept. Pure."""

import csv
import io
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from chalicelib.canned_answers.model import folded
from chalicelib.kit.errors import Invalid
from chalicelib.protocol.canned_answers import AnswerRules

MOST_LINES: Final = 1_000
MOST_TOLD: Final = 10
COLUMNS: Final = ("code", "title", "title_zh", "text", "text_zh", "group")
_rules = TypeAdapter(AnswerRules)


class SheetDoesNotFit(Invalid):
    """Lines of the sheet are no answers."""


def answers_in(sheet: str) -> list[AnswerRules]:
    """Raises SheetDoesNotFit, which names lines as an editor counts them."""
    reader = csv.reader(io.StringIO(sheet.removeprefix("\ufeff")))
    try:
        lines = [(reader.line_num, [cell.strip() for cell in line]) for line in reader if any(line)]
    except csv.Error as error:
        raise _wrong(("csv", f"is no CSV: {error}")) from error
    if not lines:
        raise _wrong(("csv", "is empty"))
    heading = [cell.lower() for cell in lines[0][1]]
    unknown = [cell for cell in heading if cell not in COLUMNS]
    missing = [name for name in ("code", "title", "text") if name not in heading]
    if unknown or missing or len(set(heading)) < len(heading):
        raise _wrong(("csv.1", f"the first line names the columns, of {', '.join(COLUMNS)}, each once"))
    if len(lines) > MOST_LINES + 1:
        raise _wrong(("csv", f"has more than {MOST_LINES:,} answers"))
    return _each([(at, dict(zip(heading, line, strict=False))) for at, line in lines[1:]])


def _each(lines: list[tuple[int, dict[str, str]]]) -> list[AnswerRules]:
    found: list[AnswerRules] = []
    wrong: list[tuple[str, str]] = []
    seen: set[str] = set()
    for at, cells in lines:
        try:
            answer = _rules.validate_python(_as_body(cells))
        except ValidationError as error:
            wrong += [(f"csv.{at}.{'.'.join(map(str, e['loc']))}", e["msg"]) for e in error.errors()]
            continue
        if folded(answer.code) in seen:
            wrong.append((f"csv.{at}.code", "stands in the sheet twice"))
        seen.add(folded(answer.code))
        found.append(answer)
    if wrong:
        raise _wrong(*wrong[:MOST_TOLD])
    return found


def _as_body(cells: dict[str, str]) -> dict[str, Any]:
    return {
        "code": cells.get("code", ""),
        "title": _in_languages(cells.get("title", ""), cells.get("title_zh", "")),
        "text": _in_languages(cells.get("text", ""), cells.get("text_zh", "")),
        "group": cells.get("group", ""),
    }


def _in_languages(english: str, chinese: str) -> str | dict[str, str]:
    return {"en": english, "zh-CN": chinese} if english and chinese else english or chinese


def _wrong(*errors: tuple[str, str]) -> SheetDoesNotFit:
    return SheetDoesNotFit("The sheet can't be taken as it is. Mend the lines named.", errors=errors)
