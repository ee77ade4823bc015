"""Which Host headers are answered: a page elsewhere that points its own name at this machine gets nothing.

And the console is answered under one name only: the panel and the files have the other, which makes them another origin.
"""

from urllib.parse import urlsplit

from infra.local.asgi import Answer, Door, Receive, Scope, Send, answer, header, refuse_handshake
from infra.local.problems import problem


class ConsoleAtHome:
    """A door before the site's: who asks for the console elsewhere than at `origin` is sent there."""

    def __init__(self, door: Door, origin: str) -> None:
        self._door = door
        self._origin = origin
        self._name = urlsplit(origin).hostname

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_console = scope["path"] == "/console" or scope["path"].startswith("/console/")
        name, _, _ = (header(scope, "host") or "").partition(":")
        if not is_console or name.lower() == self._name:
            await self._door(scope, receive, send)
            return
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        there = f"{self._origin}{scope['raw_path'].decode('latin-1')}{query}"
        await answer(send, Answer(307, [("location", there), ("cache-control", "no-store")]))


class HostCheck:
    """A door before a door, for HTTP and websockets alike. `names` None answers to any name."""

    def __init__(self, door: Door, names: frozenset[str] | None) -> None:
        self._door = door
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = header(scope, "host") or ""
        if self._names is None or host.lower() in self._names:
            await self._door(scope, receive, send)
            return
        names = " or ".join(sorted(self._names))
        refusal = problem(
            421, "misdirected", f"This server answers to {names} only; set HOST to change that."
        )
        if scope["type"] == "websocket":
            await receive()
            await refuse_handshake(send, refusal)
        else:
            await answer(send, refusal)
