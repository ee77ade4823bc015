"""The site's TypeScript types, written from the models that speak on the wire.

    python -m infra.scripts.types            writes infra/site/proto/types.gen.ts
    python -m infra.scripts.types --check    fails when that file is stale

What a browser sends is described as it may be written (a field with a default is optional), what it hears as it is
told (every field is there). Names are the models' own, so a search finds both sides.
"""

import argparse
import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from chalicelib import protocol
from chalicelib.protocol import commands, contents, events, rest, values

TARGET = Path(__file__).resolve().parents[1] / "site" / "proto" / "types.gen.ts"
WIDTH = 110
HEADER = "// Written by `python -m infra.scripts.types` from chalicelib/protocol. Not for editing: change the models.\n"

Schema = Mapping[str, Any]
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


class _Told(GenerateJsonSchema):
    """A schema without titles, in which whatever the server says is always there."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: FBT001  (pydantic's own signature)
        return self.mode == "serialization" or super().field_is_required(field, total)


def models_of(module: ModuleType) -> list[type[BaseModel]]:
    """The models written in this module, in its order."""
    return [
        member
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, BaseModel) and member.__module__ == module.__name__
    ]


def literals_of(module: ModuleType) -> dict[str, tuple[Any, ...]]:
    """The named `Literal`s of this module: a name on the wire's values is a name in the site too."""
    return {name: get_args(member) for name, member in vars(module).items() if get_origin(member) is Literal}


def spoken() -> list[ModuleType]:
    """Every module of the protocol: what all share first, then what each subject adds."""
    first = [contents, values, rest, commands, events]
    names = sorted(found.name for found in pkgutil.iter_modules(protocol.__path__))
    modules = [importlib.import_module(f"{protocol.__name__}.{name}") for name in names]
    return first + [module for module in modules if module not in first]


def render() -> str:
    """The whole file. The same models give the same text."""
    modules = spoken()
    models = [model for module in modules for model in models_of(module) if model is not values.Asked]
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, _mode(model)) for model in models]
    _, schema = models_json_schema(wanted, schema_generator=_Told)
    definitions: Mapping[str, Schema] = schema["$defs"]
    literals = {name: options for module in modules for name, options in literals_of(module).items()}
    writer = _Writer(literals)
    parts = [HEADER]
    parts += [_alias(name, [json.dumps(value) for value in options]) for name, options in literals.items()]
    for model in models:
        parts.append(writer.interface(model, _definition(model, definitions)))
    parts.append(
        "/** What a client may ask over the socket. */\n"
        + _alias("Command", [model.__name__ for model in commands.COMMANDS.values()])
    )
    parts.append(
        "/** What the server tells over the socket. */\n"
        + _alias("Event", [model.__name__ for model in get_args(events.Event)])
    )
    return "\n".join(parts)


def _mode(model: type[BaseModel]) -> JsonSchemaMode:
    return "validation" if issubclass(model, values.Asked) else "serialization"


def _parameters(model: type[BaseModel]) -> list[str]:
    return [parameter.__name__ for parameter in model.__pydantic_generic_metadata__["parameters"]]


def _definition(model: type[BaseModel], definitions: Mapping[str, Schema]) -> Schema:
    """A shape that is both asked and told has two, told apart by these endings: the site has it as it may be written."""
    name = model.__name__
    return definitions.get(name) or definitions[f"{name}-Input"]


def _alias(name: str, options: list[str]) -> str:
    line = f"export type {name} = {' | '.join(options)};\n"
    if len(line) <= WIDTH:
        return line
    return f"export type {name} =\n" + "\n".join(f"  | {option}" for option in options) + ";\n"


class _Writer:
    def __init__(self, literals: Mapping[str, tuple[Any, ...]]) -> None:
        self._names = {options: name for name, options in literals.items()}

    def interface(self, model: type[BaseModel], schema: Schema) -> str:
        parameters = _parameters(model)
        required = set(schema.get("required", ()))
        generic = f"<{', '.join(parameters)}>" if parameters else ""
        lines = [*_comment(model)]
        fields = schema.get("properties", {})
        if not fields:
            return "\n".join([*lines, f"export type {model.__name__} = Record<string, never>;\n"])
        lines.append(f"export interface {model.__name__}{generic} {{")
        for name, field in fields.items():
            optional = "" if name in required else "?"
            lines.append(f"  {name}{optional}: {self.type_of(field, open_as=parameters)};")
        return "\n".join([*lines, "}\n"])

    def type_of(self, schema: Schema, *, open_as: list[str]) -> str:
        """The TypeScript type of one JSON Schema. An open schema in a generic model is its parameter."""
        if "$ref" in schema:
            return re.sub(r"-(?:In|Out)put$", "", str(schema["$ref"]).rsplit("/", 1)[1])
        if "const" in schema:
            return json.dumps(schema["const"])
        if "enum" in schema:
            options = tuple(schema["enum"])
            return self._names.get(options) or " | ".join(json.dumps(option) for option in options)
        for several in ("oneOf", "anyOf"):
            if several in schema:
                found = [self.type_of(option, open_as=open_as) for option in schema[several]]
                return " | ".join(dict.fromkeys(found))
        return self._by_kind(schema, open_as)

    def _by_kind(self, schema: Schema, open_as: list[str]) -> str:
        kind = schema.get("type")
        if kind == "array":
            if "prefixItems" in schema:
                return f"[{', '.join(self.type_of(item, open_as=open_as) for item in schema['prefixItems'])}]"
            item = self.type_of(schema.get("items", {}), open_as=open_as)
            return f"({item})[]" if "|" in item else f"{item}[]"
        if kind == "object":
            if "properties" in schema:
                raise ValueError("an object written in place: name it as a model")
            inner = schema.get("additionalProperties", True)
            return f"Record<string, {'unknown' if inner is True else self.type_of(inner, open_as=[])}>"
        if kind in SCALARS:
            return SCALARS[kind]
        if schema.keys() - {"description", "default"}:
            raise ValueError(f"no TypeScript for {dict(schema)}")
        return open_as[0] if open_as else "unknown"


def _comment(model: type[BaseModel]) -> Iterator[str]:
    # A model without a docstring of its own would tell its parent's.
    text = inspect.cleandoc(model.__doc__ or "") if "__doc__" in vars(model) else ""
    lines = [line.rstrip() for line in text.splitlines()]
    if len(lines) == 1:
        yield f"/** {lines[0]} */"
    elif lines:
        yield from ("/**", *(f" * {line}".rstrip() for line in lines), " */")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.scripts.types", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    asked = parser.parse_args(arguments)
    text = render()
    current = TARGET.read_text("utf-8") if TARGET.exists() else None
    if asked.check:
        if current != text:
            print(f"{TARGET.name} is stale: run `python -m infra.scripts.types`", file=sys.stderr)
            return 1
        return 0
    if current != text:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
