"""What each item was before a write and is after it: for whatever must hold after every single one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib import wiring
from tests.house import House

Raw = dict[str, Any]


class Key(NamedTuple):
    """An item's place: its table, without the stack's prefix, and its two keys."""

    table: str
    hash: str
    range: str


class Change(NamedTuple):
    """One item in a write; None where there is none."""

    key: Key
    before: Raw | None
    after: Raw | None


@dataclass(frozen=True)
class Write:
    """One request that wrote, after it was carried out. `at` is when, `asked_at` when it was sent, in virtual seconds."""

    changes: tuple[Change, ...]
    asked_at: float
    at: float
    by: str | None
    """What wrote: a command, a tick, a REST call."""

    def of(self, table: str, where: Callable[[Key], bool] = lambda _: True) -> Iterator[Change]:
        return (c for c in self.changes if c.key.table == table and where(c.key))


NAMES = {
    model.Meta.table_name: (model._hash_key_attribute().attr_name, model._range_key_attribute().attr_name)
    for model in wiring.TABLES
}


def key_of(table: str, item: Raw) -> Key:
    hash_name, range_name = NAMES[table]
    return Key(table.removeprefix("deskbell-"), item[hash_name]["S"], item[range_name]["S"])


def in_store(key: Key) -> tuple[str, Raw]:
    """Table name and key attributes, as a request has them."""
    table = f"deskbell-{key.table}"
    hash_name, range_name = NAMES[table]
    return table, {hash_name: {"S": key.hash}, range_name: {"S": key.range}}


@dataclass
class Ledger:
    """A copy of every item, kept as the writes come by."""

    house: House
    items: dict[Key, Raw] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in NAMES:
            for item in self.house.engine._make_api_call("Scan", {"TableName": table})["Items"]:
                self.items[key_of(table, item)] = item

    def changes(self, operation: str, params: Raw) -> tuple[Change, ...]:
        """Of a request that was just carried out."""
        return tuple(self._change(operation, each) for operation, each in _writes(operation, params))

    def _change(self, operation: str, params: Raw) -> Change:
        key = key_of(params["TableName"], params.get("Item") or params["Key"])
        before = self.items.get(key)
        after = self._now(key, operation, params)
        if after is None:
            self.items.pop(key, None)
        else:
            self.items[key] = after
        return Change(key, before, after)

    def _now(self, key: Key, operation: str, params: Raw) -> Raw | None:
        if operation == "PutItem":
            item: Raw = params["Item"]
            return item
        if operation == "DeleteItem":
            return None
        table, keys = in_store(key)
        found: Raw | None = self.house.engine._make_api_call(
            "GetItem", {"TableName": table, "Key": keys, "ConsistentRead": True}
        ).get("Item")
        return found


def _writes(operation: str, params: Raw) -> Iterator[tuple[str, Raw]]:
    match operation:
        case "PutItem" | "UpdateItem" | "DeleteItem":
            yield operation, params
        case "TransactWriteItems":
            for each in params["TransactItems"]:
                for kind, inner in each.items():
                    if kind != "ConditionCheck":
                        yield f"{kind}Item", inner
        case "BatchWriteItem":
            for table, requests in params["RequestItems"].items():
                for each in requests:
                    for kind, inner in each.items():
                        yield kind.replace("Request", "Item"), {"TableName": table, **inner}
