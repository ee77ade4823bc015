"""REST, once: the request from the event, sign-in, permission, body, errors. A room's `api.py` says only what differs.

Chalice keeps `current_request` on the app object, where another thread's request may stand by the time a view looks: the
request is taken from the middleware, which gets its own, and carried to the view in a context variable.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from chalice.app import Chalice, Request, Response
from pydantic import BaseModel, ValidationError

from chalicelib.gateway.addresses import address_of
from chalicelib.gateway.caller import Caller
from chalicelib.gateway.origins import page_of
from chalicelib.gateway.problems import invalid, problem
from chalicelib.gateway.refusals import FAILED, Forbidden, InternalError
from chalicelib.gateway.repeats import Given, Repeats
from chalicelib.kit.errors import DeskError, Invalid, NotFound, NotSignedIn
from chalicelib.kit.log import Log

Allowed = str
"""Who a route is for: a permission, or "public", "customer", "agent", "anyone_signed_in"; or several of these, with " or "."""
MOST_DIGITS = 15
LONGEST_ID = 200
"""No id is longer, and no key of the store may be much longer."""
Refusals = tuple[type[DeskError], ...]
Limited = Mapping[str, str]
NO_LIMITS: Limited = MappingProxyType({})

_request: ContextVar[Request] = ContextVar("request")

_JSON = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}
_PROBLEM = {"Content-Type": "application/problem+json; charset=utf-8", "Cache-Control": "no-store"}


class Unauthenticated(NotSignedIn):
    """Nobody has said who asks."""


class MethodNotAllowed(DeskError):
    status = 405


class PreconditionRequired(DeskError):
    """A change must say from which version it was made, so that nobody's is lost."""

    status = 428


class UnsupportedMediaType(DeskError):
    status = 415


@dataclass(frozen=True)
class Route:
    """`body` and `query` are what is asked, `answers` what comes back with `status`, `refuses` what the room may say no with.

    `limits`: how often it may be called, by the limit's name, counted by "address", by "customer", or by a field of the body.
    `takes`: content types of a body that is a text of its own, in place of JSON; `raw`: or a file, handed on as its bytes.
    """

    method: str
    path: str
    allow: Allowed
    handler: Callable[..., Any]
    answers: Any
    status: int = 200
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    refuses: Refusals = ()
    limits: Limited = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    raw: bool = False


@dataclass(frozen=True)
class Document:
    """An answer that is a file: what it is, its text, what to call it. `policy`: its Content-Security-Policy."""

    content_type: str
    text: str
    name: str
    policy: str = "default-src 'none'"

    def answered(self) -> Response:
        headers: dict[str, str | list[str]] = {
            "Content-Type": self.content_type,
            "Cache-Control": "no-store",
            "Content-Disposition": f'inline; filename="{self.name}"',
            "Content-Security-Policy": self.policy,
            "X-Content-Type-Options": "nosniff",
        }
        return Response(self.text, headers=headers)


