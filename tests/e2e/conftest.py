"""A server of one's own for each test that wants one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data", settings={"DESKBELL_LIMITS": "off"})
    running.start()
    yield running
    running.kill()
