"""The stand-in around a small app, served in a thread on a free port."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from chalicelib.kit.clock import machine_clock
from infra.local.house import Cellar, House
from infra.local.server import Server, listen, server_of
from infra.local.settings import LocalSettings
from tests.contract.local.small_app import GOOD_TICKET, SmallApp

HEADERS = {
    "rules": [
        {"path": "/assets/*", "headers": {"Cache-Control": "public, max-age=31536000, immutable"}},
        {
            "path": "/*",
            "headers": {
                "Cache-Control": "no-cache",
                "Content-Security-Policy": "frame-ancestors {ancestors}",
            },
        },
    ]
}


def wait_until(holds: Callable[[], Any], within_s: float = 5.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.002)


@dataclass
class Desk:
    """A running stand-in, and clients for it."""

    small: SmallApp
    cellar: Cellar
    house: House
    server: Server
    port: int
    site: Path
    origins: dict[str, list[str]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False)

    def socket(self, query: str = f"ticket={GOOD_TICKET}", **options: Any) -> ClientConnection:
        address = f"ws://127.0.0.1:{self.port}/socket?{query}"
        return connect(address, compression=None, proxy=None, max_size=None, **options)


@contextmanager
def serving(folder: Path, **changes: str) -> Iterator[Desk]:
    site, declared = folder / "site", folder / "headers.json"
    (site / "assets").mkdir(parents=True)
    (site / "console").mkdir()
    (site / "index.html").write_text("<p>demo shop</p>" * 50)
    (site / "console" / "index.html").write_text("<p>console</p>")
    (site / "assets" / "app-ABCD1234.js").write_text("let a = 1\n" * 50)
    declared.write_text(json.dumps(HEADERS))

    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    cellar = Cellar(LocalSettings(port_text=str(port), **changes), folder / "files", b"s" * 32, machine_clock)
    cellar.store.prepare()
    small = SmallApp(cellar.connections)
    origins: dict[str, list[str]] = {}
    house = House.around(
        small.app,
        cellar,
        built_site=site,
        declared_headers=declared,
        origins_of=lambda key: origins.get(key, []),
    )
    ready = threading.Event()
    server = server_of(house, ready.set)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    ready.wait(5)
    try:
        yield Desk(small, cellar, house, server, port, site, origins)
    finally:
        small.release.set()
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for a module's tests: what they see of each other is only what they keep in `small`."""
    with serving(tmp_path_factory.mktemp("desk")) as desk:
        yield desk
