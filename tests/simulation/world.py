"""One house, its people and its weather, from one seed. `simulate` runs it and gives what was broken."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from chalicelib import wiring
from chalicelib.kit import table
from chalicelib.queues.model import Idle, Queue, WrapUp
from chalicelib.sessions.items import HEAD, entry_from
from infra.local.dynamo import EmbeddedDynamo
from tests.house import House
from tests.simulation.agents import Serves, capacity_becomes
from tests.simulation.browser import Browser, Person
from tests.simulation.checkers.final import final_checks
from tests.simulation.checkers.told import told_checks
from tests.simulation.checkers.writes import WriteChecks
from tests.simulation.customers import Customer
from tests.simulation.functions import Functions
from tests.simulation.history import History
from tests.simulation.hub import SWEEP, Hub
from tests.simulation.ledger import Key, Ledger, Raw, Write, in_store
from tests.simulation.replica import Replica
from tests.simulation.seam import Crashes, Seam
from tests.simulation.weather import CALM, Weather
from tests.simulation.wires import Wires

ROUNDS = {
    "drain_queues": 1,
    "rotate_shifts": 1,
    "expire_idle_sessions": 1,
    "reap_connections": 4,
    "apply_retention": 10,
    "materialise_roster": 10,
}
"""Each scheduled function runs every so many minutes, on average; a day is over sooner here."""
STORE_ERRORS = (
    "BatchGet",
    "Query",
    "Get",
    "Put",
    "Update",
    "Delete",
    "TransactWrite",
    "Client",
    "ReadTimeout",
)


STEPS_OF_ONE_SESSION = 4
"""What is due may make something else due: a wrap-up that passes is indexed by the next look."""


@dataclass(frozen=True)
class Violation:
    promise: str
    what: str
    at: float

    def __str__(self) -> str:
        return f"{self.promise}: {self.what} ({self.at:.3f} s)"


@dataclass
class World:
    house: House
    random: Random
    weather: Weather
    settings: Mapping[str, Any]
    """Of the one queue."""
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    browsers: list[Browser] = field(default_factory=list)
    quiet: bool = False
    """The faults are over and people have stopped; what is under way goes on."""
    stops_at_once: bool = True

    def __post_init__(self) -> None:
        house = self.house
        self.hub = Hub(house.clock, house.machine)
        self.desk = house.desk
        vars(self.desk)["log"] = self._log  # where `cached_property` looks first
        self.history = History(self.counts)
        self.functions = Functions(self.hub, self.counts, lambda what: self.broken("unexpected", what))
        self.crashes = Crashes(self.random, self.counts, self.weather.crash)
        self.queue = _with_settings(house, self.settings)
        self.ledger = Ledger(house)
        self.replica = Replica(EmbeddedDynamo(":memory:"), self.random, self.weather.lag)
        self.seam = Seam(
            self.hub,
            self.random,
            self.weather,
            self.ledger,
            self.replica,
            self.crashes,
            self.counts,
            lambda: self.functions.running,
        )
        self.wires = Wires(
            self.hub,
            self.random,
            self.weather,
            self.crashes,
            self.counts,
            self.functions,
            self.desk.socket,
        )
        idle_after = timedelta(seconds=self.queue.idle.end_after_s)
        self._write_checks = WriteChecks(self.ledger, self.weather.lag, idle_after)
        self.seam.watchers.append(self._wrote)
        self.wires.watchers.append(self._told)
        self.desk.delivery._sockets = self.wires
        self.desk.sessions._pause = lambda lost: self.hub.sleep(self.random.random() * 0.005 * 2**lost)
        self._fill_replica()
        house.faults.each = self.seam

    def browser(self, person: Person, name: str) -> Browser:
        browser = Browser(self, person, name)
        self.browsers.append(browser)
        browser.start()
        return browser

    def tick(self, name: str, after: float = 0.0) -> None:
        self.counts["tick"] += 1
        self.functions.begin(name, getattr(self.desk.rounds, name), after=after)

    def rounds(self) -> None:
        """EventBridge: about every minute, late at times, twice at times, and never waiting for the one before."""
        while True:
            self.hub.sleep(SWEEP)
            for name, minutes in ROUNDS.items():
                if self.random.random() * minutes >= 1:
                    continue
                late = self.random.random() < self.weather_now.tick_late
                after = self.random.uniform(1, SWEEP) if late else 0.0
                self.counts["tick late"] += late
                self.tick(name, after)
                if self.random.random() < self.weather_now.tick_doubled:
                    self.counts["tick doubled"] += 1
                    self.tick(name, after + self.random.choice([0.0, 0.01, 1.0, 30.0]))

    @property
    def weather_now(self) -> Weather:
        return self.seam.weather

    def calms_down(self) -> None:
        self.quiet = True
        self.seam.weather = self.wires.weather = CALM
        self.crashes.chance = 0.0
        self.replica.lag = 0.0

    def ends(self, periods: float = 2.5) -> None:
        """Two periods of the sweep and more, one heartbeat of everybody's, and then what must hold at the end."""
        self.hub.run(self.hub.now + periods * SWEEP)
        for browser in self.browsers:
            if not browser.closed and browser.online:
                self.hub.spawn(browser.ping)
        self.hub.run(self.hub.now + 15)
        if not self.violations:
            self._unchanged_by_more_rounds()
        if not self.violations:
            for promise, what in final_checks(self):
                self.broken(promise, what)

    def _unchanged_by_more_rounds(self) -> None:
        """I15: what has run and is run again at the same moment, twice over, changes nothing."""
        self.hub.clocks_stand_still = True
        before, after = {}, self._without_signs_of_life()
        for _ in range(STEPS_OF_ONE_SESSION):
            self._all_rounds()
            before, after = after, self._without_signs_of_life()
            if before == after:
                break
        self.hub.clocks_stand_still = False
        changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        if changed:
            self.broken("I15", f"rounds that had nothing to do changed {changed}")

    def _without_signs_of_life(self) -> dict[Key, Raw]:
        return {
            key: {name: value for name, value in item.items() if name != "lease_until"}
            for key, item in self.ledger.items.items()
            if key.table != "connections"
        }

    def _all_rounds(self) -> None:
        """Those of the daytime: the nightly one reads a year of months."""
        for name in ("expire_idle_sessions", "drain_queues", "reap_connections"):
            self.tick(name)
            self.tick(name)
            self.hub.run(self.hub.now + 2)

    def _wrote(self, write: Write) -> None:
        for change in write.of("sessions"):
            if change.key.range == HEAD:
                self._count_moves(change.before, change.after)
            elif change.before is None and change.after and "system" in change.after:
                self.counts[f"line: {entry_from(change.after).system.code}"] += 1  # type: ignore[union-attr]
        for promise, what in self._write_checks(write):
            self.broken(promise, f"{what}, by {write.by}")

    def _count_moves(self, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        def has(raw: dict[str, Any] | None, name: str) -> str:
            return str((raw or {}).get(name))

        self.counts["reopened"] += (
            bool(before) and "ended_at" in (before or {}) and "ended_at" not in (after or {})
        )
        self.counts["waits for an agent"] += has(before, "waiting") == "None" != has(after, "waiting")
        marks = ("customer_read", "customer_delivered", "agent_read", "agent_delivered")
        self.counts["mark moved"] += any(has(before, m) != has(after, m) for m in marks)

    def _told(self, caller: Any, frame: dict[str, Any]) -> None:
        for promise, what in told_checks(self.ledger, caller, frame):
            self.broken(promise, what)

    def broken(self, promise: str, what: str) -> None:
        self.violations.append(Violation(promise, what, self.hub.now))
        self.hub.stopped = self.hub.stopped or self.stops_at_once

    def _log(self, **facts: Any) -> None:
        """Whatever a door or a round caught and went on from: the store's failures, and nothing else."""
        if facts["what"] == "load_drift":
            self.broken("I5", f"{facts}")
        if facts["what"] == "claim":
            self._write_checks.passed_by[facts["session_id"]] = self.hub.now
        error = facts.get("error")
        if error and facts["what"] != "post" and not error.startswith(STORE_ERRORS):
            self.broken("unexpected", f"{facts}")

    def _fill_replica(self) -> None:
        table.use(self.replica.engine)
        wiring.create_tables()
        table.use(self.house.faults)
        for key, item in self.ledger.items.items():
            self.replica.engine._make_api_call("PutItem", {"TableName": in_store(key)[0], "Item": item})


def hurried(random: Random) -> dict[str, Any]:
    """Limits of a queue that pass within a few minutes."""
    warn_after_s = random.choice([15, 30, 60])
    return {
        "mode": random.choice(["auto", "auto", "ring"]),
        "offer_timeout_s": random.choice([5, 20]),
        "first_reply_limit_s": random.choice([20, 60, 600]),
        "max_misses": random.choice([2, 10]),
        "max_wait_s": random.choice([60, 120, 900]),
        "queue_grace_s": random.choice([10, 60]),
        "hold_limit_s": random.choice([15, 60]),
        "reopen_window_s": random.choice([0, 60, 600]),
        "idle": Idle(warn_after_s=warn_after_s, end_after_s=warn_after_s + random.choice([10, 40])),
        "wrap_up": WrapUp(limit_s=random.choice([10, 30, 90]), extension_s=30),
    }


def _with_settings(house: House, settings: Mapping[str, Any]) -> Queue:
    """The demo's queue with some settings of its own."""
    queue = house.desk.queues.all()[0]
    changed = queue.model_copy(update={"version": queue.version + 1, **settings})
    house.desk.queues._queues.replace(changed)
    return changed


@dataclass
class Outcome:
    seed: int
    violations: list[Violation]
    counts: Counter[str]


@contextmanager
def world_of(seed: object, weather: Weather, settings: Mapping[str, Any]) -> Iterator[World]:
    random = Random(f"{seed}")
    with House.open(Random(f"{seed}, ids").getrandbits) as house:
        world = World(house, random, weather, settings)
        try:
            yield world
        finally:
            world.hub.close()
            world.replica.engine.close()


def simulate(seed: int, watch: Callable[[World], None] | None = None) -> Outcome:
    """A few minutes of a small shop, in the weather of its seed, until it has calmed down."""
    drawn = Random(f"{seed}, weather")
    with world_of(seed, Weather.drawn(drawn), hurried(drawn)) as world:
        if watch:
            watch(world)
        random = world.random
        serving = [Serves(world, world.house.agent(name), random) for name in ("ann", "bob")]
        for each in serving:
            capacity_becomes(each.person.caller.id, random.choice([1, 1, 2]))
            world.hub.spawn(each.works)
        world.hub.spawn(lambda: _capacity_changes(world, [each.person.caller.id for each in serving]))
        for number in range(random.randint(2, 5)):
            world.hub.spawn(Customer(world, f"customer {number}", random).lives)
        world.hub.spawn(world.rounds)
        world.hub.run(random.uniform(45, 150))
        world.calms_down()
        for each in serving:
            world.hub.spawn(each.settles)
        world.ends()
        return Outcome(seed, world.violations, world.counts)


def _capacity_changes(world: World, agent_ids: list[str]) -> None:
    world.hub.sleep(world.random.uniform(10, 100))
    if not world.quiet:
        agent_id, capacity = world.random.choice(agent_ids), world.random.choice([1, 2, 3])
        box = world.functions.begin("capacity", lambda: capacity_becomes(agent_id, capacity))
        world.counts["capacity changed"] += box.wait(10.0) and box.value is None
