"""One suite on every store of attachments: this machine's folder behind its own door, and S3's adapter on a stand-in of S3."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import botocore.session
import httpx
import pytest
import uvicorn
from botocore.config import Config

from chalicelib.cloud import s3_files
from chalicelib.kit.clock import machine_clock
from chalicelib.kit.outside import Files
from infra.local.files.attachments import LocalFiles
from infra.local.files.door import FilesDoor
from infra.local.files.signing import Signer
from infra.local.files.store import ObjectStore
from infra.local.gateway.workers import Workers
from infra.local.server import listen
from tests.contract.dynamo.engines import ministack_at

STORES = ("folder", "ministack")
BUCKET, REGION = "deskbell-files", "us-east-1"
ROOT = ("ASIAROOT00000000TEST", "a secret that opens nothing")


@dataclass(frozen=True)
class Store:
    """The adapter, and a browser that uses what it gives out."""

    files: Files
    http: httpx.Client


@contextmanager
def _folder(folder: Path) -> Iterator[Files]:
    store, signer, workers = ObjectStore(folder), Signer(b"s" * 32, machine_clock), Workers()
    store.prepare()
    with listen("127.0.0.1", 0) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(FilesDoor(store, signer, workers), lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
        thread.start()
        yield LocalFiles(store, signer, origin)
        server.should_exit = True
        thread.join(10)
        workers.stop(within_s=1)


@contextmanager
def _ministack(folder: Path) -> Iterator[Files]:
    """`AUTH`: it judges signatures, and who asks without one is nobody."""
    known = {"AWS_ACCESS_KEY_ID": ROOT[0], "AWS_SECRET_ACCESS_KEY": ROOT[1], "AWS_REGION": REGION}
    with ministack_at(folder, AUTH="true", **known) as address:
        session = botocore.session.get_session()
        session.set_credentials(*ROOT)
        files = s3_files(session, Config(), REGION, bucket=BUCKET, origin="", stand_in=address)
        files._client.create_bucket(Bucket=BUCKET)
        yield files


@pytest.fixture(scope="session")
def started(tmp_path_factory) -> Iterator[Callable[[str], Store]]:
    """Starts a store when the first test asks for it, and stops all at the end."""
    stores: dict[str, Store] = {}
    makers = {"folder": _folder, "ministack": _ministack}
    with ExitStack() as stack:

        def store(name: str) -> Store:
            if name not in stores:
                files = stack.enter_context(makers[name](tmp_path_factory.mktemp(name)))
                stores[name] = Store(files, stack.enter_context(httpx.Client(trust_env=False)))
            return stores[name]

        yield store


@pytest.fixture(params=STORES)
def store(request, started) -> Store:
    return started(request.param)
