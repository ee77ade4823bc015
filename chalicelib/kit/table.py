"""pynamodb on one shared client: the drawer every room's store opens.

A pynamodb model makes a client of its own, which costs a cold function most of its start; here all models and
transactions share the one that `use` was given, botocore's in the cloud and the embedded engine's on one machine.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import random
from typing import Any, cast

from botocore.exceptions import ClientError
from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition as Condition  # noqa: PLC0414  # passed on to services
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.kit.outside import DynamoClient

REGION = os.environ.get("AWS_REGION", "us-east-1")
CONFLICT_ATTEMPTS = 5
REFUSED = "ConditionalCheckFailedException"

_connection = Connection(region=REGION)


class _Patient:
    """The client, trying again where a plain write met a transaction on its item.

    DynamoDB refuses that write with TransactionConflictException, also where the item is only in the transaction's condition
    check; botocore does not try it again.
    """

    _request_signer = None

    def __init__(self, client: DynamoClient) -> None:
        self._client = client

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]:
        for attempt in range(CONFLICT_ATTEMPTS):
            try:
                return self._client._make_api_call(operation_name, api_params)  # noqa: SLF001  # pynamodb's one call
            except ClientError as error:
                met_one = error.response["Error"]["Code"] == "TransactionConflictException"
                if not met_one or operation_name.startswith("Transact") or attempt == CONFLICT_ATTEMPTS - 1:
                    raise
                time.sleep(random() * 0.01 * 2**attempt)  # noqa: S311  # only spreads load
        raise AssertionError


def use(client: DynamoClient) -> None:
    """From now on every store in this process speaks through `client`."""
    _connection._client = cast(Any, _Patient(client))  # noqa: SLF001  # the seam pynamodb leaves: design.md, one storage code


def named(name: str) -> str:
    """A table's full name; the prefix is the stack's own."""
    return os.environ.get("DESKBELL_TABLES", "deskbell-") + name


class Table(Model):
    """A pynamodb model on the shared client."""

    class Meta:
        table_name = ""

    @classmethod
    def _get_connection(cls) -> TableConnection:
        own = super()._get_connection()
        own.connection._client = _connection._client  # noqa: SLF001
        return own

    def to_raw(self) -> dict[str, Any]:
        """The item as DynamoDB keeps it."""
        return cast(dict[str, Any], self.serialize())


KeyMap = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class RawPage:
    items: list[dict[str, Any]]
    last_key: KeyMap | None


def query_page(
    model: type[Table],
    hash_key: str,
    where: Condition | None = None,
    *,
    index: str | None = None,
    consistent: bool = False,
    newest_first: bool = False,
    limit: int | None = None,
    after: KeyMap | None = None,
    only: Condition | None = None,
) -> RawPage:
    """One Query request: its raw items, of whatever models share the partition. `only` filters what was read and paid for."""
    answer = model._get_connection().query(  # noqa: SLF001
        hash_key,
        range_key_condition=where,
        filter_condition=only,
        index_name=index,
        consistent_read=consistent,
        scan_index_forward=not newest_first,
        limit=limit,
        exclusive_start_key=after,
    )
    return RawPage(items=answer["Items"], last_key=answer.get("LastEvaluatedKey"))


def query_all(
    model: type[Table],
    hash_key: str,
    where: Condition | None = None,
    *,
    index: str | None = None,
    consistent: bool = False,
) -> Iterator[dict[str, Any]]:
    """Every raw item of a partition that is known to be small, or from a place near its end."""
    after: KeyMap | None = None
    while True:
        page = query_page(model, hash_key, where, index=index, consistent=consistent, after=after)
        yield from page.items
        after = page.last_key
        if after is None:
            return


def get_raw(
    model: type[Table], hash_key: str, range_key: str, *, consistent: bool = True
) -> dict[str, Any] | None:
    answer = model._get_connection().get_item(  # noqa: SLF001
        hash_key, range_key, consistent_read=consistent
    )
    return cast("dict[str, Any] | None", answer.get("Item"))


def put_if_absent(item: Table, attribute: Any) -> dict[str, Any] | None:
    """Stores the item where none is, for one write and no read. Returns what stood there instead, or None.

    `attribute` is the item's hash key attribute. One's own put whose response was lost comes back as what stood there:
    the caller compares ids.
    """
    request = item.get_save_kwargs_from_instance(
        condition=attribute.does_not_exist(), return_values_on_condition_failure="ALL_OLD"
    )
    try:
        _connection.client._make_api_call("PutItem", request)  # noqa: SLF001  # pynamodb's own call loses `Item`
    except ClientError as error:
        if error.response["Error"]["Code"] != REFUSED:
            raise
        return cast(dict[str, Any], cast(dict[str, Any], error.response).get("Item") or {})
    return None


def update_only(item: Table, actions: Sequence[Action], condition: Condition | None = None) -> None:
    """Updates the item with these keys, or raises pynamodb's UpdateError, as its own `update` does.

    That one has the whole item told and reads it, and has the cost computed: for a caller who wants neither, half the work.
    """
    hash_key, range_key = item._get_hash_range_key_serialized_values()  # noqa: SLF001
    item._get_connection().update_item(  # noqa: SLF001
        hash_key,
        range_key,
        actions=actions,
        condition=condition,
        return_values="NONE",
        return_consumed_capacity="NONE",
    )


def was_refused(error: PynamoDBException) -> bool:
    """Whether a condition said no, rather than something failing."""
    return _code(error) == REFUSED


def _code(error: PynamoDBException) -> str | None:
    """DynamoDB's own code; None where no answer came, of which pynamodb's `cause_response_code` makes a fault."""
    cause = error.cause
    return cause.response["Error"]["Code"] if isinstance(cause, ClientError) else None


@dataclass(frozen=True)
class Put:
    item: Table
    condition: Condition | None = None


@dataclass(frozen=True)
class Update:
    """`if_needed`: refused because it is so already, it is left out, and the others are written all the same.

    `refusal`: what its refusal means to whoever asked, raised in place of `Clash`.
    """

    item: Table
    actions: Sequence[Action]
    condition: Condition | None = None
    if_needed: bool = False
    refusal: Callable[[], Exception] | None = None


@dataclass(frozen=True)
class Delete:
    item: Table
    condition: Condition | None = None


@dataclass(frozen=True)
class Check:
    """Nothing is written: the others are only if this holds of the item with these keys."""

    model: type[Table]
    hash_key: str
    range_key: str
    condition: Condition


Write = Put | Update | Delete | Check


@dataclass
class Clash(Exception):
    """A transaction was refused as a whole.

    `refused` are the places, in the order written, whose condition said no; empty where somebody else was at the same
    items this very moment, and the same may be tried again.
    """

    refused: list[int] = field(default_factory=list)


def transact(writes: Sequence[Write], token: str) -> None:
    """All of the writes or none. `token` (35 characters at most) makes a lost answer's repetition harmless."""
    try:
        _transact(writes, token)
    except Clash as clash:
        left_out = [writes[at] for at in clash.refused]
        updates = [w for w in left_out if isinstance(w, Update)]
        for update in updates:
            if update.refusal:
                raise update.refusal() from clash
        if not left_out or not all(w.if_needed for w in updates) or len(updates) < len(left_out):
            raise
        _transact([w for w in writes if w not in left_out], f"{token}-")