class Routes:
    """A room's routes. A handler takes the caller, the path's parameters, then `body` and `query` where declared.

    `refuses` names the room's own errors: they stand in the OpenAPI document, and a test holds every refusal against it.
    """

    def __init__(self) -> None:
        self.all: list[Route] = []

    def get(
        self,
        path: str,
        *,
        allow: Allowed,
        answers: Any,
        query: type[BaseModel] | None = None,
        refuses: Refusals = (),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("GET", path, allow=allow, answers=answers, query=query, refuses=refuses)

    def post(
        self,
        path: str,
        *,
        allow: Allowed,
        answers: Any,
        body: type[BaseModel],
        status: int = 200,
        refuses: Refusals = (),
        limits: Limited = NO_LIMITS,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add(
            "POST",
            path,
            allow=allow,
            answers=answers,
            body=body,
            status=status,
            refuses=refuses,
            limits=limits,
        )

    def post_text(
        self,
        path: str,
        *,
        allow: Allowed,
        answers: Any,
        takes: tuple[str, ...],
        query: type[BaseModel] | None = None,
        refuses: Refusals = (),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """The handler takes the body as `text`."""
        return self._add(
            "POST", path, allow=allow, answers=answers, takes=takes, query=query, refuses=refuses
        )

    def post_file(
        self,
        path: str,
        *,
        allow: Allowed,
        answers: Any,
        takes: tuple[str, ...],
        query: type[BaseModel] | None = None,
        refuses: Refusals = (),
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """The handler takes the body's bytes as `content`. What is not text in UTF-8 must come as application/octet-stream."""
        return self._add(
            "POST", path, allow=allow, answers=answers, takes=takes, query=query, refuses=refuses, raw=True
        )

    def put(
        self, path: str, *, allow: Allowed, answers: Any, body: type[BaseModel], refuses: Refusals = ()
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("PUT", path, allow=allow, answers=answers, body=body, refuses=refuses)

    def patch(
        self, path: str, *, allow: Allowed, answers: Any, body: type[BaseModel], refuses: Refusals = ()
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A change of what was read: the handler also takes `version`, from `If-Match`."""
        return self._add("PATCH", path, allow=allow, answers=answers, body=body, refuses=refuses)

    def delete(
        self, path: str, *, allow: Allowed, refuses: Refusals = ()
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("DELETE", path, allow=allow, answers=None, refuses=refuses)

    def _add(
        self, method: str, path: str, **facts: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.all.append(Route(method, path, handler=handler, **facts))
            return handler

        return register


@dataclass(frozen=True)
class Door:
    """How REST finds out who asks and whether they may. `count`: one more by somebody, under a limit's name, or RateLimited."""

    sign_in: Callable[[str], Caller]
    has: Callable[[Caller, str], bool]
    repeats: Repeats
    count: Callable[[str, str], None]
    edge_key: str
    log: Log


def mount(app: Chalice, routes: Iterable[Route], door: Door) -> None:
    """Every route on the Chalice app, behind the one view."""
    app.register_middleware(_carry, "http")
    for route in routes:
        takes = {"content_types": list(route.takes)} if route.takes else {}
        app.route(route.path, methods=[route.method], name=_name(route), **takes)(_view(route, door))


def _name(route: Route) -> str:
    return f"{route.method.lower()}_{route.handler.__name__}"


def _carry(request: Request, get_response: Callable[[Request], Response]) -> Response:
    token = _request.set(request)
    try:
        response = _in_our_words(get_response(request), request)
        response.headers["X-Request-Id"] = request.context["requestId"]
        return response
    finally:
        _request.reset(token)


def _in_our_words(response: Response, request: Request) -> Response:
    """What Chalice refuses before a view sees it, as a problem like any other."""
    kinds: Mapping[int, tuple[type[DeskError], str]] = {
        405: (MethodNotAllowed, "This address does not answer that method."),
        415: (UnsupportedMediaType, "Send JSON, with the content type application/json."),
        500: (InternalError, FAILED),
    }
    if response.status_code not in kinds or "problem" in str(response.headers.get("Content-Type")):
        return response
    kind, detail = kinds[response.status_code]
    refusal = _refusal(kind(detail), request.context["requestId"])
    refusal.headers.update({k: v for k, v in response.headers.items() if k == "Allow"})
    return refusal


def _view(route: Route, door: Door) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        request = _request.get()
        began, request_id = time.perf_counter(), request.context["requestId"]
        failed: str | None = None
        try:
            response = _answer(route, door, request, path)
        except DeskError as error:
            response = _refusal(error, request_id)
        except Exception as error:  # noqa: BLE001  # Chalice would make it a bare 500 before any middleware
            failed = repr(error)
            response = _refusal(InternalError(FAILED), request_id)
        door.log(
            what="rest",
            request_id=request_id,
            method=route.method,
            path=route.path,
            status=response.status_code,
            took_ms=round((time.perf_counter() - began) * 1000, 1),
            error=failed,
        )
        return response

    return view


def _answer(route: Route, door: Door, request: Request, path: dict[str, str]) -> Response:
    caller = _admit(route, door, request)
    asked: dict[str, Any] = {name: unquote(value) for name, value in path.items()}
    if any(len(value) > LONGEST_ID for value in asked.values()):
        raise NotFound("There is nothing of that name.")
    try:
        if route.body is not None:
            asked["body"] = route.body.model_validate_json(request.raw_body or b"{}")
        if route.takes:
            asked["content" if route.raw else "text"] = _bytes(request) if route.raw else _text(request)
        if route.query is not None:
            asked["query"] = route.query.model_validate(dict(request.query_params or {}))
    except ValidationError as error:
        raise invalid(error) from error
    if route.method == "PATCH":
        asked["version"] = _version(request)
    for limit, by in route.limits.items():
        if who := _counted_by(by, caller, asked.get("body"), request, door):
            door.count(limit, who)
    key = request.headers.get("idempotency-key") if route.method == "POST" else None
    if key is None:
        return _done(route, caller, asked)
    return _done_once(route, door, request, caller, asked, key)


def _done(route: Route, caller: Caller | None, asked: dict[str, Any]) -> Response:
    result = route.handler(caller, **asked)
    if isinstance(result, Document):
        return result.answered()
    body = "" if result is None else result if isinstance(result, str) else result.model_dump_json()
    return Response(body, headers=dict(_JSON), status_code=204 if result is None else route.status)


def _done_once(
    route: Route, door: Door, request: Request, caller: Caller | None, asked: dict[str, Any], key: str
) -> Response:
    """The answer to the first of all requests that its caller sends under this key."""

    def act() -> Given:
        response = _done(route, caller, asked)
        return Given(response.status_code, str(response.body))

    who = caller.person.key if caller and caller.id else "anybody"
    content = request.raw_body or b""
    query = json.dumps(dict(request.query_params or {}), sort_keys=True)
    path = f"{request.method} {request.context['path']} {query}\n".encode()
    said = path + (content.encode() if isinstance(content, str) else content)
    given = door.repeats.once(who, key, said, act)
    headers: dict[str, str | list[str]] = dict(_JSON)
    if given.again:
        headers["Idempotency-Replayed"] = "true"
    return Response(given.body, headers=headers, status_code=given.status)


def _counted_by(by: str, caller: Caller | None, body: Any, request: Request, door: Door) -> str | None:
    """Whose count a call goes to; None: nobody's."""
    if by == "address":
        return address_of(request.context["identity"]["sourceIp"], request.headers, door.edge_key)
    if by == "customer":
        return caller.id if caller and caller.kind == "customer" else None
    return str(getattr(body, by)).strip().casefold()


def _bytes(request: Request) -> bytes:
    raw = request.raw_body or b""
    return raw.encode() if isinstance(raw, str) else raw


def _text(request: Request) -> str:
    try:
        return _bytes(request).decode()
    except UnicodeDecodeError as error:
        raise Invalid("The body is no text in UTF-8.", errors=(("body", "is no UTF-8"),)) from error


def _version(request: Request) -> int:
    """Which version the change was made from, as `If-Match` says; quotes around it are the standard's, and optional."""
    stated = request.headers.get("if-match", "").strip().removeprefix("W/").strip('"')
    if not stated:
        raise PreconditionRequired(
            "Say which version you changed, in an If-Match header: the `version` you read."
        )
    if not stated.isdecimal() or len(stated) > MOST_DIGITS:
        raise Invalid(
            "If-Match is the `version` you read, a whole number.", errors=(("If-Match", "is no version"),)
        )
    return int(stated)


def _admit(route: Route, door: Door, request: Request) -> Caller | None:
    """Sign-in is judged first, permission next; the body comes last."""
    host = request.headers.get("host", "")
    if route.allow == "public":
        return Caller("customer", "", "", host=host, page=page_of(request.headers))
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not bearer:
        raise Unauthenticated("Sign in first: this needs an Authorization header with a Bearer token.")
    origin = request.headers.get("origin") or f"{request.headers.get('x-forwarded-proto', 'http')}://{host}"
    caller = replace(door.sign_in(bearer), host=host, origin=origin)
    for allowed in route.allow.split(" or "):
        if allowed in ("anyone_signed_in", caller.kind):
            return caller
        if allowed not in ("customer", "agent") and caller.kind != "customer" and door.has(caller, allowed):
            return caller
    raise Forbidden("Your account may not do this. Ask an admin for the permission it needs.")


def _refusal(error: DeskError, request_id: str) -> Response:
    headers: dict[str, str | list[str]] = dict(_PROBLEM)
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(problem(error, request_id).model_dump_json(), headers=headers, status_code=error.status)
