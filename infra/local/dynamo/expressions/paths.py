"""Document paths: attribute names and list indexes from the top of an item downwards, such as `lines[0].price`."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TypeAlias

from infra.local.dynamo.refusals import Refused, invalid
from infra.local.dynamo.values import Item, Value

Path: TypeAlias = tuple[str | int, ...]


def spelled(path: Path) -> str:
    return "[" + ", ".join(f"[{step}]" if isinstance(step, int) else step for step in path) + "]"


def found(item: Item, path: Path) -> Value | None:
    """What stands at the path, or None."""
    value = item.get(path[0])  # type: ignore[arg-type]  # a path begins with a name
    for step in path[1:]:
        if value is None:
            return None
        value = _child(value, step)
    return value


def _child(value: Value, step: str | int) -> Value | None:
    if isinstance(step, str):
        child: Value | None = value["M"].get(step) if "M" in value else None
        return child
    children = value.get("L", ())
    return children[step] if step < len(children) else None


def overlap(paths: Iterable[Path], kind: str) -> Refused | None:
    """Why these paths can't stand in one expression: one holds another, or they disagree whether it's a map or a list."""
    for one, two in combinations(paths, 2):
        shared = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), None)
        where = f"path one: {spelled(one)}, path two: {spelled(two)}"
        if shared is None:
            why = "Two document paths overlap with each other; must remove or rewrite one of these paths"
            return invalid(f"Invalid {kind}: {why}; {where}")
        if type(one[shared]) is not type(two[shared]):
            why = "Two document paths conflict with each other; must remove or rewrite one of these paths"
            return invalid(f"Invalid {kind}: {why}; {where}")
    return None


def only(item: Item, paths: Sequence[Path]) -> Item:
    """The part of the item that the paths name, in the item's own shape; list elements close up."""
    picked = _picked({"M": item}, [path for path in paths if found(item, path) is not None])
    part: Item = picked["M"]
    return part


def _picked(value: Value, paths: Sequence[Path]) -> Value:
    if any(not path for path in paths):
        return value
    below: dict[str | int, list[Path]] = {}
    for path in paths:
        below.setdefault(path[0], []).append(path[1:])
    if "L" in value:
        at = sorted(step for step in below if isinstance(step, int))
        return {"L": [_picked(value["L"][step], below[step]) for step in at]}
    return {"M": {str(step): _picked(value["M"][step], rest) for step, rest in below.items()}}
