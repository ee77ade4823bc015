"""Which Host headers are answered: a page elsewhere that points its own name at this machine gets nothing."""

from infra.local.asgi import Door, Receive, Scope, Send, answer, header, refuse_handshake
from infra.local.problems import problem


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
