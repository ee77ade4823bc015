"""OpenAPI 3.1 from the route list: every route, body, error and permission, and nothing by hand."""

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter

from chalicelib.gateway.repeats import LONGEST_KEY, REPEATING
from chalicelib.gateway.rest import Document, PreconditionRequired, Route
from chalicelib.kit.limits import RateLimited
from chalicelib.protocol.rest import Problem

_REF = "#/components/schemas/{model}"
_MEANINGS = {
    401: "Nobody is signed in, or the token is not valid any more.",
    403: "It is known who asks, and it is not for them.",
    404: "It does not exist, or not for this caller.",
    405: "This address does not answer that method.",
    409: "It made sense, but the world has moved on.",
    428: "Say in `If-Match` which version was changed.",
    415: "The body is not JSON.",
    422: "It can be read and makes no sense; `errors` names the fields.",
    429: "More than may be done in so short a time; try again after `Retry-After` seconds.",
    500: "Something failed on our side.",
    503: "Too busy for now; try again after `Retry-After` seconds.",
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A random id of the caller's. The same again within a day gets the first answer, and nothing is done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}
_SIGNED_IN = ("unauthenticated", "token_invalid", "token_expired", "access_ended")


def refusals(route: Route) -> dict[int, list[str]]:
    """The codes a route may refuse with, by status: the doors' own, and those its room declares."""
    found: dict[int, list[str]] = {
        401: [],
        404: ["not_found"],
        409: [],
        422: ["invalid"],
        500: ["internal_error"],
    }
    if route.allow != "public":
        found[401], found[403] = list(_SIGNED_IN), ["forbidden"]
    if route.method == "PATCH":
        found[428] = [PreconditionRequired.code]
    if route.limits:
        found[429] = [RateLimited.code]
    for kind in (*route.refuses, *(REPEATING if route.method == "POST" else ())):
        codes = found.setdefault(kind.status, [])
        codes += [kind.code] if kind.code not in codes else []
    return dict(sorted(found.items()))


def openapi(routes: Sequence[Route], version: str) -> str:
    """The document as JSON text."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    _schema(Problem, "serialization", schemas)
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Deskbell", "version": version, "license": {"name": "Apache-2.0"}},
            "paths": paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            },
        },
        ensure_ascii=False,
    )


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{route.handler.__name__}",
        "x-permission": route.allow,
        "parameters": [
            *_path_parameters(route.path),
            *_query_parameters(route, schemas),
            *([_IDEMPOTENCY_KEY] if route.method == "POST" else []),
        ],
        "responses": _responses(route, schemas),
    }
    if route.handler.__doc__:
        operation["description"] = route.handler.__doc__
    if route.allow != "public":
        operation["security"] = [{"bearer": []}]
    if route.body is not None:
        content = {"application/json": {"schema": _schema(route.body, "validation", schemas)}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.takes:
        texts = {kind: {"schema": {"type": "string"}} for kind in route.takes}
        operation["requestBody"] = {"required": True, "content": texts}
    return operation


def _responses(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    if route.answers is None:
        responses["204"] = {"description": "Done."}
    elif route.answers is Document:
        kinds = ("application/json", "application/yaml", "text/plain", "text/html")
        responses["200"] = {"description": "The document.", "content": {kind: {} for kind in kinds}}
    elif route.answers is dict:
        responses["200"] = {"description": "The document.", "content": {"application/json": {}}}
    else:
        schema = _schema(route.answers, "serialization", schemas)
        responses[str(route.status)] = {
            "description": "As asked.",
            "content": {"application/json": {"schema": schema}},
        }
    for refused, codes in refusals(route).items():
        schema = {
            "allOf": [{"$ref": _REF.format(model="Problem")}, {"properties": {"code": {"enum": codes}}}]
        }
        responses[str(refused)] = {
            "description": _MEANINGS[refused],
            "content": {"application/problem+json": {"schema": schema if codes else schema["allOf"][0]}},
        }
    return responses


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(route: Route, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema(ref_template=_REF, mode="validation")
    schemas.update(schema.get("$defs", {}))
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": facts}
        for name, facts in schema["properties"].items()
    ]


def _schema(model: Any, mode: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """A reference to the model's schema, which is put among the components with all it refers to."""
    schema = TypeAdapter(model).json_schema(ref_template=_REF, mode=mode)
    schemas.update(schema.pop("$defs", {}))
    name = _name(model)
    schemas[name] = schema
    return {"$ref": _REF.format(model=name)}


def _name(model: Any) -> str:
    name = model.__name__ if isinstance(model, type) and issubclass(model, BaseModel) else str(model)
    return re.sub(r"\W+", "_", name).strip("_")
