"""Counts what a program's requests would cost, at the one method that pynamodb calls."""

from collections import Counter
from threading import Lock
from typing import Any, Protocol

from botocore.exceptions import ClientError

_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")


class Client(Protocol):
    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]: ...


class Meter:
    """Wraps a client and has its one method. A refused condition costs units too, and the engine tells how many."""

    _request_signer = None

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        self.requests: Counter[str] = Counter()
        self.read_units = 0.0
        self.write_units = 0.0

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]:
        if not _is_charged(operation_name):
            self._count(operation_name, {})
            return self._client._make_api_call(operation_name, api_params)  # noqa: SLF001 - the seam itself
        asked = api_params.get("ReturnConsumedCapacity", "NONE") != "NONE"
        params = api_params if asked else {**api_params, "ReturnConsumedCapacity": "TOTAL"}
        try:
            response = self._client._make_api_call(operation_name, params)  # noqa: SLF001 - the seam itself
        except ClientError as error:
            self._count(operation_name, error.response)
            raise
        self._count(operation_name, response)
        if not asked:
            response.pop("ConsumedCapacity", None)
        return response

    def _count(self, operation: str, response: Any) -> None:
        told = response.get("ConsumedCapacity", [])
        reads = writes = 0.0
        for each in told if isinstance(told, list) else [told]:
            if "ReadCapacityUnits" in each or operation not in _WRITES:
                reads += each["CapacityUnits"]
            else:
                writes += each["CapacityUnits"]
        with self._lock:
            self.requests[operation] += 1
            self.read_units += reads
            self.write_units += writes


def _is_charged(operation: str) -> bool:
    return operation.endswith(("Item", "Items")) or operation in ("Query", "Scan")
