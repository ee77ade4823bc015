"""What every suite shares: a house on an embedded engine in memory, a frozen clock, and sockets that remember."""

import os

os.environ.setdefault("AWS_ACCESS_KEY_ID", "unused")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "unused")
os.environ.setdefault("AWS_REGION", "us-east-1")

from collections.abc import Iterator

import pytest

from tests.house import House


@pytest.fixture
def house() -> Iterator[House]:
    """A house with the demo shop: queue `support`, its scheme, Ann and Bob serving, Sue supervising."""
    with House.open() as opened:
        yield opened
