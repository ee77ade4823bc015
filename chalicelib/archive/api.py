"""Reading the schemes."""

from chalicelib.archive.service import Archive
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Routes
from chalicelib.protocol.rest import Page, Scheme


def routes(archive: Archive) -> Routes:
    on = Routes()

    @on.get("/v1/schemes", allow="scheme.read", answers=Page[Scheme])
    def schemes(caller: Caller) -> Page[Scheme]:
        return Page(items=[Scheme.model_validate(s.model_dump()) for s in archive.schemes()])

    return on
