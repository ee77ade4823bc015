"""What stands between the stores and the engine in a simulation: every request lets the others go on, and may go wrong."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.house import Do
from tests.simulation.hub import Hub
from tests.simulation.ledger import Ledger, Write
from tests.simulation.replica import Replica
from tests.simulation.weather import Weather

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
REFUSALS = {"ConditionalCheckFailedException", "TransactionCanceledException"}


class Crash(BaseException):
    """The function dies where it stands. Nothing of it goes on, and nobody catches it."""


@dataclass
class Crashes:
    """Where functions die: by chance, or at the one step of a run that an enumeration asks for."""

    random: Random
    counts: Counter[str]
    chance: float = 0.0
    trail: list[str] = field(default_factory=list)
    """What the steps were so far, store calls and posts, since somebody began to count."""
    counting: bool = False
    counted: str = ""
    """What stands in the names of the functions whose steps are counted."""
    at: tuple[int, str] | None = None
    instead: Callable[[], None] | None = None
    """What happens at that step, if not a death."""

    def step(self, what: str, by: str | None) -> int:
        """Which one this is; 0: it does not count."""
        if not self.counting or self.counted not in (by or ""):
            return 0
        self.trail.append(what)
        return len(self.trail)

    def maybe(self, side: str, what: str, step: int) -> None:
        if self.at == (step, side):
            self.at = None
            if self.instead is not None:
                self.instead()
                return
        elif self.random.random() >= self.chance:
            return
        self.counts[f"crash {side} {what}"] += 1
        raise Crash


@dataclass
class Seam:
    """Goes into `Faults.each`."""

    hub: Hub
    random: Random
    weather: Weather
    ledger: Ledger
    replica: Replica
    crashes: Crashes
    counts: Counter[str]
    who: Callable[[], str | None]
    """Which function is running; None: the simulation itself."""
    watchers: list[Callable[[Write], None]] = field(default_factory=list)

    def __call__(self, operation: str, params: dict[str, Any], do: Do) -> dict[str, Any]:
        if operation == "DescribeTable":  # pynamodb asks once in a process, whichever run comes first
            return do(params)
        if self.who() is None:
            return self._written(operation, params, do, self.hub.now) if operation in WRITES else do(params)
        asked_at, step = self.hub.now, self.crashes.step(operation, self.who())
        self._travels()
        self.crashes.maybe("before", operation, step)
        if self._strikes(self.weather.throttle):
            self.counts["throttled"] += 1
            raise _throttled(operation)
        try:
            answer = self._carried_out(operation, params, do, asked_at)
        except ClientError as error:
            self._count_refusal(operation, params, error)
            self.crashes.maybe("after", operation, step)
            self._travels()
            raise
        self.crashes.maybe("after", operation, step)
        if self._strikes(self.weather.answer_lost):
            self.counts["answer lost"] += 1
            raise ReadTimeoutError(endpoint_url="dynamodb")
        self._travels()
        return answer

    def _carried_out(self, operation: str, params: dict[str, Any], do: Do, asked_at: float) -> dict[str, Any]:
        """What the client of the cloud gets no answer to, it sends again by itself."""
        if operation not in WRITES:
            return self._read(operation, params, do)
        answer = self._written(operation, params, do, asked_at)
        if self._strikes(self.weather.sent_twice):
            self.counts["sent twice by the client of the store"] += 1
            self._travels()
            return self._written(operation, params, do, asked_at)
        return answer

    def _read(self, operation: str, params: dict[str, Any], do: Do) -> dict[str, Any]:
        if _is_consistent(params):
            return do(params)
        answer = self.replica.read(operation, params, self.hub.now)
        self.counts["index behind"] += "IndexName" in params and self.replica.behind(self.hub.now)
        return answer

    def _written(self, operation: str, params: dict[str, Any], do: Do, asked_at: float) -> dict[str, Any]:
        answer = do(params)
        changes = self.ledger.changes(operation, params)
        self.replica.heard(changes, self.hub.now)
        write = Write(changes, asked_at, self.hub.now, self.who())
        for watch in self.watchers:
            watch(write)
        return answer

    def _travels(self) -> None:
        self.hub.sleep(self.random.expovariate(2 / self.weather.latency))

    def _strikes(self, chance: float) -> bool:
        return self.random.random() < chance

    def _count_refusal(self, operation: str, params: dict[str, Any], error: ClientError) -> None:
        if error.response["Error"]["Code"] not in REFUSALS:
            return
        if operation == "TransactWriteItems":
            self.counts["race lost in a transaction"] += 1
            refused = zip(params["TransactItems"], error.response["CancellationReasons"], strict=True)
            self.counts["claim refused by the agent's item"] += any(
                reason["Code"] == "ConditionalCheckFailed" and "last_assigned_at" in str(each)
                for each, reason in refused
            )
        elif operation == "PutItem":
            self.counts["race lost at a place"] += 1


def _is_consistent(params: dict[str, Any]) -> bool:
    """As the request says; of a batch, table by table, ours have one."""
    if "RequestItems" in params:
        return all(each.get("ConsistentRead") for each in params["RequestItems"].values())
    return bool(params.get("ConsistentRead"))


def _throttled(operation: str) -> ClientError:
    error = {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation)
