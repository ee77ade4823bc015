"""The one port's front: which door a request goes to."""

from dataclasses import dataclass

from infra.local.asgi import Door, Receive, Scope, Send, refuse_handshake
from infra.local.problems import problem

SOCKET_PATH = "/socket"


@dataclass(frozen=True)
class Front:
    """An ASGI application. What no other door answers to is a file of the site."""

    rest: Door
    sockets: Door
    files: Door
    control: Door
    site: Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._door_of(scope["path"])(scope, receive, send)
        elif scope["path"] == SOCKET_PATH:
            await self.sockets(scope, receive, send)
        else:
            await receive()
            await refuse_handshake(send, problem(404, "not_found", f"The socket is at {SOCKET_PATH}."))

    def _door_of(self, path: str) -> Door:
        first = path.split("/", 2)[1] if path.startswith("/") else ""
        return {"v1": self.rest, "files": self.files, "local": self.control}.get(first, self.site)
