"""AsyncAPI 3 from the commands and events: every frame, and nothing by hand."""

import json
from typing import Any, get_args

from pydantic import TypeAdapter

from chalicelib.gateway.socket import Commands
from chalicelib.protocol.commands import COMMANDS
from chalicelib.protocol.events import Event

_REF = "#/components/schemas/{model}"


def asyncapi(commands: Commands, version: str) -> str:
    """The document as JSON text: one channel, what clients send on it and what they are told."""
    schemas: dict[str, Any] = {}
    asked = {name: _message(name, model, "validation", schemas) for name, model in COMMANDS.items()}
    for name, model in COMMANDS.items():
        asked[name]["x-by"] = {
            kind: handler.permission or "own sessions"
            for (kind, of), handler in commands.by.items()
            if of is model
        }
    told = {
        model.model_fields["type"].default: _message(
            model.model_fields["type"].default, model, "serialization", schemas
        )
        for model in get_args(Event)
    }
    return json.dumps(
        {
            "asyncapi": "3.0.0",
            "info": {"title": "Deskbell's socket", "version": version},
            "channels": {
                "socket": {
                    "address": "/socket",
                    "messages": {
                        **{f"command.{n}": {"$ref": f"#/components/messages/command.{n}"} for n in asked},
                        **{f"event.{n}": {"$ref": f"#/components/messages/event.{n}"} for n in told},
                    },
                }
            },
            "operations": {
                "ask": _operation("receive", "command", asked),
                "tell": _operation("send", "event", told),
            },
            "components": {
                "messages": {
                    **{f"command.{n}": m for n, m in asked.items()},
                    **{f"event.{n}": m for n, m in told.items()},
                },
                "schemas": schemas,
            },
        },
        ensure_ascii=False,
    )


def _operation(action: str, prefix: str, names: dict[str, Any]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/socket"},
        "messages": [{"$ref": f"#/channels/socket/messages/{prefix}.{n}"} for n in names],
    }


def _message(name: str, model: Any, mode: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    schema = TypeAdapter(model).json_schema(ref_template=_REF, mode=mode)
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {
        "name": name,
        "summary": (model.__doc__ or "").strip(),
        "contentType": "application/json",
        "payload": {"$ref": _REF.format(model=model.__name__)},
    }
