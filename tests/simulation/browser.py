"""A client as the site's is: a socket that comes back, and a view that heals itself."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.connections.model import HEARTBEAT
from chalicelib.gateway.caller import Caller
from tests.simulation.functions import PATIENCE, NoAnswer, Refused
from tests.simulation.history import Letter
from tests.simulation.hub import Box
from tests.simulation.outbox import Outbox
from tests.simulation.talk import Message, Talk
from tests.simulation.wires import Frame, Wire

if TYPE_CHECKING:
    from tests.simulation.world import World

ANSWERS = {"accepted", "refused", "caught_up", "pong", "welcome"}
LOOKS_EVERY = 2.0
HEALS_AFTER = 0.4
READS_AFTER = 0.15
MORE_THAN_ARE_LATE = 4


class Side(Protocol):
    """What differs between a customer's client and an agent's."""

    def read(self, browser: "Browser", session_id: str) -> None:
        """Reads a session whole, over REST, and has the browser learn it."""

    def ponged(self, browser: "Browser", pong: Frame) -> None:
        """What a heartbeat told besides heads."""

    def warned(self, browser: "Browser", session_id: str) -> None:
        """The customer was asked whether they are still there."""


@dataclass
class Person:
    """Somebody, over all their browsers. `kept` is what a browser's storage holds over a restart."""

    caller: Caller
    side: Side
    kept: dict[str, list[Letter]] = field(default_factory=dict)


