"""DynamoDB on one machine: its item operations on SQLite, behind the one method that pynamodb calls on its client."""

from infra.local.dynamo.engine import EmbeddedDynamo
from infra.local.dynamo.errors import (
    DamagedStore,
    NewerStore,
    StoreBroken,
    StoreClosed,
    StoreError,
    StoreInUse,
    UnusableStore,
)
from infra.local.dynamo.meter import Meter

__all__ = [
    "DamagedStore",
    "EmbeddedDynamo",
    "Meter",
    "NewerStore",
    "StoreBroken",
    "StoreClosed",
    "StoreError",
    "StoreInUse",
    "UnusableStore",
]
