"""An item as it's kept: JSON text. If there is binary in it, the JSON has base64 there and is kept as a blob, not as text.

So an ordinary item costs one JSON decoding to read, and nothing walks it.
"""

import json
from base64 import b64decode, b64encode
from typing import Any

from infra.local.dynamo.values import Item, Value

_load = json.JSONDecoder().raw_decode
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def dumped(item: Item) -> str | bytes:
    try:
        return _dump(item)
    except TypeError:  # bytes have no JSON
        return _dump({name: _packed(value) for name, value in item.items()}).encode()


def loaded(body: str | bytes) -> Item:
    if isinstance(body, str):
        whole: Item = _load(body)[0]
        return whole
    item: Item = _load(body.decode())[0]
    return {name: _unpacked(value) for name, value in item.items()}


def _packed(value: Value) -> Value:
    return _mapped(value, lambda raw: b64encode(raw).decode())


def _unpacked(value: Value) -> Value:
    return _mapped(value, b64decode)


def _mapped(value: Value, change: Any) -> Value:
    ((kind, content),) = value.items()
    match kind:
        case "B":
            return {"B": change(content)}
        case "BS":
            return {"BS": [change(each) for each in content]}
        case "M":
            return {"M": {name: _mapped(child, change) for name, child in content.items()}}
        case "L":
            return {"L": [_mapped(child, change) for child in content]}
        case _:
            return value