_PASSING = frozenset(
    {
        "None",
        "ConditionalCheckFailed",
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    }
)
"""Reasons of a cancelled transaction that say: look again. The others stay."""


def _transact(writes: Sequence[Write], token: str) -> None:
    order = [w for kind in (Check, Delete, Put, Update) for w in writes if isinstance(w, kind)]
    try:
        with TransactWrite(connection=_connection, client_request_token=token) as transaction:
            for write in writes:
                match write:
                    case Put(item, condition):
                        transaction.save(item, condition=condition)
                    case Update(item, actions, condition):
                        transaction.update(item, actions=list(actions), condition=condition)
                    case Delete(item, condition):
                        transaction.delete(item, condition=condition)
                    case Check(model, hash_key, range_key, condition):
                        transaction.condition_check(model, hash_key, range_key, condition)
    except TransactWriteError as error:
        if _code(error) not in ("TransactionCanceledException", "TransactionConflictException"):
            raise
        reasons = [(at, reason.code) for at, reason in enumerate(error.cancellation_reasons) if reason]
        if any(code not in _PASSING for _, code in reasons):
            raise  # too large, or wrong: trying again would change nothing
        refused = [writes.index(order[at]) for at, code in reasons if code == "ConditionalCheckFailed"]
        raise Clash(sorted(refused)) from error


def delete_returning(item: Table) -> dict[str, Any] | None:
    """Deletes the item; what it was, to the one caller who deleted it."""
    request = item.get_delete_kwargs_from_instance()
    request["ReturnValues"] = "ALL_OLD"
    answer = _connection.client._make_api_call("DeleteItem", request)  # noqa: SLF001  # pynamodb's drops `Attributes`
    return cast("dict[str, Any] | None", answer.get("Attributes"))
