"""botocore's descriptions of AWS, cut down to what Deskbell calls: 16 MB of its zip describe services it doesn't."""

import gzip
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

USED: Mapping[str, frozenset[str]] = {
    "dynamodb": frozenset(
        {
            "BatchGetItem",
            "BatchWriteItem",
            "DeleteItem",
            "DescribeTable",
            "GetItem",
            "PutItem",
            "Query",
            "TransactGetItems",
            "TransactWriteItems",
            "UpdateItem",
        }
    ),
    "apigatewaymanagementapi": frozenset({"DeleteConnection", "PostToConnection"}),
    "connect": frozenset({"StartOutboundVoiceContact"}),
    "s3": frozenset(
        {
            "CopyObject",
            "CreateBucket",  # by whose address botocore signs a form
            "DeleteObject",
            "GetObject",
            "HeadObject",
            "PutObject",
        }
    ),
    "ses": frozenset({"SendRawEmail"}),
    "sqs": frozenset({"SendMessage"}),
    "ssm": frozenset({"GetParameter"}),
}
"""Services by botocore's name, with the operations asked of them. A client of another finds no model in Lambda."""

_ENDPOINTS = frozenset({"connect", "dynamodb", "email", "execute-api", "s3", "sqs", "ssm"})
_KEPT_FILES = frozenset({"service-2.json.gz", "endpoint-rule-set-1.json.gz", "paginators-1.json"})


def trim(data: Path) -> None:
    """Leaves in botocore's `data` folder what USED needs, uncompressed: a cold function reads it sooner."""
    for folder in [path for path in data.iterdir() if path.is_dir()]:
        if folder.name in USED:
            _trim_service(folder, USED[folder.name])
        else:
            shutil.rmtree(folder)
    endpoints = json.loads((data / "endpoints.json").read_bytes())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in _ENDPOINTS}
    _write(data / "endpoints.json", endpoints)


def _trim_service(folder: Path, operations: frozenset[str]) -> None:
    *older, newest = sorted(path for path in folder.iterdir() if path.is_dir())
    for version in older:
        shutil.rmtree(version)
    for file in list(newest.iterdir()):
        if file.name not in _KEPT_FILES:
            file.unlink()
        elif file.suffix == ".gz":
            content = json.loads(gzip.decompress(file.read_bytes()))
            if file.name.startswith("service-2"):
                content = _only(content, operations)
            _write(file.with_suffix(""), content)
            file.unlink()


def _only(model: dict[str, Any], operations: frozenset[str]) -> dict[str, Any]:
    missing = operations - set(model["operations"])
    if missing:
        raise LookupError(f"botocore describes no {', '.join(sorted(missing))}")
    kept: dict[str, Any] = _undocumented(model)
    for parameter in kept.get("clientContextParams", {}).values():
        parameter["documentation"] = ""  # the one that botocore reads
    kept["operations"] = {name: kept["operations"][name] for name in sorted(operations)}
    shapes = kept["shapes"]
    wanted, found = list(_shapes_named_in(list(kept["operations"].values()))), set()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted.extend(_shapes_named_in(shapes[name]))
    kept["shapes"] = {name: shape for name, shape in shapes.items() if name in found}
    return kept


def _shapes_named_in(part: Any) -> Iterator[str]:
    """Every shape a part of a model refers to, however deep."""
    if isinstance(part, dict):
        if isinstance(part.get("shape"), str):
            yield part["shape"]
        for value in part.values():
            yield from _shapes_named_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from _shapes_named_in(value)


def _undocumented(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            name: _undocumented(value)
            for name, value in part.items()
            if not (name in {"documentation", "documentationUrl"} and isinstance(value, str))
        }
    return [_undocumented(value) for value in part] if isinstance(part, list) else part


def _write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, separators=(",", ":")), "utf-8")
