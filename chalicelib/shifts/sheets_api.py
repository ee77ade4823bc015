"""The routes of the roster's sheet: in, out, and as a calendar to subscribe to."""

import base64
import binascii
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.problems import invalid
from chalicelib.gateway.rest import Document, Routes
from chalicelib.kit.values import Value
from chalicelib.protocol.shifts import CalendarLink, NewRosterImport, RosterImport, Zone
from chalicelib.shifts.grids import BadSheet, rows_of, written
from chalicelib.shifts.model import RosterBusy
from chalicelib.shifts.sheets import Sheets
from chalicelib.shifts.subscribing import Subscribing
from chalicelib.shifts.workbooks import MAGIC, rows_of_workbook


class ExportQuery(Value):
    """The local days of `[from, to)` in the zone. `off`: what stands in a matrix for a day off."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    time_zone: Zone = "UTC"
    layout: Literal["matrix", "long"] = "matrix"
    off: Literal["休", "OFF"] = "休"


class ImportQuery(Value):
    """`time_zone`: whose days the sheet's dates are. `dry_run` tells what would change, and changes nothing."""

    time_zone: Zone = "UTC"
    published: bool = True
    dry_run: bool = False


class _Sheet(ImportQuery):
    content: bytes


class FeedQuery(Value):
    key: Annotated[str, Field(max_length=100)] = ""


def routes(sheets: Sheets, subscribing: Subscribing) -> Routes:
    on = Routes()

    @on.get("/v1/agents/{agent_id}/calendar", allow="shift.read", answers=CalendarLink)
    def calendar_link(caller: Caller, agent_id: str) -> CalendarLink:
        """Where to subscribe to one's own shifts."""
        key = subscribing.key(caller, agent_id)
        return CalendarLink(path=f"/v1/agents/{agent_id}/shifts.ics?key={key}", key=key)

    @on.get("/v1/agents/{agent_id}/shifts.ics", allow="public", query=FeedQuery, answers=Document)
    def shifts_ics(_: Caller, agent_id: str, query: FeedQuery) -> Document:
        """For calendars, which can't sign in: the key is the permission."""
        text = subscribing.calendar(agent_id, query.key)
        return Document("text/calendar; charset=utf-8", text, "shifts.ics")

    @on.post_file(
        "/v1/roster/import",
        allow="shift.plan",
        takes=("text/csv", "application/octet-stream", "application/json"),
        query=ImportQuery,
        answers=RosterImport,
        refuses=(BadSheet, RosterBusy),
    )
    def import_roster(caller: Caller, content: bytes, query: ImportQuery) -> RosterImport:
        """Each day that the sheet speaks of is afterwards as it says; one bad cell, and nothing is changed. CSV in UTF-8 as text/csv; CSV
        in GBK and .xlsx as application/octet-stream; or as JSON, an object of `csv` or `content_base64` beside what the query says.
        """
        asked = _asked(content, query)
        return sheets.take(
            caller, _rows(asked.content), asked.time_zone, published=asked.published, dry_run=asked.dry_run
        )

    @on.get("/v1/roster/export", allow="shift.read", query=ExportQuery, answers=Document)
    def export_roster(caller: Caller, query: ExportQuery) -> Document:
        """As the import takes it."""
        rows = sheets.sheet(caller, query.first, query.last, query.time_zone, query.layout, query.off)
        return Document("text/csv; charset=utf-8", written(rows), f"roster-{query.first}.csv")

    return on


def _asked(content: bytes, query: ImportQuery) -> _Sheet:
    """A file, or JSON that carries one."""
    if not content.lstrip().startswith(b"{"):
        return _Sheet(**query.model_dump(), content=content)
    try:
        body = NewRosterImport.model_validate_json(content)
    except ValidationError as error:
        raise invalid(error) from error
    sheet = body.csv.encode() if body.csv is not None else _bytes(body.content_base64 or "")
    said = body.model_dump(include=set(ImportQuery.model_fields), exclude_unset=True)
    return _Sheet(**query.model_dump() | said, content=sheet)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSheet("This is no base64.", errors=(("content_base64", "is no base64"),)) from error


def _rows(content: bytes) -> list[list[str]]:
    return rows_of_workbook(content) if content.startswith(MAGIC) else rows_of(content)
