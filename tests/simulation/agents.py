"""What agents do while on duty, and how they vanish."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

from chalicelib.agents.model import Agent
from chalicelib.agents.store import PROFILE, AgentItem
from chalicelib.kit.values import SessionId
from chalicelib.session_list.service import Wanted
from chalicelib.sign_in.service import caller_of
from tests.simulation.browser import Browser, Person, accepted
from tests.simulation.chance import one_of
from tests.simulation.functions import NoAnswer, Refused
from tests.simulation.talk import Talk
from tests.simulation.wires import Frame

if TYPE_CHECKING:
    from tests.simulation.world import World

WORDS = ("Let me look", "Which number?", "It is on its way", "请稍等", "Anything else?")
OPTION = "orders.where"
TABS = ("mine", "wrap_up")
ON_A_DESK = ("active", "on_hold", "wrap_up")


class Desk:
    """An agent's side of a browser."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def read(self, browser: Browser, session_id: str) -> None:
        world, caller = self._world, browser.person.caller
        found = world.functions.call(
            "GET session", lambda: world.desk.workbench.get(caller, SessionId(session_id))
        )
        browser.learn(found.model_dump(mode="json"))

    def ponged(self, browser: Browser, pong: Frame) -> None:
        """Another digest: the list is read again, and whatever was thought to be on it and isn't."""
        if any(browser.lists.get(tab) != pong["lists"].get(tab) for tab in TABS):
            listed = [session_id for tab in TABS for session_id in self.listed(browser, tab)]
            for talk in list(browser.talks.values()):
                if talk.state in ON_A_DESK and talk.session_id not in listed:
                    browser.read(talk.session_id)
            browser.lists = pong["lists"]

    def warned(self, browser: Browser, session_id: str) -> None:
        """Theirs is to wait."""

    def listed(self, browser: Browser, tab: str) -> list[str]:
        world, caller = self._world, browser.person.caller
        may = world.desk.access.may(caller, "session.read")
        page = world.functions.call(
            f"GET {tab}", lambda: world.desk.lists.page(caller, Wanted(tab=tab), 100, None, may)
        )
        if tab != "queue":
            for session in page.items:
                browser.learn(session.model_dump(mode="json"))
        return [session.session_id for session in page.items]


