"""The stand-in's own log, on standard error: for reading, or with `DESKBELL_LOG=json` a JSON line each, as the functions' own."""

import json
import logging
import sys
from io import TextIOWrapper


class JsonLines(logging.Formatter):
    """One line an event, its traceback within."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "what": "log",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, separators=(",", ":"))


def set_up(form: str) -> None:
    """`form` is `json`, or anything else for reading."""
    handler = logging.StreamHandler()
    readable = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if form == "json" else readable)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    if isinstance(sys.stdout, TextIOWrapper):
        # A pipe would be written in blocks, and a killed process's last lines would be lost.
        sys.stdout.reconfigure(line_buffering=True)
