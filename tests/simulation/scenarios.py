"""A few people at one act, with everything up to it prepared: what is run again and again with one thing going wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from chalicelib.gateway.caller import Caller
from chalicelib.kit.values import AgentId, SessionId
from chalicelib.protocol.rest import NewMessage
from chalicelib.protocol.shifts import NewOverride, NewShift, OverrideKind
from chalicelib.queues.model import Idle
from chalicelib.sessions.items import HEAD
from chalicelib.sign_in.service import caller_of
from infra.local.seed import DEMO_PASSWORD
from tests.simulation.agents import OPTION, Desk, capacity_becomes
from tests.simulation.browser import Browser, Person
from tests.simulation.checkers.writes import A_FUNCTION_LIVES
from tests.simulation.customers import Shopper
from tests.simulation.functions import NoAnswer, Refused
from tests.simulation.world import World


@dataclass
class Stage:
    """Cleo and Dora are customers, Ann and Bob serve; who comes on is up to the scenario."""

    world: World
    people: dict[str, Browser] = field(default_factory=dict)

    def agent(self, name: str, status: str = "accepting") -> Browser:
        person = Person(caller_of(self.world.house.agent(name)), Desk(self.world))
        browser = self.people[name] = self.world.browser(person, name)
        self.until(lambda: browser.online)
        browser.command("set_routing_status", status=status)
        return browser

    def customer(self, name: str, words: str | None = None) -> Browser:
        caller, _ = self.world.desk.reception.come_in("demo", None)
        browser = self.people[name] = self.world.browser(Person(caller, Shopper(self.world)), name)
        self.until(lambda: browser.online)
        if words is not None:
            browser.opens(words)
            self.until(lambda: not browser.outbox.letters and bool(browser.talks))
        return browser

    def talk(self) -> None:
        """Cleo has written, Ann has got it and answered."""
        ann, _ = self.agent("ann"), self.customer("cleo", "Where is my parcel?")
        self.until(lambda: self.session_id in ann.talks and ann.talks[self.session_id].state == "active")
        ann.say(self.session_id, "Let me look")
        self.settle()

    def settle(self) -> None:
        self.until(lambda: all(not browser.outbox.letters for browser in self.people.values()))
        self.world.hub.sleep(1.0)

    def until(self, holds: Callable[[], bool], at_most: float = 60.0) -> None:
        ends_at = self.world.hub.now + at_most
        while not holds() and self.world.hub.now < ends_at:
            self.world.hub.sleep(0.1)

    @property
    def session_id(self) -> str:
        """Of Cleo's talk: the one there is, though a browser that came back has yet to hear of it."""
        customer_id = self.people["cleo"].person.caller.id
        return next(
            key.hash
            for key, item in self.world.ledger.items.items()
            if key.table == "sessions" and key.range == HEAD and item["customer_id"]["S"] == customer_id
        )

    def says(self, name: str, text: str, *, staff: bool = False) -> None:
        self.people[name].say(self.session_id, text, staff=staff)
        self.until(lambda: not self.people[name].outbox.letters)

    def presses(self, name: str, button: str, **facts: object) -> None:
        self.people[name].command(button, session_id=self.session_id, **facts)

    def files(self, name: str = "ann") -> None:
        self.presses(name, "file_disposition", option_id=OPTION)

    def rest(self, what: str, act: Callable[[], object]) -> object:
        """Over REST, and again where no answer came."""
        for _ in range(3):
            try:
                return self.world.functions.call(what, act)
            except NoAnswer:
                continue
            except Refused as refused:
                if refused.retry_after_s is None:
                    return refused
        return None


Act = Callable[[Stage], object]
HOUR = timedelta(hours=1)
SAM = Caller("agent", "sam", "Sam", role_ids=("owner",))
"""Makes the rosters."""


@dataclass(frozen=True)
class Scenario:
    """`state`: of Cleo's session once all is over, whatever went wrong on the way. `queue`: its settings, where they matter;
    `counted`: the function whose steps are meant, where heartbeats pass by meanwhile.
    """

    name: str
    prepare: Act
    act: Act
    state: str = "active"
    queue: Mapping[str, Any] = field(default_factory=dict)
    counted: str = ""


# what goes before


def waiting(stage: Stage) -> None:
    """Cleo waits, and so does Dora behind her; Ann and Bob have a slot each and are busy."""
    for name in ("ann", "bob"):
        stage.agent(name, "busy")
        capacity_becomes(stage.people[name].person.caller.id, 1)
    stage.customer("cleo", "Where is my parcel?")
    stage.customer("dora", "Do you have it in red?")
    stage.settle()
    stage.world.hub.sleep(A_FUNCTION_LIVES)  # who began to wait while a drain ran may be passed by it


def both_on(stage: Stage) -> None:
    stage.agent("ann")
    stage.customer("cleo")


def tapped(stage: Stage) -> None:
    stage.agent("ann")
    stage.customer("cleo", "")


def talked_with_a_note(stage: Stage) -> None:
    stage.talk()
    stage.says("ann", "Blue, he says", staff=True)
    stage.says("cleo", "Thank you for looking")


