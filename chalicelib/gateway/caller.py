"""Who asks."""

from dataclasses import dataclass
from typing import Literal

from chalicelib.connections.model import Connection, Person
from chalicelib.kit.values import ConnectionId


@dataclass(frozen=True)
class Caller:
    """A signed-in agent or a customer, as their token or their socket's ticket says.

    `connection` is the socket a command came through; a REST call has none. `host` is the name they reached us by, `origin` the page they ask from, `family`
    the sign-in that all of this comes from. `unit_id`: where an agent stands; none is the house itself.
    `page`: the origin of another site's page that asks.
    `came_as`: whom the sign-in was made for, where they were merged into another since.
    """

    kind: Literal["agent", "customer"]
    id: str
    name: str
    role_ids: tuple[str, ...] = ()
    unit_id: str | None = None
    source_id: str | None = None
    epoch: int = 0
    family: str | None = None
    connection: Connection | None = None
    host: str = ""
    origin: str = ""
    page: str | None = None
    came_as: str | None = None

    @property
    def person(self) -> Person:
        return Person(self.kind, self.id)

    @property
    def signed_in(self) -> Person:
        """Whom their sign-in stands under."""
        return Person(self.kind, self.came_as or self.id)

    @property
    def connection_id(self) -> ConnectionId | None:
        return self.connection.id if self.connection else None

    @property
    def socket(self) -> Connection:
        """The socket they speak through, of what is only said through one."""
        if self.connection is None:
            raise ValueError("only a socket says this")
        return self.connection
