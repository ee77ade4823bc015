"""Which resource of the REST API a path belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from infra.local.gateway.events import Matched


class ImpossibleRoute(Exception):
    """API Gateway would refuse to create this resource."""


@dataclass
class _Node:
    """One part of a path: the resource that ends here, if one does, and what may follow."""

    resource: str | None = None
    literals: dict[str, "_Node"] = field(default_factory=dict)
    variable: str | None = None
    behind_variable: "_Node | None" = None


class RouteTable:
    """Chalice's resource paths as a tree: a literal part wins over a variable one, as in API Gateway.

    Refused like there: two variables of different names under one parent.
    """

    def __init__(self, resources: Iterable[str]) -> None:
        self._root = _Node()
        for resource in sorted(resources):
            self._add(resource)

    def match(self, path: str) -> Matched | None:
        """The resource of a percent-encoded path, with or without a slash at its end; None where there is none."""
        captured: list[tuple[str, str]] = []
        resource = _resource_under(self._root, _parts(path), captured)
        return None if resource is None else Matched(resource, dict(captured))

    def _add(self, resource: str) -> None:
        node = self._root
        for part in _parts(resource):
            if not part.startswith("{"):
                node = node.literals.setdefault(part, _Node())
                continue
            node.variable = node.variable or part[1:-1]
            if node.variable != part[1:-1]:
                raise ImpossibleRoute(f"{resource}: a sibling already has the variable {{{node.variable}}}")
            node.behind_variable = node.behind_variable or _Node()
            node = node.behind_variable
        node.resource = resource


def _resource_under(node: _Node, parts: list[str], captured: list[tuple[str, str]]) -> str | None:
    if not parts:
        return node.resource
    first, rest = parts[0], parts[1:]
    literal = node.literals.get(unquote(first))
    if literal is not None:
        found = _resource_under(literal, rest, captured)
        if found is not None:
            return found
    if node.behind_variable is None or node.variable is None or not first:
        return None
    captured.append((node.variable, first))
    found = _resource_under(node.behind_variable, rest, captured)
    if found is None:
        captured.pop()
    return found


def _parts(path: str) -> list[str]:
    trimmed = path.removeprefix("/").removesuffix("/")
    return trimmed.split("/") if trimmed else []