def wrapping_up(stage: Stage) -> None:
    stage.talk()
    stage.presses("ann", "end_session")
    stage.settle()


def on_hold(stage: Stage) -> None:
    stage.talk()
    stage.presses("ann", "hold_session", reason="asking the warehouse")
    stage.settle()


# acts


def opens(stage: Stage) -> None:
    stage.people["cleo"].opens("Where is my parcel?")
    stage.until(lambda: not stage.people["cleo"].outbox.letters)


def resends(stage: Stage) -> None:
    """The same frame three times, as after lost answers."""
    cleo = stage.people["cleo"]
    cleo.say(stage.session_id, "It was blue")
    letter = cleo.outbox.letters[0]
    facts = {"session_id": letter.session_id, "text": letter.text, "after": letter.after}
    for _ in range(2):
        cleo.tells("send_message", client_id=letter.client_id, **facts)
    stage.until(lambda: not cleo.outbox.letters)


def files_and_ends(stage: Stage) -> None:
    stage.files()
    stage.presses("ann", "end_session")


def writes_again(stage: Stage) -> None:
    stage.people["cleo"].opens("One more thing")
    stage.until(lambda: not stage.people["cleo"].outbox.letters)


def drains(stage: Stage) -> None:
    """Ann has become able, and only the round notices."""
    stage.world.desk.agents.set_status(AgentId(stage.people["ann"].person.caller.id), "accepting", None)
    passes(stage, 1.0, "drain_queues")


def passes(stage: Stage, seconds: float, *rounds: str) -> None:
    stage.world.hub.sleep(seconds)
    for name in rounds:
        stage.world.tick(name)
    stage.world.hub.sleep(1.0)


def falls_silent(stage: Stage) -> None:
    """Nobody writes any more: the rounds ask, and end it."""
    for seconds in (65.0, 15.0, 15.0):
        passes(stage, seconds, "expire_idle_sessions")


def comes_back(stage: Stage) -> None:
    for browser in stage.people.values():
        browser.loses_its_socket()
    stage.until(lambda: all(browser.online for browser in stage.people.values()))
    for browser in stage.people.values():
        browser.ping()


def absent_for_long(stage: Stage) -> None:
    """Cleo's browser dies before it hears that a message was stored, and comes back after 500 others."""
    world, cleo, ann = stage.world, stage.people["cleo"], stage.people["ann"]
    cleo.say(stage.session_id, "It was blue")
    world.hub.sleep(0.0)
    cleo.close(silently=True)
    world.hub.sleep(5.0)
    for number in range(500):
        after = 3 + number
        word = NewMessage(client_id=world.house.next_id(), text=f"{number}", after=after)
        world.desk.workbench.say(ann.person.caller, SessionId(stage.session_id), word, staff=False)
    stage.people["cleo"] = world.browser(cleo.person, "cleo")
    stage.until(lambda: stage.people["cleo"].online and not stage.people["cleo"].outbox.letters)


def opens_another_tab(stage: Stage) -> None:
    cleo = stage.people["cleo"]
    tab = stage.people["cleo, another tab"] = stage.world.browser(cleo.person, "cleo/2")
    stage.until(lambda: tab.online and all(talk.gap is None for talk in tab.talks.values()))


def signs_in_again(stage: Stage) -> None:
    desk, history = stage.world.desk, stage.world.history
    signed_in = stage.rest("sign-in", lambda: desk.sign_in.agent("ann@demo.local", DEMO_PASSWORD))
    if not isinstance(signed_in, tuple):
        return
    token = signed_in[1].refresh_token

    def turned() -> None:
        desk.sign_in.refresh_agent(token)
        history.refreshed[token] += 1

    stage.rest("refresh", turned)
    comes_back(stage)


def signs_out(stage: Stage) -> None:
    desk, caller = stage.world.desk, stage.people["ann"].person.caller
    begun = desk.sign_in.begin(caller)
    stage.rest("sign-out", lambda: desk.sign_in.sign_out(caller, begun.refresh_token))


def status(name: str, to: str) -> Act:
    return lambda stage: stage.people[name].command("set_routing_status", status=to)


def presses(name: str, button: str, **facts: object) -> Act:
    return lambda stage: stage.presses(name, button, **facts)


def says(name: str, text: str, *, staff: bool = False) -> Act:
    return lambda stage: stage.says(name, text, staff=staff)


def overrides(name: str, kind: OverrideKind) -> Act:
    """Whoever makes the roster takes an agent off duty, or puts them on, for hours from now."""

    def act(stage: Stage) -> None:
        world, now = stage.world, stage.world.house.clock.now
        agent_id = stage.people[name].person.caller.id
        new = NewOverride(agent_id=agent_id, starts_at=now, ends_at=now + 8 * HOUR, kind=kind)
        stage.rest("override", lambda: world.desk.roster_requests.override(SAM, new))

    return act


