"""axe-core in a page or frame: what it finds against WCAG 2.2 AA and its own best practices."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame

SCRIPT = Path(__file__).parents[2] / "infra" / "site" / "node_modules" / "axe-core" / "axe.min.js"
EVERYTHING = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = "only => axe.run(document, {runOnly: only})"


def violations(frame: Frame) -> list[str]:
    """One line per element at fault. A frame inside this one is looked at by itself."""
    return _found(frame, EVERYTHING)


def violations_of_colour(frame: Frame) -> list[str]:
    """What another theme can change."""
    return _found(frame, COLOURS)


def _found(frame: Frame, only: dict[str, Any]) -> list[str]:
    if not frame.evaluate("() => 'axe' in globalThis"):
        frame.evaluate(_script())
    found = frame.evaluate(RUN, only)["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@cache
def _script() -> str:
    return SCRIPT.read_text("utf-8")
