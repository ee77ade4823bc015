"""An expression as it is kept: its tree, the placeholders it uses, the top-level attributes it speaks of."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from infra.local.dynamo.expressions.reader import Reader

KEPT = 2048
"""How many expressions of a kind are kept parsed; a program has a few hundred, named alike each time."""

Tree = TypeVar("Tree")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[Tree]):
    tree: Tree
    names: frozenset[str]
    values: frozenset[str]
    attributes: frozenset[str]


def parsed(tree: Tree, reader: Reader) -> Parsed[Tree]:
    return Parsed(
        tree, frozenset(reader.names_used), frozenset(reader.values_used), frozenset(reader.attributes)
    )
