"""OpenAPI 3.1 from the route list: every route, body, error and permission, and nothing by hand."""

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter

from chalicelib.gateway.rest import Route
from chalicelib.protocol.rest import Problem

_REF = "#/components/schemas/{model}"
_REFUSALS = {
    "401": "Nobody is signed in, or the token is not valid any more.",
    "403": "It is known who asks, and it is not for them.",
    "404": "It does not exist, or not for this caller.",
    "409": "It made sense, but the world has moved on.",
    "422": "It can be read and makes no sense; `errors` names the fields.",
}


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
        "parameters": [*_path_parameters(route.path), *_query_parameters(route, schemas)],
        "responses": _responses(route, schemas),
    }
    if route.handler.__doc__:
        operation["description"] = route.handler.__doc__
    if route.allow != "public":
        operation["security"] = [{"bearer": []}]
    if route.body is not None:
        content = {"application/json": {"schema": _schema(route.body, "validation", schemas)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _responses(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}
    responses: dict[str, Any] = {}
    if route.answers is None:
        responses["204"] = {"description": "Done."}
    elif route.answers is dict:
        responses["200"] = {"description": "The document.", "content": {"application/json": {}}}
    else:
        schema = _schema(route.answers, "serialization", schemas)
        responses[str(route.status)] = {
            "description": "As asked.",
            "content": {"application/json": {"schema": schema}},
        }
    for status, description in _REFUSALS.items():
        if route.allow == "public" and status == "403":
            continue
        responses[status] = {"description": description, "content": problem}
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
