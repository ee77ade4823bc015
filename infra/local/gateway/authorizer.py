"""The REQUEST authorizer of `$connect`: its function's answer, judged as API Gateway judges it."""

import fnmatch
from collections.abc import Mapping
from typing import Any

from infra.local.gateway.context import LambdaContext
from infra.local.gateway.events import Event

_INVOKE = "execute-api:Invoke"


class Unauthorized(Exception):
    """The authorizer raised "Unauthorized": 401."""


class Denied(Exception):
    """The policy doesn't allow `$connect`, or denies it: 403."""


class BadAuthorizer(Exception):
    """The authorizer failed, or answered what API Gateway can't read: 500."""


class Authorizer:
    """Asks the function and turns its answer into what later events carry as `requestContext.authorizer`."""

    def __init__(self, function: Any, name: str) -> None:
        self._function = function
        self._name = name

    def __call__(self, event: Event) -> dict[str, Any]:
        """Raises Unauthorized, Denied or BadAuthorizer."""
        context = LambdaContext(self._name)
        try:
            answer = self._function(event, context)
        except Exception as error:
            # API Gateway knows a refusal by this very message; any other error is a fault.
            if str(error) == "Unauthorized":
                raise Unauthorized from error
            raise BadAuthorizer(f"{self._name} raised {type(error).__name__}: {error}") from error
        return _allowed_context(answer, event["methodArn"])


def _allowed_context(answer: Any, arn: str) -> dict[str, Any]:
    if not isinstance(answer, Mapping) or not isinstance(answer.get("principalId"), str):
        raise BadAuthorizer("the authorizer's answer has no principalId")
    policy = answer.get("policyDocument")
    if not isinstance(policy, Mapping) or not isinstance(policy.get("Statement"), list):
        raise BadAuthorizer("the authorizer's answer has no policyDocument with statements")
    effects = {statement.get("Effect") for statement in policy["Statement"] if _covers(statement, arn)}
    if "Deny" in effects or "Allow" not in effects:
        raise Denied
    context = answer.get("context") or {}
    if not all(isinstance(value, str | int | float | bool) for value in context.values()):
        raise BadAuthorizer("the authorizer's context may hold strings, numbers and booleans only")
    return {"principalId": answer["principalId"], "integrationLatency": 0, **context}


def _covers(statement: Mapping[str, Any], arn: str) -> bool:
    return any(fnmatch.fnmatchcase(_INVOKE, action) for action in _as_list(statement.get("Action"))) and any(
        fnmatch.fnmatchcase(arn, resource) for resource in _as_list(statement.get("Resource"))
    )


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []
