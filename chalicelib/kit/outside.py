"""What the house needs from the world around it. The cloud and one machine each bring their own."""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class SigningKeys:
    """Keys of the tokens by key id: `current` signs, all of them are believed. 32 bytes or more each."""

    current: str
    keys: Mapping[str, bytes]


@dataclass(frozen=True)
class Outside:
    """`clock` is what business rules and schedules see; leases, tickets, tokens and limits go by `machine_clock`."""

    dynamo: DynamoClient
    sockets: Sockets
    keys: SigningKeys
    settings: Settings
    clock: Clock
    machine_clock: Clock
