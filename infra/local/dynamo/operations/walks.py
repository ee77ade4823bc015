"""The SQL of a walk along a table's or an index's keys, from a place, in a direction."""

import sqlite3
from dataclasses import dataclass
from functools import lru_cache

from infra.local.dynamo.expressions.ranges import KeyRange
from infra.local.dynamo.tables import Index, Table

_TABLE = "SELECT body, size FROM items AS e WHERE e.t = ?"
# CROSS JOIN keeps SQLite from beginning at the items: the index's order is what is asked for.
_INDEX = "SELECT i.body, i.size FROM entries AS e CROSS JOIN items AS i ON i.t = ? AND i.p = e.ip AND i.s = e.isk WHERE e.i = ?"
_SHAPES = 256


@dataclass(frozen=True, slots=True)
class Walk:
    """`range` is None for a whole table or index; `after` is the place to begin behind, its columns as in `_columns`."""

    table: Table
    index: Index | None
    range: KeyRange | None
    after: tuple[str, ...]
    forward: bool

    def begin(self, db: sqlite3.Connection) -> sqlite3.Cursor:
        """Rows of body and size, read as they are taken; to be closed, for an open one holds its view of the store."""
        arguments: list[str | int] = [self.table.number]
        if self.index:
            arguments.append(self.index.number)
        comparisons: tuple[str, ...] | None = None
        if self.range:
            comparisons = tuple(bound.comparison for bound in self.range.bounds)
            arguments.append(self.range.partition)
            arguments.extend(bound.key for bound in self.range.bounds)
        sql = _statement(self.index is not None, comparisons, bool(self.after), self.forward)
        return db.execute(sql, (*arguments, *self.after))


@lru_cache(maxsize=_SHAPES)
def _statement(indexed: bool, comparisons: tuple[str, ...] | None, after: bool, forward: bool) -> str:  # noqa: FBT001
    clauses = [_INDEX if indexed else _TABLE]
    if comparisons is not None:
        clauses.append("AND e.p = ?")
        clauses.extend(f"AND e.s {comparison} ?" for comparison in comparisons)
    columns = _columns(indexed=indexed, whole=comparisons is None)
    if after:
        beyond = ">" if forward else "<"
        clauses.append(f"AND ({', '.join(columns)}) {beyond} ({', '.join('?' * len(columns))})")
    direction = "ASC" if forward else "DESC"
    clauses.append("ORDER BY " + ", ".join(f"{column} {direction}" for column in columns))
    return " ".join(clauses)


def _columns(*, indexed: bool, whole: bool) -> tuple[str, ...]:
    """What a walk is ordered by: within a partition the sort key; an index's ties are told apart by the item's address."""
    own = ("e.p", "e.s") if whole else ("e.s",)
    return (*own, "e.ip", "e.isk") if indexed else own
