"""DynamoDB's refusals: made inside the engine as `Refused`, handed to the caller as botocore's ClientError."""

from typing import Any

from botocore.exceptions import ClientError


class Refused(Exception):
    """One request is refused; the store is as it was. `more` stands beside Error in the response."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.more = more

    def as_client_error(self, operation: str) -> ClientError:
        response: dict[str, Any] = {
            "Error": {"Code": self.code, "Message": self.message},
            "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {}, "RetryAttempts": 0},
            **self.more,
        }
        return ClientError(response, operation)


def invalid(message: str) -> Refused:
    return Refused("ValidationException", message)


def invalid_parameter(message: str) -> Refused:
    return invalid(f"One or more parameter values were invalid: {message}")


def no_such_table(name: object) -> Refused:
    return Refused(
        "ResourceNotFoundException", f"Requested resource not found: Table: {name} not found", TableName=name
    )


def condition_failed(**more: Any) -> Refused:
    return Refused("ConditionalCheckFailedException", "The conditional request failed", **more)


def cancelled(reasons: list[dict[str, Any]], **more: Any) -> Refused:
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return Refused("TransactionCanceledException", message, CancellationReasons=reasons, **more)
