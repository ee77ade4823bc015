"""How quickly a message reaches the other side, and how many the house stores and delivers in a second.

    python -m tests.load.chats [--chats 10] [--seconds 10]

Starts the product on a folder of its own with ten agents, opens the chats over real sockets, and prints a table: at one message
a second and chat from each side, and with every side sending its next one as soon as the last is acknowledged. Every message is
checked: each acknowledged one is shown to the other side once, in the order it was sent.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.e2e.people import Person, agent, customer
from tests.e2e.server import Server
from tests.load.staff import PASSWORD, staffed

AGENTS = 10


@dataclass
class Side:
    """One end of one chat, or of an agent's several."""

    socket: ClientConnection
    waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    shown: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    async def listen(self) -> None:
        async for text in self.socket:
            frame = json.loads(text)
            if frame["type"] == "message.sent" and frame["kind"] == "text":
                self.shown.setdefault(frame["session_id"], []).append((frame["text"], time.perf_counter()))
            elif (answer := self.waiting.pop(frame.get("client_id") or "", None)) is not None:
                answer.set_result(frame)

    async def ask(self, type_: str, client_id: str, **facts: Any) -> dict[str, Any]:
        self.waiting[client_id] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"type": type_, "client_id": client_id, **facts}))
        return await self.waiting[client_id]


@dataclass
class Chat:
    session_id: str
    customer: Side
    agent: Side
    seq: int = 2
    sent: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: {"c": [], "a": []})

    async def say(self, who: str, run: str) -> None:
        side = self.customer if who == "c" else self.agent
        text = f"{run} {who} {len(self.sent[who])} where is my order, please?"
        self.sent[who].append((text, time.perf_counter()))
        answer = await side.ask("send_message", f"{self.session_id[-8:]}-{run}-{who}-{len(self.sent[who])}",
                                session_id=self.session_id, text=text, after=self.seq)  # fmt: skip
        assert answer["type"] == "accepted", answer
        self.seq = max(self.seq, answer["seq"])


async def opened(person: Person, running: list[asyncio.Task[None]]) -> Side:
    ticket = (await asyncio.to_thread(person.rest, "POST", "/v1/socket-tickets", {})).json()
    manager = connect(f"{ticket['url']}?ticket={ticket['ticket']}", compression=None)
    side = Side(await manager.__aenter__())
    running.append(asyncio.create_task(side.listen()))
    await side.ask("hello", "hello", client="load", version="0.1.0")
    return side


async def chats(
    server: Server, emails: list[str], count: int, running: list[asyncio.Task[None]]
) -> list[Chat]:
    agents = {}
    for email in emails:
        person = await asyncio.to_thread(agent, server.address, email, PASSWORD)
        agents[person.name] = await opened(person, running)
    found = []
    for n in range(count):
        person = await asyncio.to_thread(customer, server.address, f"c{n}")
        side = await opened(person, running)
        started = await side.ask("start_session", "start", category_id="orders", text="Hello")
        assert started["state"] == "active", started
        current = (await asyncio.to_thread(person.rest, "GET", "/v1/widget/sessions/current")).json()
        found.append(Chat(started["session_id"], side, agents[current["agent"]["name"]]))
    return found


async def paced(found: list[Chat], seconds: float, run: str) -> None:
    """One message a second from each side of each chat, spread over the second."""

    async def side(chat: Chat, who: str, offset: float) -> None:
        begin = time.perf_counter() + offset
        for n in range(int(seconds)):
            await asyncio.sleep(max(0.0, begin + n - time.perf_counter()))
            await chat.say(who, run)

    sides = [(c, w) for c in found for w in "ca"]
    await asyncio.gather(*(side(c, w, n / len(sides)) for n, (c, w) in enumerate(sides)))


async def flat_out(found: list[Chat], seconds: float, run: str) -> None:
    """Each side sends its next message as soon as its last one is acknowledged."""
    end = time.perf_counter() + seconds

    async def side(chat: Chat, who: str) -> None:
        while time.perf_counter() < end:
            await chat.say(who, run)

    await asyncio.gather(*(side(c, w) for c in found for w in "ca"))


def judged(found: list[Chat], run: str) -> list[float]:
    """Milliseconds from sending to being shown, after checking that nothing was lost, doubled or misordered."""
    took = []
    for chat in found:
        for who, other in (("c", chat.agent), ("a", chat.customer)):
            sent = [(t, at) for t, at in chat.sent[who] if t.startswith(f"{run} ")]
            shown = [
                (t, at) for t, at in other.shown.get(chat.session_id, []) if t.startswith(f"{run} {who} ")
            ]
            assert [t for t, _ in shown] == [t for t, _ in sent], (chat.session_id, who)
            took += [(b - a) * 1000 for (_, a), (_, b) in zip(sent, shown, strict=True)]
    return took


def row(name: str, took: list[float], seconds: float) -> str:
    cuts = statistics.quantiles(took, n=100)
    return f"{name:34s} {len(took) / seconds:10.0f} {cuts[49]:10.1f} {cuts[98]:10.1f} {max(took):10.1f}"


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201  (the table is what this is run for)


async def main(count: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data", settings={"DESKBELL_LIMITS": "off"})
        emails = await asyncio.to_thread(staffed, server.folder, AGENTS, count)
        server.start()
        running: list[asyncio.Task[None]] = []
        try:
            found = await chats(server, emails, count, running)
            tell(f"{'':34s} {'messages/s':>10s} {'p50 ms':>10s} {'p99 ms':>10s} {'max ms':>10s}")
            for name, send, run in (("a message a second and side", paced, "p"), ("flat out", flat_out, "f")):
                began = time.perf_counter()
                await send(found, seconds, run)
                took = time.perf_counter() - began
                await asyncio.sleep(0.5)
                tell(row(f"{count} chats, {name}", judged(found, run), took))
        finally:
            for task in running:
                task.cancel()
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chats", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    asyncio.run(main(asked.chats, asked.seconds))
