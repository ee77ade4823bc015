"""Schemes: read by staff, to file by; written, published and retired by admins."""

from chalicelib.archive import model
from chalicelib.archive.model import NotADraft, SchemeRetired
from chalicelib.archive.schemes import Schemes
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.rest import MOST_DIGITS, Routes
from chalicelib.kit.documents import NoSuchThing, StaleVersion
from chalicelib.kit.paging import BadCursor
from chalicelib.kit.values import SchemeId
from chalicelib.protocol.rest import Nothing, Page, PageQuery
from chalicelib.protocol.schemes import NewScheme, NewSchemeVersion, Scheme, SchemeChange, SchemeVersion

_ONE = "/v1/schemes/{scheme_id}"


def routes(schemes: Schemes) -> Routes:
    on = Routes()

    @on.get("/v1/schemes", allow="scheme.read", query=PageQuery, answers=Page[Scheme], refuses=(BadCursor,))
    def list_schemes(caller: Caller, query: PageQuery) -> Page[Scheme]:
        found = schemes.page(query.limit, query.cursor)
        return Page(items=[read(s) for s in found.items], next_cursor=found.next_cursor)

    @on.post("/v1/schemes", allow="scheme.edit", body=NewScheme, answers=Scheme, status=201)
    def create_scheme(caller: Caller, body: NewScheme) -> Scheme:
        return read(schemes.create(body))

    @on.get(_ONE, allow="scheme.read", answers=Scheme)
    def get_scheme(caller: Caller, scheme_id: str) -> Scheme:
        return read(schemes.get(SchemeId(scheme_id)))

    @on.patch(
        _ONE,
        allow="scheme.edit",
        body=SchemeChange,
        answers=Scheme,
        refuses=(NotADraft, SchemeRetired, StaleVersion),
    )
    def change_scheme(caller: Caller, scheme_id: str, body: SchemeChange, version: int) -> Scheme:
        return read(schemes.change(SchemeId(scheme_id), body, version))

    @on.post(
        _ONE + "/versions",
        allow="scheme.edit",
        body=NewSchemeVersion,
        answers=Scheme,
        status=201,
        refuses=(NotADraft, SchemeRetired, StaleVersion),
    )
    def draft_scheme_version(caller: Caller, scheme_id: str, body: NewSchemeVersion) -> Scheme:
        """The next version, as a draft. The published one goes on until it is published."""
        return drafted(schemes.draft(SchemeId(scheme_id), body))

    @on.get(_ONE + "/versions/{scheme_version}", allow="scheme.read", answers=SchemeVersion)
    def get_scheme_version(caller: Caller, scheme_id: str, scheme_version: str) -> SchemeVersion:
        """What old records were filed by."""
        if not scheme_version.isdecimal() or len(scheme_version) > MOST_DIGITS:
            raise NoSuchThing("This scheme has no such version.")
        found = schemes.version(SchemeId(scheme_id), int(scheme_version))
        return SchemeVersion.model_validate(dict(found))

    @on.post(
        _ONE + "/publish",
        allow="scheme.edit",
        body=Nothing,
        answers=Scheme,
        refuses=(SchemeRetired, StaleVersion),
    )
    def publish_scheme(caller: Caller, scheme_id: str, body: Nothing) -> Scheme:
        return read(schemes.publish(SchemeId(scheme_id)))

    @on.post(_ONE + "/retire", allow="scheme.edit", body=Nothing, answers=Scheme, refuses=(StaleVersion,))
    def retire_scheme(caller: Caller, scheme_id: str, body: Nothing) -> Scheme:
        return read(schemes.retire(SchemeId(scheme_id)))

    return on


def read(scheme: model.Scheme) -> Scheme:
    facts = {name: value for name, value in dict(scheme).items() if name != "draft"}
    return Scheme.model_validate({**facts, "draft_version": scheme.draft_version})


def drafted(scheme: model.Scheme) -> Scheme:
    """The next version in the scheme's place."""
    facts = {
        "status": "draft",
        "scheme_version": scheme.draft_version or scheme.scheme_version,
        "options": scheme.draft if scheme.draft is not None else scheme.options,
    }
    return read(scheme).model_copy(update=facts)
