"""One process writes a store at a time."""

import fcntl
import os
from pathlib import Path

from infra.local.dynamo.errors import StoreInUse


class ProcessLock:
    """An exclusive lock on `<store>.lock`, held until released or until the process is gone, however it goes.

    The lock file stays behind on purpose: deleting it would let two processes lock two files of one name.
    """

    def __init__(self, store: Path) -> None:
        self._file = os.open(f"{store}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise StoreInUse(f"{store} is in use by another process; stop that one first.") from None

    def release(self) -> None:
        os.close(self._file)
