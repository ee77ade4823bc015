"""What the house needs from the world around it. The cloud and one machine each bring their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from chalicelib.kit.clock import Clock
from chalicelib.kit.config import Settings


class DynamoClient(Protocol):
    """The one method of botocore's DynamoDB client that pynamodb calls."""

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]: ...


class Gone(Exception):
    """The connection posted to is not open any more."""


class Sockets(Protocol):
    """`@connections`: posting to and closing sockets that are open. Both raise `Gone`."""

    def post(self, connection_id: str, frame: str) -> None: ...

    def close(self, connection_id: str) -> None: ...


class NoSuchFile(Exception):
    """Nothing is stored under this key, or something else than was looked at."""


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file without its bytes. `version` changes with every upload under its key."""

    size: int
    version: str


@dataclass(frozen=True)
class Upload:
    """A form to send by POST: its fields first, then `file`."""

    url: str
    fields: Mapping[str, str]


class Files(Protocol):
    """The attachments' store. What is given out, forms and links, goes to it directly and dies by the machine's clock.

    Reading and keeping name the version that was looked at: under a form that is still good its sender may upload again.
    """

    def form(self, key: str, *, largest: int, lasts: timedelta) -> Upload:
        """Lets in 1 to `largest` bytes under this key and no other, as bytes of no kind."""
        ...

    def link(self, key: str, *, name: str, inline: bool, lasts: timedelta) -> str:
        """An address that gives the file out as its own type, to be shown in its place or saved under the name."""
        ...

    def look(self, key: str) -> FileFacts | None: ...

    def read(self, key: str, version: str, first: int, count: int) -> bytes:
        """`count` bytes from byte `first` on, or as many as there are. Raises NoSuchFile."""
        ...

    def put(self, key: str, content: bytes, content_type: str) -> None: ...

    def copy(self, key: str, version: str, to: str, content_type: str) -> None:
        """Raises NoSuchFile."""
        ...

    def delete(self, key: str) -> None:
        """What isn't there is deleted already."""
        ...


class Later(Protocol):
    """Asks for a session to be looked at again after so long: best effort, perhaps late, perhaps twice."""

    def look(self, session_id: str, after: timedelta) -> None: ...


class DiallerRefused(Exception):
    """The call is not placed, and why, in a sentence's end that an agent can read."""


class Dialler(Protocol):
    """Calls a number for us. Asked twice under the same id it dials once; what it calls the call comes back."""

    def start(self, call_id: str, number: str, about: Mapping[str, str]) -> str | None:
        """Raises DiallerRefused."""
        ...


class MailRefused(Exception):
    """The letter never goes out: its recipient or its sender is not taken."""


class Mailer(Protocol):
    """Hands a letter to whoever carries it. Whatever `send` raises but `MailRefused` may be tried again, under the same id."""

    def send(self, mail_id: str, recipient: str, content: bytes) -> None: ...

    def forget(self, mail_id: str) -> None:
        """What lies here of a letter that was sent; what was carried away is not ours any more."""
        ...


@dataclass(frozen=True)
class SigningKeys:
    """Keys of the tokens by key id: `current` signs, all of them are believed. 32 bytes or more each."""

    current: str
    keys: Mapping[str, bytes]


@dataclass(frozen=True)
class Outside:
    """`clock` is what business rules and schedules see; leases, tickets, tokens and limits go by `machine_clock`. `diallers`: who calls
    numbers for us, by the provider's name. `mail`: none is set up where there is none.
    """

    dynamo: DynamoClient
    sockets: Sockets
    keys: SigningKeys
    settings: Settings
    clock: Clock
    machine_clock: Clock
    files: Files
    later: Later
    diallers: Mapping[str, Dialler] = field(default_factory=dict)
    mail: Mailer | None = None
