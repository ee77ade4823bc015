"""Errors that this machine's doors answer themselves, in the same RFC 9457 form as the house's own."""

import json
from http import HTTPStatus
from uuid import uuid4

from infra.local.asgi import Answer


def problem(status: int, code: str, detail: str, request_id: str | None = None) -> Answer:
    """`application/problem+json` with a stable `code` and a sentence a person can act on."""
    body = {
        "type": f"urn:deskbell:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id or str(uuid4()),
    }
    return Answer(
        status,
        [("content-type", "application/problem+json"), ("cache-control", "no-store")],
        json.dumps(body, ensure_ascii=False).encode(),
    )
