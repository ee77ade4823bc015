"""From settings to a server that serves, and back to nothing: what is opened, in which order, and closed again."""

import asyncio
import contextlib
import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from chalice.app import Chalice

from chalicelib.kit.clock import machine_clock
from chalicelib.kit.config import Settings
from chalicelib.kit.outside import Outside
from infra.local.dynamo import EmbeddedDynamo, StoreError
from infra.local.folder import DataFolder
from infra.local.house import AUTHORIZER, Cellar, House
from infra.local.mail import FolderMailer, SmtpMailer
from infra.local.schedules import Round
from infra.local.server import listen, server_of
from infra.local.settings import LocalSettings
from infra.local.trouble import CannotStart

EXPIRY_S = 3600.0
# The time `stop_at_once`, on a thread of its own, has for its sentence before the error that it tells of ends this one.
_LAST_WORD_S = 5.0
_M_MMAP_THRESHOLD, _LARGE_BLOCK = -3, 1024 * 1024


@dataclass(frozen=True)
class Furnished:
    """The Chalice app on top of its Outside, what to tell the person who started it, and which pages may show a source's panel."""

    app: Chalice
    lines: Sequence[str] = ()
    origins_of: Callable[[str], Sequence[str]] = lambda _: ()


@dataclass(frozen=True)
class Plan:
    """What is to be served: the app (made once its Outside is there), the built site and its headers."""

    furnish: Callable[[Outside, LocalSettings], Furnished]
    built_site: Path
    declared_headers: Path
    authorizer: str | None = AUTHORIZER


def start(settings: LocalSettings, plan: Plan) -> None:
    """Serve until told to stop. Raises CannotStart, having changed nothing that was there."""
    if not (plan.built_site / "index.html").is_file():
        raise CannotStart(
            "The site isn't built: `make run` builds it and starts, `make site` only builds it."
        )
    settings.check()
    _give_memory_back()
    folder = DataFolder(settings.data_folder)
    with _usable(folder.path):
        folder.check()
    with listen(settings.host, settings.port) as listener:
        with _usable(folder.path):
            keys = folder.prepare()
            cellar = Cellar(settings, folder.files, keys.keys[keys.current], machine_clock)
            cellar.store.prepare()
        tables = _open_tables(folder.tables)
        try:
            outside = Outside(
                dynamo=tables,
                sockets=cellar.connections,
                files=cellar.files,
                later=cellar.deadlines,
                keys=keys,
                settings=_settings(),
                clock=cellar.clock,
                machine_clock=machine_clock,
                mail=SmtpMailer(settings.smtp) if settings.smtp else FolderMailer(folder.mail),
            )
            furnished = plan.furnish(outside, settings)
            house = House.around(
                furnished.app,
                cellar,
                built_site=plan.built_site,
                declared_headers=plan.declared_headers,
                authorizer=plan.authorizer,
                origins_of=furnished.origins_of,
                besides=[Round("expire_items", EXPIRY_S, lambda: _expire(tables))],
            )
            gc.collect()
            gc.freeze()
            server = server_of(house, lambda: _greet(settings, furnished.lines))
            asyncio.run(server.serve([listener]))
        except Exception:
            if tables.broken:
                time.sleep(_LAST_WORD_S)
            raise
        finally:
            tables.close()


def _give_memory_back() -> None:
    """Have glibc return every large block at once. Otherwise each thread keeps the 19 MB of the last password it hashed.

    M_MMAP_THRESHOLD, once set, doesn't grow by itself any more. Another C library has no such need, or no mallopt.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


@contextlib.contextmanager
def _usable(folder: Path) -> Iterator[None]:
    """No permission, a read-only or a full disk: one sentence too."""
    try:
        yield
    except OSError as error:
        raise CannotStart(
            f"{folder} can't be used ({error.strerror or error}): give this user room to write there, "
            "or name another folder with DESKBELL_DATA."
        ) from error


def _open_tables(path: Path) -> EmbeddedDynamo:
    try:
        return EmbeddedDynamo(path, on_broken=stop_at_once)
    except StoreError as trouble:
        raise CannotStart(str(trouble)) from trouble


def stop_at_once(trouble: Exception) -> NoReturn:
    """Nothing can be stored any more, so nothing may be acknowledged: not even a clean stop may run on."""
    print(f"deskbell: stopped, because {trouble}", file=sys.stderr, flush=True)
    os._exit(1)


def _settings() -> Settings:
    here = {
        "DESKBELL_SOCKET_URL": "ws://{host}/socket",
        "DESKBELL_MAIL_FROM": "Deskbell <noreply@deskbell.local>",
    }
    return Settings.from_environment({**here, **os.environ})


def _expire(tables: EmbeddedDynamo) -> None:
    batch = 1000
    while tables.expire(int(time.time()), batch) == batch:
        pass


def _greet(settings: LocalSettings, lines: Sequence[str]) -> None:
    origin = settings.origin
    where = f"Shop with the widget: {origin}/   Agents' console: {origin}/console/"
    print(f"deskbell: ready on {origin}", where, *lines, sep="\n", flush=True)
