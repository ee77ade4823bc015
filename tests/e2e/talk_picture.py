"""Makes README's first picture anew: the real widget beside the real console, in one talk.

.venv/bin/python -m tests.e2e.talk_picture
"""

import base64
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect

from tests.e2e.browser import Watched, browser
from tests.e2e.people import Person, customer
from tests.e2e.screens import PANEL, AgentDesk, Customer
from tests.e2e.server import ROOT, Server

PICTURE = ROOT / "infra" / "site" / "demo" / "talk.png"
MOST_BYTES = 400_000
CONSOLE = {"width": 1240, "height": 800}
SHOP = {"width": 1280, "height": 840}
# By the second at which they ask: nobody is there yet, so that their waits show.
OTHERS = {
    0: ("sizes", "Do you ship to Portugal?"),
    17: ("refunds", "The zip of my fleece is stuck"),
}
PAGE = """<!doctype html><style>
  body { margin: 0; padding: 36px 40px; display: flex; gap: 32px; align-items: center; inline-size: max-content;
         background: linear-gradient(160deg, #e7f1ee, #d5e4df); }
  img { display: block; border-radius: 12px; box-shadow: 0 1px 2px rgb(10 40 34 / .2), 0 12px 40px rgb(10 40 34 / .22); }
</style><body><img src="data:image/png;base64,%s"><img src="data:image/png;base64,%s">"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        server = Server(Path(folder), settings={"DESKBELL_LIMITS": "off"})
        server.start()
        try:
            PICTURE.write_bytes(_picture(chromium, server))
        finally:
            server.kill()
    size = PICTURE.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{PICTURE} has {size:,} bytes; {MOST_BYTES:,} at most")


def _picture(chromium: Browser, server: Server) -> bytes:
    waiting = [_asks(server, at, *words) for at, words in OTHERS.items()]
    _clock(server, 31)
    cleo = Customer.at(Watched(chromium.new_context(locale="en-US", viewport=SHOP), "cleo"), server.address)
    cleo.opens()
    cleo.chooses(0)
    cleo.says("Hi! My tent arrived today, but one of the poles is cracked.")
    expect(cleo.find(".reached")).to_be_visible()
    desk = Watched(chromium.new_context(locale="en-US", viewport=CONSOLE), "ann")
    ann = AgentDesk.signed_in(desk, server.address, "ann@demo.local")
    ann.find(".list .row").filter(has_text="tent").click()
    ann.says("I am sorry to hear that. Which pole is it, and what is your order number?")
    cleo.reads("order number?")
    cleo.says("The long one in the middle. Order 4711")
    ann.reads("Order 4711")
    ann.find(".tabs button").nth(1).click()
    ann.says("Batch 38 again: the third cracked pole this week.")
    ann.reads("Batch 38 again")
    ann.find(".tabs button").nth(0).click()
    ann.says("Found it. A new pole leaves our warehouse this afternoon, free of charge.")
    cleo.reads("free of charge.")
    cleo.says("That was quick. Thank you!")
    ann.reads("Thank you!")
    expect(cleo.mark_of_last()).to_have_attribute("data-reached", "read")
    ann.field.press_sequentially("You are welcome")
    expect(cleo.find(".typing")).to_be_visible()
    panel = cleo.page.locator(PANEL).screenshot()
    console = ann.page.screenshot()
    for person in waiting:
        person.drop()
    return _beside(chromium, console, panel)


def _asks(server: Server, at: int, category_id: str, text: str) -> Person:
    _clock(server, at)
    person = customer(server.address)
    person.connect()
    answer = person.ask("start_session", category_id=category_id, text=text)
    assert answer["type"] == "accepted", answer
    return person


def _clock(server: Server, ahead_s: int) -> None:
    httpx.post(f"{server.address}/local/clock", json={"offset_s": ahead_s}).raise_for_status()


def _beside(chromium: Browser, console: bytes, panel: bytes) -> bytes:
    page = chromium.new_page(viewport={"width": 1800, "height": 900})
    page.set_content(PAGE % tuple(base64.b64encode(picture).decode() for picture in (console, panel)))
    return page.locator("body").screenshot()


if __name__ == "__main__":
    main()
