"""Query and Scan: pages of items along a table or an index.

Source: Developer Guide, "Querying tables in DynamoDB", "Paginating table query results in DynamoDB", "Using Global
Secondary Indexes in DynamoDB". Limit counts what is evaluated, before the filter; a page ends at 1 MB of it.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from infra.local.dynamo import units
from infra.local.dynamo.consumption import Account
from infra.local.dynamo.expressions.conditions import Condition
from infra.local.dynamo.expressions.operands import Values
from infra.local.dynamo.expressions.paths import Path, only
from infra.local.dynamo.expressions.ranges import KeyRange
from infra.local.dynamo.expressions.request import Expressions
from infra.local.dynamo.operations.operation import Desk, Operation, Request, Response, Work, reading
from infra.local.dynamo.operations.walks import Walk
from infra.local.dynamo.parameters import choice, need, whole
from infra.local.dynamo.refusals import invalid, invalid_parameter
from infra.local.dynamo.storage.bodies import loaded
from infra.local.dynamo.storage.rows import Kept
from infra.local.dynamo.tables import Index, Table
from infra.local.dynamo.units import item_size
from infra.local.dynamo.values import Item, normal_item

LARGEST_PAGE = 1024 * 1024

ALL, PROJECTED, SPECIFIC, COUNT = "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT"


@dataclass(frozen=True, slots=True)
class _Page:
    """What of a walk is told: which items, which part of each, how many."""

    walk: Walk
    filter: Condition | None
    values: Values
    paths: tuple[Path, ...] | None
    limit: int | None
    count_only: bool

    def read(self, db: sqlite3.Connection) -> tuple[Response, int]:
        """The response but for its cost, and the bytes that were evaluated."""
        told: list[Item] = []
        count = evaluated = size = 0
        last: Item | None = None
        more = False
        with closing(self.walk.begin(db)) as rows:
            for body, whole_size in rows:
                whole = loaded(body)
                item, bytes_here = self._seen(whole, whole_size)
                if evaluated and size + bytes_here > LARGEST_PAGE:
                    more = True
                    break
                evaluated, size, last = evaluated + 1, size + bytes_here, whole
                if self.filter is None or self.filter.holds(item, self.values):
                    count += 1
                    if not self.count_only:
                        told.append(only(item, self.paths) if self.paths else item)
                if evaluated == self.limit:
                    more = True
                    break
        response: Response = {"Count": count, "ScannedCount": evaluated}
        if not self.count_only:
            response["Items"] = told
        if more and last is not None:
            response["LastEvaluatedKey"] = _place_key(self.walk.table, self.walk.index, last)
        return response, size

    def _seen(self, item: Item, size: int) -> Kept:
        """The item as the table or index holds it."""
        index = self.walk.index
        if index is None or index.projected is None:
            return item, size
        entry = index.entry(item) or {}
        return entry, item_size(entry)


def _query(desk: Desk, request: Request) -> Work:
    need(request, "TableName", "KeyConditionExpression")
    table, index = _source(desk, request)
    keys = index.keys if index else table.keys
    expressions = Expressions(request)
    wanted = expressions.key_range(keys)
    kept = expressions.filter(keys.names)
    forward = request.get("ScanIndexForward", True) is not False
    return _paged(
        request, expressions, Walk(table, index, wanted, _after(request, table, index, wanted), forward), kept
    )


def _scan(desk: Desk, request: Request) -> Work:
    need(request, "TableName")
    table, index = _source(desk, request)
    expressions = Expressions(request)
    kept = expressions.condition("FilterExpression")
    after = _after(request, table, index, None)
    return _paged(request, expressions, Walk(table, index, None, after, forward=True), kept)


def _paged(request: Request, expressions: Expressions, walk: Walk, kept: Condition | None) -> Work:
    paths = expressions.projection()
    expressions.close()
    select = _select(request, walk.index, paths)
    page = _Page(walk, kept, expressions.values, paths, whole(request, "Limit"), select == COUNT)
    account = Account(request)

    def work(db: sqlite3.Connection) -> Response:
        response, size = page.read(db)
        cost = units.read_units(size, consistent=bool(request.get("ConsistentRead")))
        if walk.index:
            account.tally.index(walk.table, walk.index, cost)
        else:
            account.tally.table(walk.table, cost)
        return response | account.told()

    return work


def _source(desk: Desk, request: Request) -> tuple[Table, Index | None]:
    table = desk.catalog.table(request["TableName"])
    name = request.get("IndexName")
    index = None if name is None else table.index(name)
    if index and not index.local and request.get("ConsistentRead"):
        raise invalid("Consistent reads are not supported on global secondary indexes")
    return table, index


def _select(request: Request, index: Index | None, paths: tuple[Path, ...] | None) -> str:
    usual = SPECIFIC if paths else PROJECTED if index else ALL
    select = choice(request, "Select", usual, ALL, PROJECTED, SPECIFIC, COUNT)
    if (select == SPECIFIC) != bool(paths):
        raise invalid(f"ProjectionExpression and Select {select} don't go together")
    if select == PROJECTED and index is None:
        raise invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
    if index and index.projected is not None:
        beyond = sorted({str(path[0]) for path in paths or ()} - index.projected)
        if select == ALL or beyond:
            # A local index could fetch the rest from the table, at a cost; nothing here needs that.
            raise invalid_parameter(
                f"Secondary index {index.name} does not project {beyond or 'all attributes'}"
            )
    return select


def _after(request: Request, table: Table, index: Index | None, wanted: KeyRange | None) -> tuple[str, ...]:
    """ExclusiveStartKey as a place in the walk, () if there is none; refused when it isn't one."""
    start = request.get("ExclusiveStartKey")
    if start is None:
        return ()
    key = normal_item(start)
    names = table.keys.names | index.keys.names if index else table.keys.names
    if key.keys() != names:
        raise invalid("The provided starting key is invalid")
    address = table.address(key)
    if index:
        table.check_index_keys(key)
    partition, sort = index.keys.address(key) if index else address
    if wanted and (partition != wanted.partition or not wanted.covers(sort)):
        raise invalid("The provided starting key is outside query boundaries based on provided conditions")
    place = (sort, *address) if index else (sort,)
    return place if wanted else (partition, *place)


def _place_key(table: Table, index: Index | None, item: Item) -> Item:
    return table.keys.of(item) | index.keys.of(item) if index else table.keys.of(item)


_PLAIN = (
    "TableName",
    "IndexName",
    "Select",
    "Limit",
    "ConsistentRead",
    "ExclusiveStartKey",
    "FilterExpression",
    "ProjectionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnConsumedCapacity",
)

OPERATIONS: dict[str, Operation] = {
    "Query": reading(_query, "KeyConditionExpression", "ScanIndexForward", *_PLAIN),
    "Scan": reading(_scan, *_PLAIN),
}
