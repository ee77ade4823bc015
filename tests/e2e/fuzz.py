"""Frames that no client of ours would send, from one seed: wrong fields, wrong types, and frames that are broken as text."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from chalicelib.kit.values import Value
from chalicelib.protocol.commands import COMMANDS

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    10**13,
    10**400,
    float("nan"),
    "",
    " ",
    "\u0000",
    "\ud800",
    "x" * 6_000,
    "<img src=x onerror=alert(1)>",
    "__proto__",
    "../../etc/passwd",
    "2026-02-30T25:61:00Z",
    [],
    {},
    ["S"],
    {"$ne": None},
    [[[[[]]]]],
)
KINDS = ("text", "note", "image", "form", "form_answer", "link", "card", "system", "all", "staff")


def frames(seed: int, session_ids: list[str]) -> Iterator[str]:
    """Without end: one in ten can't be read at all, the others name a command and are more or less wrong."""
    random = Random(seed)
    for count in range(10**9):
        command = random.choice(list(COMMANDS))
        frame = {"type": command, "client_id": f"F{count}", **_fields(random, COMMANDS[command], session_ids)}
        text = json.dumps(frame)
        yield _broken(random, text) if random.random() < 0.1 else text


def _fields(random: Random, model: type[Value], session_ids: list[str]) -> dict[str, Any]:
    fields = {
        name: random.choice(WRONG) if random.random() < 0.25 else _plausible(random, name, session_ids)
        for name in model.model_fields
        if name not in ("type", "client_id") and random.random() < 0.85
    }
    if random.random() < 0.05:
        fields[random.choice(["surprise", "role", "agent_id", "customer_id", "__class__"])] = random.choice(
            WRONG
        )
    return fields


def _plausible(random: Random, name: str, session_ids: list[str]) -> Any:
    match name:
        case "session_id":
            return random.choice([*session_ids, "01M81J18G0GBHFEA5MZ914GQHT", "S"])
        case "seq" | "after" | "reply_to" | "delivered" | "read" | "limit" | "score":
            return random.choice([0, 1, 2, 3, 5, 50, 200, 10**9])
        case "kind" | "visibility":
            return random.choice(KINDS)
        case "on" | "visible" | "solved":
            return random.choice([True, False])
        case "catch_up":
            return [{"session_id": random.choice(session_ids), "after": random.choice([0, 1, 10**9])}]
        case _:
            return random.choice(["text", "orders", "0.1.0", "leave", "list", "谢谢", {"name": "Cleo"}])


def _broken(random: Random, text: str) -> str:
    place = random.randrange(len(text))
    return random.choice(
        [
            text[:place],
            text[:place] + chr(random.choice([0, 34, 44, 92, 123, 125, 0x2028, 0x1F600])) + text[place + 1 :],
            text + text,
            "[" * random.choice([1, 20_000]) + text,
            text.replace('"type"', '"Type"', 1),
            json.dumps(random.choice(WRONG)),
        ]
    )
