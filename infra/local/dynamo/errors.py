"""What can be wrong with the store itself, each said in one sentence to the person who started the process.

Refusals that DynamoDB would also give are no errors of the store: see `refusals`.
"""


class StoreError(Exception):
    """The store can't be used; nothing in it was changed by finding out."""


class DamagedStore(StoreError):
    """The file isn't a sound store: not a database, cut short, or a page of it can't be read."""


class NewerStore(StoreError):
    """A later release wrote this file, and this one doesn't know its form."""


class UnusableStore(StoreError):
    """The file can't be opened: no permission, a read-only disk, or a full one. Nothing says that it is damaged."""


class StoreInUse(StoreError):
    """Another process has the file open for writing."""


class StoreBroken(StoreError):
    """A commit or a read failed at the disk; what was acknowledged before stands, and nothing is accepted after."""


class StoreClosed(StoreError):
    """`close()` was called."""

    def __init__(self) -> None:
        super().__init__("The store is closed.")
