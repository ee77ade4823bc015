"""Reading records."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from chalicelib.customers.model import CustomerMerged
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import Document, Routes
from chalicelib.kit.documents import StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import CustomerId, SessionId, Value
from chalicelib.kit.zones import UnknownTimeZone, zone_of
from chalicelib.protocol.merging import NewMerge
from chalicelib.protocol.pages import NewPage, PageSeen
from chalicelib.protocol.rest import CustomerChange, Erased, ExportPage, Nothing, Page, PageQuery
from chalicelib.protocol.values import By, Customer, Message, Seq, Session
from chalicelib.records.customers import CustomerExport, Customers
from chalicelib.records.erasure import Erasure
from chalicelib.records.merging import MERGING, MergeTooOld, Merging, NotMerged
from chalicelib.records.service import Records
from chalicelib.records.trail import CustomerGone, Trail
from chalicelib.records.transcript import Format, Language, as_html, as_text
from chalicelib.sessions.service import Busy

_ONE = "/v1/sessions/{session_id}"
_CUSTOMER = "/v1/customers/{customer_id}"
_PRINT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-modals"


class TranscriptQuery(Value):
    """`time_zone`: an IANA name; `after`: from which seq on; `staff`: with notes."""

    format: Format = "json"
    lang: Language = "en"
    time_zone: Annotated[str, Field(max_length=60)] = "UTC"
    after: Seq = 0
    staff: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.time_zone)


def routes(
    records: Records, customers: Customers, erasure: Erasure, merging: Merging, trail: Trail
) -> Routes:
    on = Routes()

    @on.get(
        _ONE + "/transcript",
        allow="session.read",
        query=TranscriptQuery,
        answers=Document,
        refuses=(UnknownTimeZone,),
    )
    def transcript(caller: Caller, session_id: str, query: TranscriptQuery) -> Document:
        zone = query.zone
        found = records.transcript(caller, SessionId(session_id), query.after, staff=query.staff)
        name = f"{found.session.number}"
        match query.format:
            case "text":
                return Document("text/plain; charset=utf-8", as_text(found, query.lang, zone), f"{name}.txt")
            case "html":
                page = as_html(found, query.lang, zone)
                return Document("text/html; charset=utf-8", page, f"{name}.html", policy=_PRINT_POLICY)
        return Document("application/json; charset=utf-8", found.model_dump_json(), f"{name}.json")

    @on.get(_ONE + "/timeline", allow="session.read", answers=Page[Message])
    def timeline(caller: Caller, session_id: str) -> Page[Message]:
        return Page(items=records.timeline(caller, SessionId(session_id)))

    @on.get(_ONE + "/pages", allow="session.read", answers=Page[PageSeen])
    def pages_of_session(caller: Caller, session_id: str) -> Page[PageSeen]:
        """Which pages its customer looked at, the newest first; fifty at most."""
        return Page(items=trail.of_session(caller, SessionId(session_id)))

    @on.post(
        "/v1/widget/pages",
        allow="customer",
        body=NewPage,
        answers=None,
        refuses=(CustomerGone,),
        limits={"pages": "customer"},
    )
    def saw_page(caller: Caller, body: NewPage) -> None:
        trail.saw(caller, body)

    @on.get(_CUSTOMER, allow="customer.read", answers=Customer)
    def get_customer(caller: Caller, customer_id: str) -> Customer:
        return customers.of(caller, CustomerId(customer_id))

    @on.patch(
        _CUSTOMER, allow="customer.edit", body=CustomerChange, answers=Customer, refuses=(StaleVersion,)
    )
    def change_customer(caller: Caller, customer_id: str, body: CustomerChange, version: int) -> Customer:
        return customers.change(CustomerId(customer_id), body, version)

    @on.get(
        _CUSTOMER + "/history",
        allow="customer.read",
        query=PageQuery,
        answers=Page[Session],
        refuses=(BadCursor,),
    )
    def customer_history(caller: Caller, customer_id: str, query: PageQuery) -> Page[Session]:
        found = customers.history(caller, CustomerId(customer_id), query.limit, query.cursor)
        return Page(items=found.items, next_cursor=found.next_cursor)

    @on.post(
        _CUSTOMER + "/export",
        allow="customer.export",
        body=ExportPage,
        answers=CustomerExport,
        refuses=(BadCursor,),
    )
    def export_customer(caller: Caller, customer_id: str, body: ExportPage) -> CustomerExport:
        return customers.export(caller, CustomerId(customer_id), body.cursor)

    @on.post(
        _CUSTOMER + "/merge",
        allow="customer.merge",
        body=NewMerge,
        answers=Customer,
        refuses=(*MERGING, Busy),
    )
    def merge_customer(caller: Caller, customer_id: str, body: NewMerge) -> Customer:
        """Gives the one who has the history of both."""
        into = CustomerId(body.into)
        merging.merge(CustomerId(customer_id), into, By(role="agent", id=caller.id, name=caller.name))
        return customers.get(into)

    @on.post(
        _CUSTOMER + "/unmerge",
        allow="customer.merge",
        body=Nothing,
        answers=Customer,
        refuses=(NotMerged, MergeTooOld, Busy),
    )
    def unmerge_customer(caller: Caller, customer_id: str, body: Nothing) -> Customer:
        """Gives the one who is themselves again."""
        merging.unmerge(CustomerId(customer_id))
        return customers.get(CustomerId(customer_id))

    @on.post(
        _CUSTOMER + "/erase",
        allow="customer.erase",
        body=Nothing,
        answers=Erased,
        refuses=(Busy, CustomerMerged),
    )
    def erase_customer(caller: Caller, customer_id: str, body: Nothing) -> Erased:
        return erasure.erase(CustomerId(customer_id))

    return on
