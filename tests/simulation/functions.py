"""Lambda as it is: each event runs a function of its own, which may die, be asked again, or answer too late."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from greenlet import getcurrent, greenlet

from chalicelib.kit.errors import DeskError
from tests.house import FAILURES
from tests.simulation.hub import Box, Hub
from tests.simulation.seam import Crash

PATIENCE = 10.0
"""Seconds after which a client takes a call for lost."""
STORE_FAILED = (*FAILURES, ClientError)


class NoAnswer(Exception):
    """Nobody knows whether it was done."""


class Refused(Exception):
    """The house said no, or that it failed."""

    def __init__(self, code: str, retry_after_s: int | None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


@dataclass
class Functions:
    hub: Hub
    counts: Counter[str]
    unexpected: Callable[[str], None]
    """Told of an exception that is neither a refusal nor the store's."""
    names: dict[greenlet, str] = field(default_factory=dict)

    @property
    def running(self) -> str | None:
        """Which function is at it; None: the simulation itself, which no fault strikes."""
        return self.names.get(getcurrent())

    def begin(self, name: str, act: Callable[[], Any], *, after: float = 0.0) -> Box:
        """Starts a function. What comes of it is put into the box, unless it dies."""
        box = Box(self.hub)

        def body() -> None:
            me = getcurrent()
            self.names[me] = name
            try:
                box.put(act())
            except Crash:
                self.counts["function died"] += 1
            except DeskError as error:
                box.put(Refused(error.code, error.retry_after_s))
            except STORE_FAILED:
                box.put(Refused("internal_error", 1))
            except Exception as error:  # noqa: BLE001  # a finding, whatever it is
                self.unexpected(f"{name} raised {error!r}")
            finally:
                del self.names[me]

        self.hub.spawn(body, after=after)
        return box

    def call(self, name: str, act: Callable[[], Any]) -> Any:
        """A REST call, from outside: its answer, `Refused`, or `NoAnswer`."""
        box = self.begin(name, act)
        if not box.wait(PATIENCE):
            raise NoAnswer
        if isinstance(box.value, Refused):
            raise box.value
        return box.value