class Serves:
    """One agent's working day."""

    def __init__(self, world: "World", agent: Agent, random: Random) -> None:
        self._world = world
        self._random = random
        self._side = Desk(world)
        self.person = Person(caller_of(agent), self._side)
        self.browser = world.browser(self.person, agent.alias)

    def works(self) -> None:
        self._status("accepting")
        acts = {
            self._works_on_one: 75,
            self._answers_an_offer: 60,
            self._takes: 8,
            self._changes_status: 7,
            self._loses_its_socket: 4,
            self._reloads: 3,
            self._dies: 3,
        }
        while not self._world.quiet:
            self._world.hub.sleep(self._random.uniform(0.5, 6))
            if self.browser.online:
                one_of(self._random, acts)()

    def settles(self) -> None:
        """The faults are over: back at the desk, everything in wrap-up filed, ready for more."""
        if self.browser.closed:
            self.browser = self._world.browser(self.person, self.browser.name)
        while not self.browser.online:
            self._world.hub.sleep(1.0)
        self._status("accepting")
        for talk in list(self.browser.talks.values()):
            if talk.state == "wrap_up":
                self.browser.command("file_disposition", session_id=talk.session_id, option_id=OPTION)

    def _works_on_one(self) -> None:
        mine = [t for t in self.browser.talks.values() if self._is_mine(t)]
        if mine:
            talk = self._random.choice(mine)
            one_of(self._random, AT_WORK[talk.state or ""])(self, talk)

    def _answers_an_offer(self) -> None:
        """Or lets it pass."""
        if not self.browser.offers:
            return
        offer_id = self._random.choice(sorted(self.browser.offers))
        session_id = self.browser.offers[offer_id]
        how = self._random.choice(["accept_offer"] * 4 + ["decline_offer", "decline_offer", "", ""])
        if how:
            answer = self.browser.command(how, session_id=session_id)
            self._world.counts[how] += accepted(answer)
            self.browser.offers.pop(offer_id, None)

    def _hands_on(self, talk: Talk) -> None:
        """To a colleague, or to the queue; and perhaps has it back."""
        world = self._world
        colleague = world.house.agent(self._random.choice(["ann", "bob", "sue"])).id
        to = self._random.choice([{"to_agent_id": colleague}] * 2 + [{"to_queue_id": str(world.queue.id)}])
        answer = self.browser.command("transfer_session", session_id=talk.session_id, **to)
        world.counts[f"handed {'to a colleague' if 'to_agent_id' in to else 'to the queue'}"] += accepted(
            answer
        )
        if accepted(answer) and self._random.random() < 0.4:
            world.hub.sleep(self._random.uniform(0, 3))
            caller, session_id = self.person.caller, SessionId(talk.session_id)
            with suppress(NoAnswer, Refused):
                world.functions.call(
                    "POST transfer/cancel", lambda: world.desk.handing_on.cancel(caller, session_id)
                )
                world.counts["had back"] += 1

    def _replies(self, talk: Talk) -> None:
        for _ in range(self._random.choice([1, 1, 2])):
            self.browser.say(talk.session_id, self._random.choice(WORDS))

    def _notes(self, talk: Talk) -> None:
        self.browser.say(talk.session_id, f"Note: {self._random.choice(WORDS)}", staff=True)

    def _marks(self, talk: Talk) -> None:
        """How far they have read; another tab of theirs may have told of more."""
        read = self._random.randint(0, talk.contiguous)
        self.browser.tells("mark", session_id=talk.session_id, read=read, delivered=talk.contiguous)

    def _types(self, talk: Talk) -> None:
        self.browser.tells("typing", session_id=talk.session_id, on=True)

    def _is_mine(self, talk: Talk) -> bool:
        agent = talk.session and talk.session["agent"]
        return bool(agent and agent["id"] == self.person.caller.id and talk.state in ON_A_DESK)

    def _files(self, talk: Talk) -> None:
        how = "filed after the end" if talk.over else "filed while talking"
        answer = self.browser.command("file_disposition", session_id=talk.session_id, option_id=OPTION)
        self._world.counts[how] += accepted(answer)

    def _ends(self, talk: Talk) -> None:
        answer = self.browser.command("end_session", session_id=talk.session_id)
        self._world.counts["agent ends"] += accepted(answer)

    def _ends_and_files(self, talk: Talk) -> None:
        """In one stroke."""
        self._world.hub.spawn(lambda: self._files(talk))
        self._ends(talk)

    def _holds(self, talk: Talk) -> None:
        self.browser.command("hold_session", session_id=talk.session_id, reason="asking the warehouse")

    def _goes_on(self, talk: Talk) -> None:
        self.browser.command("resume_session", session_id=talk.session_id)

    def _requeues(self, talk: Talk) -> None:
        self.browser.command("requeue_session", session_id=talk.session_id)

    def _asks_for_time(self, talk: Talk) -> None:
        world, caller = self._world, self.person.caller
        with suppress(NoAnswer, Refused):
            world.functions.call(
                "POST extend-wrap-up",
                lambda: world.desk.workbench.extend_wrap_up(caller, SessionId(talk.session_id)),
            )

    def _takes(self) -> None:
        try:
            waiting = self._side.listed(self.browser, "queue")
        except (NoAnswer, Refused):
            return
        if waiting:
            answer = self.browser.command("take_session", session_id=self._random.choice(waiting))
            self._world.counts["agent takes"] += accepted(answer)

    def _changes_status(self) -> None:
        self._status(self._random.choice(["accepting", "accepting", "busy", "break"]))

    def _status(self, status: str) -> None:
        answer = self.browser.command("set_routing_status", status=status)
        self._world.counts["status changed"] += accepted(answer)

    def _loses_its_socket(self) -> None:
        self.browser.loses_its_socket()

    def _reloads(self) -> None:
        self._is_away(self._random.uniform(0.5, 4))

    def _dies(self) -> None:
        """For longer than a lease, or just not."""
        self._world.counts["agent dies"] += 1
        self._is_away(self._random.uniform(60, 120))

    def _is_away(self, seconds: float) -> None:
        self.browser.close(silently=self._random.random() < 0.5)
        self._world.hub.sleep(seconds)
        if not self._world.quiet:
            self.browser = self._world.browser(self.person, self.browser.name)


AT_WORK: dict[str, dict[Callable[[Serves, Talk], None], int]] = {
    "active": {
        Serves._replies: 50,
        Serves._notes: 15,
        Serves._marks: 12,
        Serves._types: 3,
        Serves._files: 4,
        Serves._holds: 3,
        Serves._requeues: 2,
        Serves._hands_on: 4,
        Serves._ends_and_files: 3,
        Serves._ends: 8,
    },
    "on_hold": {Serves._replies: 4, Serves._notes: 1, Serves._goes_on: 3, Serves._ends: 2},
    "wrap_up": {Serves._files: 85, Serves._asks_for_time: 15},
}
"""What an agent does with a talk in each state, and how often."""


def capacity_becomes(agent_id: str, capacity: int) -> None:
    """What an admin will do over REST once agents are edited there."""
    AgentItem(agent_id, PROFILE).update(
        actions=[AgentItem.capacity.set(capacity), AgentItem.version.add(1)],
        condition=AgentItem.agent_id.exists(),
    )
