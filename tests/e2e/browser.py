"""A real browser: a Chromium or Chrome found on the machine, else Debian's, installed where that is allowed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PICTURES = Path(__file__).parents[2] / "build" / "e2e"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@cache
def executable() -> str:
    """The browser's path. Installs Debian's Chromium as root; fails with what to do where it may not."""
    if found := _found():
        return found
    if shutil.which("apt-get") and os.geteuid() == 0:
        _apt_get("update")
        _apt_get("install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk")
        if found := _found():
            return found
    raise SystemExit(
        "The end-to-end tests need Chromium or Chrome, and there is none on this machine. "
        "Install it (Debian: apt-get install chromium) and run them again."
    )


def _apt_get(*arguments: str) -> None:
    command = [shutil.which("apt-get") or "apt-get", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (arguments of our own)


def _found() -> str | None:
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or (ON_A_MAC if Path(ON_A_MAC).exists() else None)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable(), args=list(QUIET))
        yield opened
        opened.close()


class Watched:
    """A browser context whose pages' complaints are kept: a test ends with none."""

    def __init__(self, context: BrowserContext, name: str) -> None:
        self.context = context
        self.name = name
        self.complaints: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", lambda e: self.complaints.append(f"uncaught: {e.error}"))

    def page(self, address: str) -> Page:
        page = self.context.new_page()
        page.goto(address)
        return page

    def picture(self, page: Page, of: str) -> None:
        """Kept under the ignored build folder, to be looked at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{self.name}-{of}.png")

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors of the page; what a browser itself logs of a server that is being restarted is none."""
        expected = (
            "ERR_CONNECTION_REFUSED",
            "WebSocket connection",
            "ERR_CONNECTION_RESET",
            "ERR_EMPTY_RESPONSE",
        )
        if message.type == "error" and not any(word in message.text for word in expected):
            self.complaints.append(message.text)
