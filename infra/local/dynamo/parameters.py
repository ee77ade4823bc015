"""What a request may say. A parameter that the engine doesn't do is refused by its name, never passed over."""

from collections.abc import Set as AbstractSet
from typing import Any

from infra.local.dynamo.refusals import invalid


def allow(request: Any, known: AbstractSet[str], what: str) -> None:
    if not isinstance(request, dict):
        raise invalid(f"{what} takes parameters by name")
    unknown = request.keys() - known
    if unknown:
        raise invalid(
            f'Unknown parameter in {what}: "{min(unknown)}", must be one of: {", ".join(sorted(known))}'
        )


def need(request: dict[str, Any], *names: str) -> None:
    for name in names:
        if request.get(name) is None:
            raise invalid(f'Missing required parameter: "{name}"')


def choice(request: dict[str, Any], name: str, *allowed: str) -> str:
    """The parameter's value, the first of `allowed` if it's left out."""
    value = request.get(name) or allowed[0]
    if value not in allowed:
        raise invalid(f"Value '{value}' at '{name}' must be one of: {', '.join(allowed)}")
    return str(value)


def whole(request: dict[str, Any], name: str) -> int | None:
    """A positive whole number, or None if it's left out."""
    value = request.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise invalid(f"Value '{value}' at '{name}' must be a whole number greater than or equal to 1")
    return value
