"""The engine: takes what pynamodb would send to AWS, and answers as DynamoDB documents it."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.dynamo.errors import StoreBroken
from infra.local.dynamo.operations import (
    administration,
    batches,
    expiry,
    indexes,
    items,
    queries,
    transactions,
)
from infra.local.dynamo.operations.operation import Desk, Operation, Request, Response
from infra.local.dynamo.parameters import allow
from infra.local.dynamo.refusals import Refused
from infra.local.dynamo.storage.stores import FileStore, MemoryStore, Store
from infra.local.dynamo.tables import Catalog

OPERATIONS: dict[str, Operation] = {
    **administration.OPERATIONS,
    **batches.OPERATIONS,
    **indexes.OPERATIONS,
    **items.OPERATIONS,
    **queries.OPERATIONS,
    **transactions.OPERATIONS,
}


class EmbeddedDynamo:
    """DynamoDB's item operations on SQLite, with the one method that pynamodb calls on botocore's client.

    Thread-safe. A write that has returned is on the disk and is seen by every later read. `path` is a file, made if there
    is none, or ":memory:". Opening raises DamagedStore, NewerStore or StoreInUse. `on_broken` is called once, on a thread
    of its own, if the disk fails: from then on every request is refused, and the process had better stop. `max_pages`
    bounds the file, in pages of 4 KB. `clock` tells the epoch second for what DynamoDB does by time.
    """

    _request_signer = None  # where pynamodb looks for credentials, of which there are none

    def __init__(
        self,
        path: str | Path = ":memory:",
        *,
        on_broken: Callable[[Exception], None] | None = None,
        max_pages: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        in_memory = str(path) == ":memory:"
        self._store: Store = MemoryStore() if in_memory else FileStore(Path(path), on_broken, max_pages)
        self._catalog = Catalog()
        self._desk = Desk(self._catalog, clock)
        try:
            self._store.read(lambda db: administration.load(db, self._catalog))
        except BaseException:
            self._store.close()
            raise

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]:
        """Raises ClientError, as botocore does. InternalServerError means that the store is broken."""
        try:
            return self._answer(operation_name, api_params)
        except Refused as refused:
            raise refused.as_client_error(operation_name) from None
        except StoreBroken as broken:
            raise Refused("InternalServerError", str(broken)).as_client_error(operation_name) from broken

    @property
    def broken(self) -> bool:
        """Whether the disk failed: known to whoever gets a refusal for it, which may be before `on_broken` is called."""
        return self._store.broken

    def expire(self, now_epoch_s: int, limit: int = 1000) -> int:
        """Deletes items past their time to live, the longest past first, and says how many."""
        return self._store.write(lambda db: expiry.expire(db, self._catalog, now_epoch_s, limit))

    def close(self) -> None:
        """Commits what waits, ends the writer's thread and gives the file free."""
        self._store.close()

    def _answer(self, name: str, request: Request) -> Response:
        operation = OPERATIONS.get(name)
        if operation is None:
            raise Refused("UnknownOperationException", f"The embedded DynamoDB does not do {name}.")
        allow(request, operation.parameters, name)
        generation = self._catalog.generation
        work = operation.prepare(self._desk, request)
        if not operation.writes:
            return self._store.read(work)

        def still_right(db: sqlite3.Connection) -> Response:
            """A table may have been dropped, or its time to live switched, while the request stood in the queue."""
            if self._catalog.generation == generation:
                return work(db)
            return operation.prepare(self._desk, request)(db)

        return self._store.write(still_right)
