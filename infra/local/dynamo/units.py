"""What a request costs, in read and write units, computed from sizes by AWS's rules.

Sources, all in the Developer Guide: "DynamoDB item sizes and formats" (sizes), "DynamoDB read and write operations"
(units), "Using Global Secondary Indexes in DynamoDB" sections on read and write units, "Amazon DynamoDB Transactions:
How it works" section Capacity management. AWS calls the size of a number approximate; here it is exactly the formula.
"""

from collections.abc import Callable, Iterable
from typing import Any

from infra.local.dynamo.decimals import significant_digits
from infra.local.dynamo.values import Item, Value

WRITE_BLOCK = 1024
READ_BLOCK = 4096
CONTAINER = 3
ELEMENT = 1


def value_size(value: Value) -> int:
    """Bytes of a canonical attribute value, without its name."""
    ((kind, content),) = value.items()
    return _SIZES[kind](content)


def item_size(item: Item) -> int:
    """Bytes of an item: every attribute's name and value. The 100 bytes of storage overhead aren't charged to requests."""
    return sum(text_size(name) + value_size(value) for name, value in item.items())


def changed_size(before: tuple[Item, int], after: Item, touched: Iterable[str]) -> int:
    """As `item_size(after)`, of an item that was of a known size and has these attributes changed, and no other."""
    item, size = before
    for name in touched:
        size += _attribute_size(after, name) - _attribute_size(item, name)
    return size


def _attribute_size(item: Item, name: str) -> int:
    value = item.get(name)
    return 0 if value is None else text_size(name) + value_size(value)


def text_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def number_size(number: str) -> int:
    return (significant_digits(number) + 1) // 2 + 1


def write_units(before: int, after: int) -> int:
    """One write of an item: by the larger of its sizes before and after (0: absent), one unit a begun KB, at least one.

    A refused condition is charged as a write of what was there.
    """
    return blocks(max(before, after), WRITE_BLOCK)


def index_write_units(before: int | None, after: int | None, *, moved: bool, changed: bool) -> int:
    """What one write of an item costs on one index; sizes are of the index entry, None where there is no entry.

    A new entry is one write, a dropped entry is one; a changed index key drops the old and puts the new; a change to
    projected attributes alone is one write; an entry that stays the same is free.
    """
    if before is not None and after is not None:
        if moved:
            return blocks(before, WRITE_BLOCK) + blocks(after, WRITE_BLOCK)
        return write_units(before, after) if changed else 0
    entry = before if after is None else after
    return 0 if entry is None else blocks(entry, WRITE_BLOCK)


def read_units(size: int, *, consistent: bool) -> float:
    """One read: by size, one unit a begun 4 KB, at least one; half when eventually consistent.

    For a Query or Scan `size` is the sum over all evaluated items: it is rounded once.
    """
    return blocks(size, READ_BLOCK) * (1.0 if consistent else 0.5)


def transaction_write_units(before: int, after: int) -> int:
    """Twice a write: once to prepare, once to commit. A condition check counts as a write of what it looks at."""
    return 2 * write_units(before, after)


def transaction_read_units(size: int) -> float:
    return 2 * read_units(size, consistent=True)


def blocks(size: int, block: int) -> int:
    return max(1, -(-size // block))


_SIZES: dict[str, Callable[[Any], int]] = {
    "S": text_size,
    "N": number_size,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "L": lambda children: CONTAINER + sum(ELEMENT + value_size(child) for child in children),
    "M": lambda children: CONTAINER + ELEMENT * len(children) + item_size(children),
    "SS": lambda members: sum(map(text_size, members)),
    "NS": lambda members: sum(map(number_size, members)),
    "BS": lambda members: sum(map(len, members)),
}
