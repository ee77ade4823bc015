"""ConsumedCapacity: what a request cost, told as the request asked for it."""

from collections import defaultdict
from typing import Any

from infra.local.dynamo import units
from infra.local.dynamo.parameters import choice
from infra.local.dynamo.tables import Index, Table
from infra.local.dynamo.values import Item


class Tally:
    """Counts units by table and index as a request is worked on, if anybody wants to know: it takes longer than the write."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._tables: dict[str, float] = defaultdict(float)
        self._indexes: dict[tuple[str, bool, str], float] = defaultdict(float)

    def table(self, table: Table, amount: float) -> None:
        self._tables[table.name] += amount

    def index(self, table: Table, index: Index, amount: float) -> None:
        self._tables[table.name] += 0
        self._indexes[table.name, index.local, index.name] += amount

    def write(
        self, table: Table, old: tuple[Item, int] | None, new: tuple[Item, int] | None, *, twice: bool
    ) -> None:
        """One write of an item; `twice` in a transaction.

        Global indexes follow after the transaction, so they are charged once: "Amazon DynamoDB Transactions: How it
        works" doubles the items of the transaction and says that their changes are propagated to indexes afterwards.
        """
        if not self._wanted:
            return
        before, after = old[1] if old else 0, new[1] if new else 0
        charge = units.transaction_write_units if twice else units.write_units
        self.table(table, charge(before, after))
        for index in table.indexes:
            cost = _entry_cost(index, old[0] if old else None, new[0] if new else None)
            if cost:
                self.index(table, index, cost * (2 if twice and index.local else 1))

    def report(self, detail: str, unit: str | None = None) -> list[dict[str, Any]]:
        """ConsumedCapacity of each table; `unit` is "ReadCapacityUnits" or "WriteCapacityUnits" where AWS says which."""
        return [self._of(name, detail, unit) for name in self._tables]

    def _of(self, name: str, detail: str, unit: str | None) -> dict[str, Any]:
        own = self._tables[name]
        indexes = {
            (local, index): cost for (table, local, index), cost in self._indexes.items() if table == name
        }
        total = own + sum(indexes.values())
        told: dict[str, Any] = {"TableName": name, "CapacityUnits": float(total)}
        if unit:
            told[unit] = float(total)
        if detail == "INDEXES":
            told["Table"] = {"CapacityUnits": float(own)}
            for (local, index), cost in indexes.items():
                kind = "LocalSecondaryIndexes" if local else "GlobalSecondaryIndexes"
                told.setdefault(kind, {})[index] = {"CapacityUnits": float(cost)}
        return told


class Account:
    """One request's tally, and how much of it the caller wants to hear."""

    def __init__(self, request: dict[str, Any], *, each: bool = False, unit: str | None = None) -> None:
        """`each`: the operation speaks of several tables, and its answer is a list."""
        self._detail = choice(request, "ReturnConsumedCapacity", "NONE", "TOTAL", "INDEXES")
        self._each = each
        self.unit = unit
        self.tally = Tally(wanted=self._detail != "NONE")

    def told(self) -> dict[str, Any]:
        """What to add to the response, or to a refusal."""
        if self._detail == "NONE":
            return {}
        report = self.tally.report(self._detail, self.unit)
        if self._each:
            return {"ConsumedCapacity": report}
        return {"ConsumedCapacity": report[0]} if report else {}


def _entry_cost(index: Index, old: Item | None, new: Item | None) -> int:
    before, after = index.entry(old), index.entry(new)
    if before is None and after is None:
        return 0
    moved = before is not None and after is not None and index.keys.of(before) != index.keys.of(after)
    return units.index_write_units(
        None if before is None else units.item_size(before),
        None if after is None else units.item_size(after),
        moved=moved,
        changed=before != after,
    )
