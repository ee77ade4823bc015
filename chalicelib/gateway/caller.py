"""Who asks."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.connections.model import Connection, Person
from chalicelib.kit.values import ConnectionId


@dataclass(frozen=True)
class Caller:
    """A signed-in agent or a customer, as their token or their socket's ticket says.

    `connection` is the socket a command came through; a REST call has none. `host` is the name they reached us by, `family`
    the sign-in that all of this comes from.
    """

    kind: Literal["agent", "customer"]
    id: str
    name: str
    role_ids: tuple[str, ...] = ()
    source_id: str | None = None
    epoch: int = 0
    family: str | None = None
    connection: Connection | None = None
    host: str = ""

    @property
    def person(self) -> Person:
        return Person(self.kind, self.id)

    @property
    def connection_id(self) -> ConnectionId | None:
        return self.connection.id if self.connection else None

    @property
    def socket(self) -> Connection:
        """The socket they speak through, of what is only said through one."""
        if self.connection is None:
            raise ValueError("only a socket says this")
        return self.connection
