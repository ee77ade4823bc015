"""What eventually consistent reads and indexes see: the store as it was a little while ago, and then catches up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from infra.local.dynamo import EmbeddedDynamo
from tests.simulation.ledger import Change, Key, Raw, in_store


@dataclass
class Replica:
    """A second engine that hears of each write when its time comes; of one partition's writes always in their order."""

    engine: EmbeddedDynamo
    random: Random
    lag: float
    _coming: dict[tuple[str, str], list[tuple[float, Key, Raw | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def heard(self, changes: Iterable[Change], now: float) -> None:
        for change in changes:
            coming = self._coming[change.key.table, change.key.hash]
            due = now + self.random.random() ** 3 * self.lag
            coming.append((max(due, coming[-1][0] if coming else 0.0), change.key, change.after))

    def behind(self, now: float) -> bool:
        return any(due > now for coming in self._coming.values() for due, _, _ in coming)

    def read(self, operation: str, params: dict[str, Any], now: float) -> dict[str, Any]:
        for partition in list(self._coming):
            self._catch_up(partition, now)
        answer: dict[str, Any] = self.engine._make_api_call(operation, params)
        return answer

    def _catch_up(self, partition: tuple[str, str], now: float) -> None:
        coming = self._coming[partition]
        due = [(key, after) for at, key, after in coming if at <= now]
        for key, after in dict(due).items():
            table, keys = in_store(key)
            if after is None:
                self.engine._make_api_call("DeleteItem", {"TableName": table, "Key": keys})
            else:
                self.engine._make_api_call("PutItem", {"TableName": table, "Item": after})
        del coming[: len(due)]
        if not coming:
            del self._coming[partition]
