"""A test's view of one engine: calls by name, Python values, and a partition of its own."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.dynamo.values import av, item, plain_item

PATIENCE_SECONDS = 20


class Desk:
    """Tables are shared by all tests of an engine; what a test writes is under `pk`, which is its own."""

    def __init__(self, client: Any, tables: dict[str, str], *, patient: bool = False) -> None:
        self.client = client
        self.tables = tables
        self.pk = uuid.uuid4().hex
        self._patient = patient

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        if "TableName" in request:
            request["TableName"] = self.tables.get(request["TableName"], request["TableName"])
        return self.client._make_api_call(operation, request)

    def refused(self, operation: str, code: str = "ValidationException", **request: Any) -> dict[str, Any]:
        """The response to a request that must be refused with this code."""
        with pytest.raises(ClientError) as caught:
            self.call(operation, **request)
        response: dict[str, Any] = caught.value.response
        assert response["Error"]["Code"] == code, response
        return response

    def key(self, sk: Any = "1") -> dict[str, Any]:
        return item(pk=self.pk, sk=sk)

    def put(self, sk: Any = "1", table: str = "things", **attributes: Any) -> dict[str, Any]:
        """Puts an item and returns its attributes."""
        whole = {"pk": self.pk, "sk": sk, **attributes}
        self.call("PutItem", TableName=table, Item=item(**whole))
        return whole

    def get(self, sk: Any = "1", table: str = "things") -> dict[str, Any] | None:
        found = self.call("GetItem", TableName=table, Key=self.key(sk), ConsistentRead=True)
        return plain_item(found["Item"]) if "Item" in found else None

    def update(self, expression: str, sk: Any = "1", **more: Any) -> dict[str, Any]:
        """Updates an item: `names` and `values` are the placeholders without # and :."""
        return self.call("UpdateItem", TableName="things", **_update(self.key(sk), expression, **more))

    def update_refused(
        self, expression: str, sk: Any = "1", code: str = "ValidationException", **more: Any
    ) -> dict[str, Any]:
        return self.refused(
            "UpdateItem", code, TableName="things", **_update(self.key(sk), expression, **more)
        )

    def holds(self, condition: str, sk: Any = "1", **placeholders: Any) -> bool:
        """Whether a condition holds, asked by itself and in a transaction, which must agree."""
        check = {"TableName": self.tables["things"], "Key": self.key(sk), "ConditionExpression": condition}
        check = _given(check, **placeholders)
        written = self._passes("UpdateItem", {**check, "UpdateExpression": "REMOVE never_there"})
        checked = self._passes("TransactWriteItems", {"TransactItems": [{"ConditionCheck": check}]})
        assert written == checked
        return written

    def query(self, condition: str = "pk = :pk", table: str = "things", **more: Any) -> dict[str, Any]:
        """A Query of the test's partition; `values` are added to :pk."""
        values = {"pk": self.pk, **more.pop("values", {})}
        request = _given({"TableName": table, "KeyConditionExpression": condition, **more}, values=values)
        if "IndexName" not in more:
            request["ConsistentRead"] = True
        return self.call("Query", **request)

    def sks(self, condition: str = "pk = :pk", table: str = "things", **more: Any) -> list[Any]:
        """The sort keys that a Query finds, in its order."""
        return [plain_item(each)["sk"] for each in self.query(condition, table, **more)["Items"]]

    def eventually(self, question: Callable[[], Any], answer: Any) -> None:
        """Asks until the answer comes where indexes lag behind; once where they don't."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self._patient and question() != answer and time.monotonic() < until:
            time.sleep(0.5)
        assert question() == answer

    def pages(self, **query: Any) -> list[list[dict[str, Any]]]:
        """All pages of a Query, following LastEvaluatedKey."""
        pages, more = [], {}
        while True:
            page = self.query(**query, **more)
            pages.append([plain_item(each) for each in page.get("Items", [])])
            if "LastEvaluatedKey" not in page:
                return pages
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def transact(self, *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self.call("TransactWriteItems", TransactItems=list(actions), **more)

    def cancelled(self, *actions: dict[str, Any]) -> list[dict[str, Any]]:
        """The reasons why a transaction was cancelled."""
        response = self.refused(
            "TransactWriteItems", "TransactionCanceledException", TransactItems=list(actions)
        )
        reasons: list[dict[str, Any]] = response["CancellationReasons"]
        return reasons

    def action(self, kind: str, sk: Any = "1", **more: Any) -> dict[str, Any]:
        """One action of a transaction; `attributes` make the item of a Put."""
        where = {"TableName": self.tables["things"]}
        if kind == "Put":
            return {"Put": _given(where | {"Item": self.key(sk) | item(**more.pop("attributes", {}))} | more)}
        return {kind: _given(where | {"Key": self.key(sk)} | more)}

    def _passes(self, operation: str, request: dict[str, Any]) -> bool:
        try:
            self.call(operation, **request)
        except ClientError as error:
            if error.response["Error"]["Code"] not in (
                "ConditionalCheckFailedException",
                "TransactionCanceledException",
            ):
                raise
            return False
        return True


def _update(key: dict[str, Any], expression: str, **more: Any) -> dict[str, Any]:
    return _given({"Key": key, "UpdateExpression": expression, **more})


def _given(request: dict[str, Any], names: Any = None, values: Any = None) -> dict[str, Any]:
    request = dict(request)
    names, values = names or request.pop("names", None), values or request.pop("values", None)
    if names:
        request["ExpressionAttributeNames"] = {f"#{name}": real for name, real in names.items()}
    if values:
        request["ExpressionAttributeValues"] = {f":{name}": av(value) for name, value in values.items()}
    return request
