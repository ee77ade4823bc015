"""The two sides of the glass as a test drives them: a customer at the demo shop, an agent at the console."""

from dataclasses import dataclass

from playwright.sync_api import Frame, Locator, Page, expect

from tests.e2e.axe import violations, violations_of_colour
from tests.e2e.browser import Watched
from tests.e2e.server import DEMO_PASSWORD

PANEL = "deskbell-launcher iframe"
PATIENCE_MS = 20_000
BROWSERS_OWN = "Failed to load resource"

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Screen:
    """A page, and the frame in it that matters."""

    watched: Watched
    page: Page

    @property
    def frame(self) -> Frame:
        return self.page.main_frame

    def look(self, name: str) -> None:
        """Nothing at fault in either theme, nothing cut off sideways; a picture of each is kept."""
        for theme, faults in (("light", violations), ("dark", violations_of_colour)):
            self.page.emulate_media(color_scheme=theme)
            found = faults(self.frame)
            assert not found, "\n".join([f"{name}, {theme}:", *found])
            self.watched.picture(self.page, f"{name}-{theme}")
        self.page.emulate_media(color_scheme="light")
        too_wide = "document.scrollingElement.scrollWidth > innerWidth"
        assert not self.frame.evaluate(too_wide), f"{name} is wider than the window"

    def complaints(self) -> list[str]:
        """What the page complained of. How an answer above 400 is worded is the screen's to show, and asserted on it."""
        return [said for said in self.watched.complaints if BROWSERS_OWN not in said]


class Customer(Screen):
    """At the demo shop, with the panel where the launcher has put it."""

    @classmethod
    def at(cls, watched: Watched, address: str) -> "Customer":
        return cls(watched, watched.page(address))

    @property
    def frame(self) -> Frame:
        panel = self.page.locator(PANEL).element_handle().content_frame()
        assert panel
        return panel

    def find(self, selector: str) -> Locator:
        return self.page.frame_locator(PANEL).locator(selector)

    @property
    def field(self) -> Locator:
        return self.find(".field textarea")

    @property
    def launcher(self) -> Locator:
        return self.page.locator("deskbell-launcher button")

    def opens(self) -> None:
        self.launcher.click()
        expect(self.find(".choices button").first).to_be_visible()

    def chooses(self, place: int) -> None:
        self.find(".choices button").nth(place).click()
        expect(self.field).to_be_focused()

    def says(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def reads(self, text: str) -> None:
        expect(self.find(".bubble").filter(has_text=text)).to_be_visible()

    def mark_of_last(self) -> Locator:
        """`sent`, `delivered` or `read`, in its `data-reached`."""
        return self.find(".reached").last

    def texts(self) -> list[str]:
        return self.find(".bubble").all_inner_texts()


class AgentDesk(Screen):
    """At the console."""

    @classmethod
    def signed_in(cls, watched: Watched, address: str, email: str) -> "AgentDesk":
        desk = cls(watched, watched.page(f"{address}/console/"))
        desk.signs_in(email, DEMO_PASSWORD)
        desk.is_connected()
        return desk

    def is_connected(self) -> None:
        expect(self.find(".status .status-dot[data-status=accepting]")).to_be_visible()

    def signs_in(self, email: str, password: str) -> None:
        self.find("input[name=email]").fill(email)
        self.find("input[name=password]").fill(password)
        self.find("input[name=password]").press("Enter")

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    @property
    def field(self) -> Locator:
        return self.find(".reply textarea")

    def opens_first(self) -> None:
        self.find(".list .row").first.click()
        expect(self.find(".thread-head")).to_be_visible()

    def says(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def reads(self, text: str) -> None:
        expect(self.find(".bubble").filter(has_text=text)).to_be_visible()

    def ends(self) -> None:
        self.find(".thread-head > .db-button:not(.square)").click()
        self.find(".ask [data-kind=danger]").click()
        expect(self.find(".filing .choice").first).to_be_visible()

    def number(self) -> str:
        return self.find(".copyable").first.inner_text().strip()

    def texts(self) -> list[str]:
        return self.find(".log .bubble").all_inner_texts()
