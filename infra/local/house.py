"""Everything one machine puts around a Chalice app, put together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from chalice.app import Chalice, EventSourceHandler

from chalicelib.kit.clock import Clock
from infra.local.asgi import Door
from infra.local.clock import ShiftedClock
from infra.local.control import Control
from infra.local.deadlines import Deadlines
from infra.local.files.attachments import LocalFiles
from infra.local.files.door import FilesDoor
from infra.local.files.signing import Signer
from infra.local.files.store import ObjectStore
from infra.local.front import Front
from infra.local.gateway.connections import Connections
from infra.local.gateway.conversation import SocketLimits
from infra.local.gateway.events import STAGE
from infra.local.gateway.rest import RestGateway
from infra.local.gateway.sockets import SocketFunctions, SocketGateway
from infra.local.gateway.workers import Workers
from infra.local.hosts import ConsoleAtHome, HostCheck
from infra.local.schedules import Round, Schedules, rounds_of
from infra.local.settings import LocalSettings
from infra.local.site import Site, rules_in

AUTHORIZER = "socket_authorizer"


class Cellar:
    """What stands below the app, and must be there before it is imported: sockets, files, the clock."""

    def __init__(self, settings: LocalSettings, files: Path, secret: bytes, machine_clock: Clock) -> None:
        self.settings = settings
        self.clock = ShiftedClock(machine_clock)
        self.connections = Connections()
        self.store = ObjectStore(files)
        self.signer = Signer(secret, machine_clock)
        self.deadlines = Deadlines()
        self.files = LocalFiles(self.store, self.signer, settings.other_origin)


@dataclass(frozen=True)
class House:
    """The app as one ASGI door, with what runs beside it."""

    door: Door
    sockets: SocketGateway
    schedules: Schedules
    deadlines: Deadlines
    workers: Workers
    app: Chalice

    @classmethod
    def around(
        cls,
        app: Chalice,
        cellar: Cellar,
        *,
        built_site: Path,
        declared_headers: Path,
        authorizer: str | None = AUTHORIZER,
        besides: Iterable[Round] = (),
        origins_of: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> "House":
        """`origins_of` a source's key: the pages that may show its panel, besides this machine's own.

        Raises CannotStart for a schedule or headers that can't be read, ImpossibleRoute for a route.
        """
        settings = cellar.settings
        settle(app)
        workers = Workers()
        sockets = SocketGateway(
            SocketFunctions.of(app, authorizer),
            cellar.connections,
            workers,
            SocketLimits(idle_s=settings.socket_idle_s, life_s=settings.socket_life_s),
        )
        schedules = Schedules([*rounds_of(app, cellar.clock, settings.schedule_s), *besides])

        def ancestors(source_key: str) -> str:
            return " ".join([settings.own_ancestors, *origins_of(source_key)])

        site = Site(built_site, rules_in(declared_headers, settings.site_fillings), ancestors)
        front = Front(
            rest=RestGateway(app, workers),
            sockets=sockets,
            files=FilesDoor(cellar.store, cellar.signer, workers),
            control=Control(cellar.clock, schedules, workers),
            site=ConsoleAtHome(site, settings.origin) if settings.on_loopback else site,
        )
        door = HostCheck(front, settings.host_names)
        return cls(door, sockets, schedules, cellar.deadlines, workers, app)


def settle(app: Chalice) -> None:
    """Make a Chalice app fit for threads: in Lambda each copy of it serves one call at a time.

    It collects a handler's middleware at the first call, from a generator that two threads can't share, and looks
    for a region to build the address of `@connections`, which this house doesn't use.
    """
    app.websocket_api.configure("localhost", STAGE)
    for handler in app.handler_map.values():
        if isinstance(handler, EventSourceHandler):
            handler.middleware_handlers = list(handler.middleware_handlers)
