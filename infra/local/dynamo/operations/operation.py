"""What every operation is to the engine."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from infra.local.dynamo.tables import Catalog

Request: TypeAlias = dict[str, Any]
Response: TypeAlias = dict[str, Any]
Work: TypeAlias = Callable[[sqlite3.Connection], Response]


@dataclass(frozen=True, slots=True)
class Desk:
    """What an operation is prepared with: the tables there are, and the time."""

    catalog: Catalog
    now: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Operation:
    prepare: Callable[[Desk, Request], Work]
    parameters: frozenset[str]
    writes: bool


def reading(prepare: Callable[[Desk, Request], Work], *parameters: str) -> Operation:
    return Operation(prepare, frozenset(parameters), writes=False)


def writing(prepare: Callable[[Desk, Request], Work], *parameters: str) -> Operation:
    return Operation(prepare, frozenset(parameters), writes=True)
