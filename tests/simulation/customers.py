"""What customers do, most of them after thinking for a while."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.browser import Browser, Person, accepted
from tests.simulation.chance import one_of
from tests.simulation.functions import NoAnswer, Refused
from tests.simulation.talk import Talk
from tests.simulation.wires import Frame

if TYPE_CHECKING:
    from tests.simulation.world import World

WORDS = (
    "Where is my order?",
    "It was blue",
    "谢谢",
    "Is anybody there?",
    "👍",
    "Two of them",
    "No, the other one",
)


class Shopper:
    """A customer's side of a browser."""

    def __init__(self, world: "World", taps: float = 0.0) -> None:
        """`taps`: how often they answer to whether they are still there."""
        self._world = world
        self._taps = taps

    def read(self, browser: Browser, session_id: str) -> None:
        world, caller = self._world, browser.person.caller
        try:
            found = world.functions.call("GET current", lambda: world.desk.reception.current(caller))
        except Refused as refused:
            if refused.code != "not_found":
                raise
        else:
            if found.session_id == session_id:
                browser.learn(found.model_dump(mode="json"))
                return
        page = world.functions.call("GET history", lambda: world.desk.reception.history(caller, 10, None))
        for past in page.items:
            if past.session.session_id == session_id:
                browser.learn(past.session.model_dump(mode="json"))

    def ponged(self, browser: Browser, pong: Frame) -> None:
        """What goes on here and is live there no more has ended while nobody heard it."""
        for talk in list(browser.talks.values()):
            if not talk.over and talk.session_id not in pong["heads"]:
                browser.read(talk.session_id)

    def warned(self, browser: Browser, session_id: str) -> None:
        """In one tap, some just in time."""
        world = self._world
        if world.random.random() < self._taps and not world.quiet:
            tap = lambda: browser.command("still_here", session_id=session_id)  # noqa: E731
            world.hub.spawn(tap, after=world.random.uniform(1, 15))


class Customer:
    """One customer's visits, from one browser or two."""

    def __init__(self, world: "World", name: str, random: Random) -> None:
        self._world = world
        self._name = name
        self._random = random
        self.tabs: list[Browser] = []

    def lives(self) -> None:
        self._think(0, 40)
        person = self._comes_in()
        if person is None:
            return
        self.tabs = [self._tab(person, "1")]
        if self._random.random() < 0.4:
            self._world.counts["two tabs"] += 1
            self.tabs.append(self._tab(person, "2"))
        for _ in range(self._random.choice([1, 1, 2])):
            self._visits()

    def _comes_in(self) -> Person | None:
        world = self._world
        while not world.quiet:
            try:
                caller, _ = world.functions.call(
                    "POST customers", lambda: world.desk.reception.come_in("demo", None)
                )
            except (NoAnswer, Refused):
                self._think(1, 3)
            else:
                return Person(caller, Shopper(world, taps=0.6))
        return None

    def _visits(self) -> None:
        browser = self.tabs[0]
        while browser.outbox.letters:
            self._think(1, 2)
        browser.opens(self._random.choice(WORDS) if self._random.random() < 0.85 else "")
        session_id = self._session_opened()
        if session_id is None:
            return
        if self._random.random() < 0.08:
            return  # and says nothing more
        for _ in range(self._random.randint(3, 9)):
            self._think(0.2, self._random.choice([5, 20, 20, 120]))
            if self._world.quiet:
                return
            talk = self.tabs[0].talks.get(session_id)
            if talk is not None and talk.over:
                break
            self._acts(session_id)
        if self._random.random() < 0.6 and not self._world.quiet:
            answer = self._random.choice(self.tabs).command("end_session", session_id=session_id)
            self._world.counts["customer ends"] += accepted(answer)
        self._think(0.5, 10)

    def _session_opened(self) -> str | None:
        """The one that goes on here, once there is one."""
        for _ in range(60):
            self._think(0.5, 1)
            browser = self.tabs[0]
            if self._world.quiet:
                break
            going_on = [t.session_id for t in browser.talks.values() if not t.over and not t.stale]
            if going_on and not browser.outbox.opening:
                return going_on[-1]
        return None

    def _acts(self, session_id: str) -> None:
        browser = self._random.choice(self.tabs)
        if session_id not in browser.talks or browser.outbox.opening:
            return
        one_of(self._random, ACTS)(self, browser, browser.talks[session_id])

    def _writes(self, browser: Browser, talk: Talk) -> None:
        for _ in range(self._random.choice([1, 1, 1, 3])):
            browser.say(talk.session_id, self._random.choice(WORDS))

    def _marks(self, browser: Browser, talk: Talk) -> None:
        read = self._random.randint(max(0, talk.contiguous - 2), talk.contiguous)
        browser.tells("mark", session_id=talk.session_id, read=read, delivered=talk.contiguous)

    def _types(self, browser: Browser, talk: Talk) -> None:
        browser.tells("typing", session_id=talk.session_id, on=True)

    def _loses_the_socket(self, browser: Browser, talk: Talk) -> None:
        browser.loses_its_socket()

    def _leaves_the_queue(self, browser: Browser, talk: Talk) -> None:
        answer = browser.command("leave_queue", session_id=talk.session_id, choice="leave")
        self._world.counts["customer abandons the queue"] += accepted(answer)

    def _says_something_else(self, browser: Browser, talk: Talk) -> None:
        own = [m for m in talk.messages.values() if m["client_id"] and m["by"]["role"] == "customer"]
        if own:
            browser.says_something_else(self._random.choice(own)["client_id"], talk.session_id)

    def _ends(self, browser: Browser, talk: Talk) -> None:
        answer = browser.command("end_session", session_id=talk.session_id)
        self._world.counts["customer ends"] += accepted(answer)

    def _loses_a_tab(self, old: Browser, talk: Talk) -> None:
        """Reloads it, or closes it and opens it again a while later."""
        at = self.tabs.index(old)
        old.close(silently=self._random.random() < 0.5)
        self._think(0.1, self._random.choice([1, 30]))
        self.tabs[at] = self._tab(old.person, old.name.rpartition("/")[2])

    def _tab(self, person: Person, number: str) -> Browser:
        return self._world.browser(person, f"{self._name}/{number}")

    def _think(self, least: float, most: float) -> None:
        self._world.hub.sleep(self._random.uniform(least, most))


ACTS: dict[Callable[[Customer, Browser, Talk], None], int] = {
    Customer._writes: 55,
    Customer._marks: 13,
    Customer._types: 5,
    Customer._loses_a_tab: 9,
    Customer._loses_the_socket: 6,
    Customer._leaves_the_queue: 4,
    Customer._says_something_else: 4,
    Customer._ends: 4,
}
"""What a customer does in a talk, and how often."""