@dataclass(eq=False)
class Browser:
    """One tab. `name` is its own over restarts: what it stores, it finds again under it."""

    world: "World"
    person: Person
    name: str
    talks: dict[str, Talk] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)
    """What is on offer to an agent: its session, by the offer."""
    wire: Wire | None = None
    online: bool = False
    closed: bool = False
    _times_online: int = 0
    _ping_at: float = 0.0
    _waiting: dict[str, Box] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self)

    def start(self) -> None:
        for letter in self.person.kept.pop(self.name, []):
            self.world.counts["letter kept over a restart"] += 1
            self.outbox.add(letter)
        self.world.hub.spawn(self._live)

    def close(self, *, silently: bool = False) -> None:
        """The tab is gone, without a word if `silently`; what was not answered stays in its storage."""
        if self.closed:
            return
        self.closed = True
        self.person.kept[self.name] = self.outbox.letters
        if silently and self.wire:
            self.wire.here = self.wire.there = False
        else:
            self._hang_up()

    def loses_its_socket(self) -> None:
        """The network is gone for a moment; API Gateway may not say so for long."""
        if self.wire and self.world.random.random() < 0.5:
            self.wire.here = False
            self.online = False
        else:
            self._hang_up()

    # what a person does

    def say(self, session_id: str, text: str, *, staff: bool = False) -> None:
        talk = self.talks[session_id]
        letter = Letter(self._new_id(), text, session_id, talk.contiguous, staff)
        self.world.history.wrote(self.name, letter, session_id)
        self.outbox.add(letter)

    def opens(self, text: str) -> None:
        """Starts a session, with its first words or, if `text` is empty, by a tap that says nothing."""
        self.outbox.add(Letter(self._new_id(), text, None, 0))

    def command(self, type_: str, **facts: Any) -> Frame | None:
        """Presses a button, and again where no answer came; None: given up."""
        for _ in range(3):
            answer = self.ask({"type": type_, "client_id": self._new_id(), **facts})
            if answer is not None and answer.get("retry_after_s") is None:
                if answer["type"] == "refused":
                    self.world.counts[f"refused: {answer['code']}"] += 1
                return answer
            self._sleep(self.world.random.uniform(0.5, 2))
            if self.closed:
                break
        return None

    def tells(self, type_: str, **facts: Any) -> None:
        """Sends what nobody waits for."""
        if self.online and self.wire:
            self.world.wires.send(self.wire, {"type": type_, **facts})

    def says_something_else(self, client_id: str, session_id: str) -> None:
        """A broken client: another body under an id that was used. An answer to the first body may still be on its way, to that frame or
        to one that was carried out twice: accepted each time, it is accepted.
        """
        for _ in range(MORE_THAN_ARE_LATE):
            answer = self.ask(
                {
                    "type": "send_message",
                    "client_id": client_id,
                    "session_id": session_id,
                    "text": f"not what {client_id} said",
                    "after": 0,
                }
            )
            if answer is None:
                return
            if answer["type"] == "refused":
                self.world.counts["client_id reused and refused"] += answer["code"] == "client_id_reused"
                return
            self._sleep(READS_AFTER)
        self.world.history.reused[client_id] = session_id

    # the socket

    def _live(self) -> None:
        while not self.closed:
            if not self.online:
                self._connect()
            elif self.world.hub.now >= self._ping_at:
                self.ping()
            self._sleep(LOOKS_EVERY)

    def _connect(self) -> None:
        world, caller = self.world, self.person.caller
        try:
            ticket = world.functions.call("socket ticket", lambda: world.desk.sign_in.ticket(caller))
            let_in = self._let_in(ticket.text)
        except (NoAnswer, Refused):
            return
        if self.closed:
            return
        self._hang_up()
        self.wire = world.wires.open(let_in, self._hear)
        heads = [
            {"session_id": t.session_id, "after": self._known(t)} for t in list(self.talks.values())[-50:]
        ]
        hello = {"type": "hello", "client": "simulation", "version": "0.1.0", "catch_up": heads}
        answer = self._exchange({**hello, "client_id": self._new_id()})
        if answer is None or answer["type"] != "welcome":
            self._hang_up()
            return
        self.online = True
        for head in heads:
            for caught in answer["caught_up"]:
                if caught["session_id"] == head["session_id"]:
                    self.talks[head["session_id"]].caught_up(head["after"], caught)
        self._next_ping()
        self._times_online += 1
        world.counts["reconnected"] += self._times_online > 1
        self._look_for_gaps()

    @property
    def _is_agent(self) -> bool:
        return self.person.caller.kind == "agent"

    def _known(self, talk: Talk) -> int:
        """From where on something may be missing."""
        known = talk.contiguous if talk.gap is None else talk.gap
        return min(known, talk.sealed) if self._is_agent else known

    def _let_in(self, ticket: str) -> Caller:
        """The authorizer's answer; it may be asked twice."""
        world = self.world

        def redeem() -> Caller:
            caller = world.desk.sign_in.redeem(ticket)
            world.history.redeemed[ticket] += 1
            return caller

        if world.random.random() < world.wires.weather.frame_again:
            world.counts["authorizer asked again"] += 1
            world.functions.begin("authorizer, again", redeem, after=world.random.expovariate(2.0))
        caller: Caller = world.functions.call("authorizer", redeem)
        return caller

    def ping(self) -> None:
        """A heartbeat; without an answer the socket is given up."""
        self._next_ping()
        answer = self.ask({"type": "ping", "client_id": self._new_id(), "visible": True})
        if answer is None or answer["type"] != "pong":
            self._hang_up()
            return
        with suppress(NoAnswer, Refused):  # the next heartbeat asks again
            self.person.side.ponged(self, answer)
        for talk in list(self.talks.values()):
            if talk.stale:
                self.read(talk.session_id)

    def _next_ping(self) -> None:
        self._ping_at = self.world.hub.now + HEARTBEAT[self.person.caller.kind].total_seconds()

    def _hang_up(self) -> None:
        self.online = False
        if self.wire and self.wire.there:
            self.world.wires.cut(self.wire)

    def ask(self, frame: Frame) -> Frame | None:
        """The one answer to a command, or None where none came."""
        return self._exchange(frame) if self.online else None

    def _exchange(self, frame: Frame) -> Frame | None:
        assert self.wire
        box = self._waiting[frame["client_id"]] = Box(self.world.hub)
        self.world.wires.send(self.wire, frame)
        came = box.wait(PATIENCE)
        self._waiting.pop(frame["client_id"], None)
        return box.value if came else None

    # what comes

    def _hear(self, frame: Frame) -> None:
        if hears := HEARS.get(frame["type"]):
            hears(self, frame)
        if frame["type"] in ANSWERS and (box := self._waiting.get(frame.get("client_id") or "")):
            box.put(frame)
        self._look_for_gaps()

    def _welcomed(self, frame: Frame) -> None:
        for session in frame["sessions"]:
            self.learn(session)
        for caught in frame["caught_up"]:
            self._caught_up(caught)

    def _ponged(self, frame: Frame) -> None:
        for session_id, (head, staff_head) in frame["heads"].items():
            self._talk(session_id).heads(head, staff_head, sees_staff=self._is_agent)

    def _caught_up(self, frame: Frame) -> None:
        self._told(frame["session_id"], frame["messages"], frame["head"])

    def _message_sent(self, frame: Frame) -> None:
        message = {name: value for name, value in frame.items() if name != "type"}
        self._told(frame["session_id"], [message], frame["seq"])

    def _changed(self, frame: Frame) -> None:
        self._talk(frame["session_id"]).changed(frame)
        self._read_soon(frame["session_id"])

    def _offered(self, frame: Frame) -> None:
        self.offers[frame["offer_id"]] = frame["session"]["session_id"]

    def _withdrawn(self, frame: Frame) -> None:
        self.offers.pop(frame["offer_id"], None)

    def _idle_warned(self, frame: Frame) -> None:
        self.person.side.warned(self, frame["session_id"])

    def learn(self, session: dict[str, Any]) -> None:
        """A session was read whole."""
        self._talk(session["session_id"]).learnt(session)
        last = session["last_message"]
        if last and last["by"]["role"] == self.person.caller.kind and session["unread"]:
            self.world.history.unread.append(f"{self.name} wrote last in {session['session_id']}")
        self._look_for_gaps()

    def _talk(self, session_id: str) -> Talk:
        if session_id not in self.talks:
            self.talks[session_id] = Talk(session_id)
            self._read_soon(session_id)
        return self.talks[session_id]

    def _told(self, session_id: str, messages: list[Message], head: int) -> None:
        """A line of the house's own stands for a transition, whose event may have been lost: the session is read again."""
        talk = self._talk(session_id)
        was_stale = talk.stale
        talk.told(messages, head)
        for message in messages:
            self.outbox.seen(message["client_id"])
        if talk.stale and not was_stale:
            self._read_soon(session_id)

    # healing

    def _look_for_gaps(self) -> None:
        for talk in self.talks.values():
            if talk.gap is not None:
                self.alone(
                    f"heal {talk.session_id}", lambda of=talk: self._heal(of), HEALS_AFTER, until_done=True
                )

    def _heal(self, talk: Talk) -> None:
        while talk.gap is not None and self.online:
            self.world.counts["catch-up asked"] += 1
            asked = talk.gap
            answer = self.ask(
                {
                    "type": "catch_up",
                    "client_id": self._new_id(),
                    "session_id": talk.session_id,
                    "after": asked,
                    "limit": 200,
                }
            )
            if answer is not None and answer["type"] == "refused" and answer.get("retry_after_s") is None:
                talk.head, talk.staff_head, talk.to_seal = talk.contiguous, 0, 0  # not ours to read any more
                return
            if answer is not None and answer["type"] == "caught_up":
                talk.caught_up(asked, answer)
            if talk.gap is None or talk.gap > asked:
                self.world.counts["hole healed"] += 1
            else:
                self._sleep(2.0)

    def _read_soon(self, session_id: str) -> None:
        self.alone(f"read {session_id}", lambda: self.read(session_id), READS_AFTER, until_done=False)

    def read(self, session_id: str) -> None:
        with suppress(NoAnswer, Refused):  # the next event or heartbeat asks again
            self.person.side.read(self, session_id)

    def alone(self, what: str, act: Callable[[], None], after: float, *, until_done: bool) -> None:
        """In a greenlet of its own. Asked again before it has begun, or `until_done` has ended, it is one and the same."""
        if what in self._busy or self.closed:
            return
        self._busy.add(what)

        def alone() -> None:
            if not until_done:
                self._busy.discard(what)
            if not self.closed:
                act()
            self._busy.discard(what)

        self.world.hub.spawn(alone, after=after)

    def answered(self, letter: Letter, answer: Frame) -> None:
        if answer["type"] == "refused":
            self.world.counts[f"refused: {answer['code']}"] += 1
            self.world.history.refused.add(letter.client_id)
            return
        session_id = answer["session_id"]
        if letter.opens:
            self.world.counts["session started"] += 1
            self.world.history.wrote(self.name, letter, session_id)
            self._talk(session_id)
        if letter.text:
            self.world.history.stored(letter, answer)
            self._told(session_id, [self._own(letter, answer)], answer["seq"])
            self._look_for_gaps()

    def _own(self, letter: Letter, answer: Frame) -> Message:
        """The message as it stands, from what was written and the answer to it."""
        caller = self.person.caller
        return {
            "session_id": answer["session_id"],
            "seq": answer["seq"],
            "staff_seq": answer["staff_seq"],
            "message_id": answer["message_id"],
            "client_id": letter.client_id,
            "kind": "note" if letter.staff else "text",
            "by": {"role": caller.kind, "id": caller.id, "name": caller.name},
            "text": letter.text,
            "reply_to": None,
            "sent_at": answer["sent_at"],
        }

    def _new_id(self) -> str:
        return self.world.house.next_id()

    def _sleep(self, seconds: float) -> None:
        self.world.hub.sleep(seconds)


HEARS: dict[str, Callable[[Browser, Frame], None]] = {
    "welcome": Browser._welcomed,
    "pong": Browser._ponged,
    "caught_up": Browser._caught_up,
    "message.sent": Browser._message_sent,
    "session.changed": Browser._changed,
    "offer.made": Browser._offered,
    "offer.withdrawn": Browser._withdrawn,
    "idle.warned": Browser._idle_warned,
}


def accepted(answer: Frame | None) -> bool:
    return answer is not None and answer["type"] == "accepted"
