"""The first sheet of an .xlsx as cells. Its reader loads here alone: no other function pays for it."""

import io
from datetime import datetime

from chalicelib.shifts.grids import MOST_CELLS, BadSheet

MAGIC = b"PK\x03\x04"
MOST_BYTES = 20_000_000
"""Of the unpacked parts: a sheet of so many cells has less."""


def rows_of_workbook(content: bytes) -> list[list[str]]:
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise BadSheet("This workbook is too large.", errors=(("body", "is too large"),))
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=False).worksheets[0]
        rows: list[list[str]] = []
        count = 0
        for row in sheet.iter_rows(values_only=True):
            rows.append([_text(value) for value in row])
            count += len(row)
            if count > 2 * MOST_CELLS:
                raise BadSheet(
                    f"A sheet has {MOST_CELLS:,} cells at most.", errors=(("body", "is too large"),)
                )
    except (BadZipFile, KeyError, IndexError, ValueError, OSError) as error:
        raise BadSheet("This is no .xlsx workbook.", errors=(("body", "is no workbook"),)) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip()
