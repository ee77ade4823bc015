"""Tables, their keys and indexes, and the address of an item: its key as text that sorts as DynamoDB sorts."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from infra.local.dynamo.decimals import sortable
from infra.local.dynamo.refusals import Refused, invalid, invalid_parameter, no_such_table
from infra.local.dynamo.units import text_size
from infra.local.dynamo.values import Item, Value

LONGEST_PARTITION_KEY = 2048
LONGEST_SORT_KEY = 1024

Address: TypeAlias = tuple[str, str]
"""Partition and sort key as text; a table without a sort key has "" there."""


@dataclass(frozen=True, slots=True)
class KeyPart:
    name: str
    kind: str
    longest: int

    def takes(self, value: Value) -> bool:
        """Whether a value can stand here."""
        content = value.get(self.kind)
        return content is not None and (self.kind == "N" or 0 < _length(content) <= self.longest)


@dataclass(frozen=True)
class Keys:
    partition: KeyPart
    sort: KeyPart | None

    @cached_property
    def parts(self) -> tuple[KeyPart, ...]:
        return (self.partition,) if self.sort is None else (self.partition, self.sort)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(part.name for part in self.parts)

    def of(self, item: Item) -> Item:
        """The key attributes of an item that has them all."""
        return {part.name: item[part.name] for part in self.parts}

    def address(self, item: Item) -> Address:
        """Where an item belongs, when its keys are known to be right."""
        return key_text(item[self.partition.name]), key_text(item[self.sort.name]) if self.sort else ""


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index; `projected` is None when it holds whole items. It's sparse: without its key, no entry.

    Nor is there one for a key that can't be one, which only an item older than the index may have: Developer Guide,
    "Detecting and correcting index key violations in DynamoDB".
    """

    number: int
    name: str
    keys: Keys
    local: bool
    projected: frozenset[str] | None

    def place(self, item: Item | None) -> Address | None:
        """Where the index has an item; None if the item isn't in it."""
        if item is None or not self._takes(item):
            return None
        return self.keys.address(item)

    def has_alike(self, one: Item, other: Item) -> bool:
        """Whether the index has both at the same place, or neither; quicker than comparing places, and nearly always so."""
        return all(one.get(part.name) == other.get(part.name) for part in self.keys.parts)

    def entry(self, item: Item | None) -> Item | None:
        """What the index holds of an item; None if the item isn't in it."""
        if item is None or not self._takes(item):
            return None
        if self.projected is None:
            return item
        return {name: value for name, value in item.items() if name in self.projected}

    def _takes(self, item: Item) -> bool:
        for part in self.keys.parts:
            value = item.get(part.name)
            if value is None or not part.takes(value):
                return False
        return True


@dataclass(frozen=True)
class Table:
    number: int
    name: str
    keys: Keys
    indexes: tuple[Index, ...]
    definition: dict[str, Any] = field(compare=False)
    ttl: str | None = None
    """The attribute with the second after which an item may be deleted, if that is switched on."""

    @cached_property
    def index_keys(self) -> tuple[tuple[Index, KeyPart], ...]:
        """Every index's key parts that aren't the table's own."""
        return tuple(
            (index, part)
            for index in self.indexes
            for part in index.keys.parts
            if part.name not in self.keys.names
        )

    def index(self, name: str) -> Index:
        for index in self.indexes:
            if index.name == name:
                return index
        raise invalid(f"The table does not have the specified index: {name}")

    def address(self, item: Item) -> Address:
        """Where an item belongs; refuses a key that is missing, of another type, empty or too long."""
        for part in self.keys.parts:
            value = item.get(part.name)
            if value is None:
                raise invalid_parameter(f"Missing the key {part.name} in the item")
            _check_key(part, value)
        return self.keys.address(item)

    def address_of_key(self, key: Item) -> Address:
        """As `address`, for a request's Key, which has the key attributes and no other."""
        if key.keys() != self.keys.names:
            raise invalid("The provided key element does not match the schema")
        for part in self.keys.parts:
            if part.kind not in key[part.name]:
                raise invalid("The provided key element does not match the schema")
        return self.address(key)

    def check_index_keys(self, item: Item) -> None:
        """An item may lack an index's key, but what stands there has the declared type and isn't empty."""
        for index, part in self.index_keys:
            value = item.get(part.name)
            if value is not None:
                try:
                    _check_key(part, value)
                except Refused as refused:
                    raise invalid(
                        f"{refused.message} IndexName: {index.name}, IndexKey: {part.name}"
                    ) from None


def key_text(value: Value) -> str:
    """A key attribute's value as text in DynamoDB's order: strings by UTF-8, numbers by value, binaries by unsigned bytes."""
    ((kind, content),) = value.items()
    if kind == "S":
        return str(content)
    return sortable(content) if kind == "N" else bytes(content).hex()


def _check_key(part: KeyPart, value: Value) -> None:
    content = value.get(part.kind)
    if content is None:
        (actual,) = value
        raise invalid_parameter(f"Type mismatch for key {part.name} expected: {part.kind} actual: {actual}")
    if part.kind == "N":
        return
    if not content:
        what = "string" if part.kind == "S" else "binary"
        raise invalid(
            f"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            f"empty {what} value. Key: {part.name}"
        )
    if _length(content) > part.longest:
        raise invalid_parameter(
            f"Size of key {part.name} has exceeded the maximum size limit of {part.longest} bytes"
        )


def _length(content: str | bytes) -> int:
    """In bytes."""
    return text_size(content) if isinstance(content, str) else len(content)


class Catalog:
    """The tables there are, by name; `generation` tells whether they're still those of a while ago."""

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}
        self.generation = 0

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def table(self, name: object) -> Table:
        table = self._tables.get(name) if isinstance(name, str) else None
        if table is None:
            raise no_such_table(name)
        return table

    def names(self) -> list[str]:
        return sorted(self._tables)

    def tables(self) -> list[Table]:
        return list(self._tables.values())

    def keep(self, table: Table) -> None:
        self._tables[table.name] = table
        self.generation += 1

    def forget(self, name: str) -> None:
        del self._tables[name]
        self.generation += 1