def leaving(stage: Stage) -> None:
    """Ann has Cleo on her desk, and half a minute of her shift is left."""
    stage.talk()
    now = stage.world.house.clock.now
    agent_id = stage.people["ann"].person.caller.id
    new = NewShift(agent_id=agent_id, starts_at=now - HOUR, ends_at=now + HOUR / 120)
    stage.rest("shift", lambda: stage.world.desk.plans.add_shift(SAM, new))
    passes(stage, 1.0, ROTATES)


IN_A_TALK: Final = {
    "Cleo writes": says("cleo", "It was blue"),
    "Ann writes": says("ann", "Found it"),
    "Ann leaves a note": says("ann", "Blue, he says", staff=True),
    "Cleo reads": presses("cleo", "mark", read=3, delivered=3),
    "Cleo hears": presses("cleo", "mark", delivered=2),
    "Ann ends": presses("ann", "end_session"),
    "Cleo ends": presses("cleo", "end_session"),
    "Ann files": Stage.files,
    "Ann holds": presses("ann", "hold_session", reason="asking the warehouse"),
    "Ann requeues": presses("ann", "requeue_session"),
}
IN_THE_QUEUE: Final = {
    "Ann accepts": status("ann", "accepting"),
    "Bob accepts": status("bob", "accepting"),
    "Ann takes": presses("ann", "take_session"),
    "Bob takes": presses("bob", "take_session"),
    "Ann takes Dora": lambda s: s.people["ann"].command(
        "take_session", session_id=next(iter(s.people["dora"].talks))
    ),
    "Ann goes on break": status("ann", "break"),
    "Ann goes": lambda s: s.people["ann"].close(),
    "Ann goes off duty": overrides("ann", "remove"),
    "Cleo writes": says("cleo", "Hello?"),
    "Cleo leaves": presses("cleo", "leave_queue", choice="leave"),
    "the round drains": lambda s: passes(s, 0.0, "drain_queues"),
}
IN_WRAP_UP: Final = {
    "Ann files": Stage.files,
    "Cleo writes again": writes_again,
    "the wrap-up passes": lambda s: passes(s, 95.0, "expire_idle_sessions"),
    "Ann leaves a note": says("ann", "He was kind", staff=True),
}

ROTATES: Final = "rotate_shifts"
SHIFT_ENDS: Final = Scenario(
    "a shift that ends", leaving, lambda s: passes(s, 40.0, ROTATES), counted=ROTATES
)
STAYS_ON: Final = overrides("ann", "add")
EXPIRES: Final = "expire_idle_sessions"
SILENCE: Final = Scenario(
    "silence", Stage.talk, falls_silent, "closed", {"idle": Idle(warn_after_s=10, end_after_s=20)}, EXPIRES
)
ABSENCE: Final = Scenario("a resend after a long absence", Stage.talk, absent_for_long)

SCENARIOS: Final = (
    Scenario("first words", both_on, opens),
    Scenario("first words after a tap", tapped, says("cleo", "Where is my parcel?")),
    Scenario("a customer's message", Stage.talk, IN_A_TALK["Cleo writes"]),
    Scenario("an agent's message", Stage.talk, IN_A_TALK["Ann writes"]),
    Scenario("a note", Stage.talk, IN_A_TALK["Ann leaves a note"]),
    Scenario("a resend", Stage.talk, resends),
    Scenario("a claim by a change of status", waiting, IN_THE_QUEUE["Ann accepts"]),
    Scenario("a claim by the round", waiting, drains),
    Scenario("a take", waiting, IN_THE_QUEUE["Ann takes"]),
    Scenario("leaving the queue", waiting, IN_THE_QUEUE["Cleo leaves"], "closed"),
    Scenario("an end by the agent", Stage.talk, IN_A_TALK["Ann ends"], "closed"),
    Scenario("an end by the customer", Stage.talk, IN_A_TALK["Cleo ends"], "closed"),
    Scenario("filing", wrapping_up, Stage.files, "closed"),
    Scenario("filing while talking, then ending", Stage.talk, files_and_ends, "closed"),
    Scenario(
        "a wrap-up that passes", wrapping_up, IN_WRAP_UP["the wrap-up passes"], "closed", counted=EXPIRES
    ),
    Scenario("writing again in wrap-up", wrapping_up, writes_again),
    Scenario("a mark", Stage.talk, IN_A_TALK["Cleo reads"]),
    Scenario("a break", Stage.talk, status("ann", "break")),
    Scenario("a hold", Stage.talk, IN_A_TALK["Ann holds"], "on_hold"),
    Scenario("going on after a hold", on_hold, presses("ann", "resume_session")),
    Scenario("words that end a hold", on_hold, says("cleo", "Well?")),
    Scenario("back to the queue", Stage.talk, IN_A_TALK["Ann requeues"], "queued"),
    SILENCE,
    SHIFT_ENDS,
    Scenario("signing in, a new token, a ticket", Stage.talk, signs_in_again),
    Scenario("signing out", Stage.talk, signs_out),
    Scenario("coming back", talked_with_a_note, comes_back),
    Scenario("another tab", talked_with_a_note, opens_another_tab),
)
