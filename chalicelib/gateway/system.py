"""Health, and the two documents of what is spoken."""

from functools import cache
from typing import Any

from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.kit.clock import Clock
from chalicelib.protocol.rest import Health

VERSION = "0.1.0"


def routes(clock: Clock, openapi: Any, asyncapi: Any) -> Routes:
    """`openapi` and `asyncapi` give their document as JSON text; they are made when first asked for, and once."""
    on = Routes()
    openapi, asyncapi = cache(openapi), cache(asyncapi)

    @on.get("/v1/health", allow="public", answers=Health)
    def health(_: Caller) -> Health:
        return Health(status="ok", version=VERSION, now=clock())

    @on.get("/v1/openapi.json", allow="public", answers=dict)
    def openapi_document(_: Caller) -> str:
        return str(openapi())

    @on.get("/v1/asyncapi.json", allow="public", answers=dict)
    def asyncapi_document(_: Caller) -> str:
        return str(asyncapi())

    return on
