"""A past of any length: one real talk, stored again and again under other names, straight into the engine's tables.

What a record leaves in a table is copied: the session, its log, its number, and the word it is asked for by. Of those beyond what any page
shows only what stands in indexes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.kit.clock import to_ms
from chalicelib.kit.ids import base32
from chalicelib.sessions.items import NUMBER_HEAD, month_of
from infra.local.dynamo import EmbeddedDynamo
from infra.local.dynamo.consumption import Tally
from infra.local.dynamo.operations import change
from tests.house import Client, House

TABLE = "deskbell-sessions"
WORD = "parcel"
AT_ONCE = 2_000
WHOLE = 200
"""How many, the newest, are copied with their logs."""
APART = timedelta(seconds=20)
"""A hundred thousand of them fill three weeks: whoever searches the last month finds them all."""

Item = dict[str, Any]


@dataclass(frozen=True)
class Past:
    """One talk that was served, ended, filed and indexed; its customer and its agent have the whole past."""

    session_id: str
    cleo: Client
    ann: Client
    items: tuple[Item, ...]


def one_talk(house: House) -> Past:
    ann, cleo = house.on_duty("ann"), house.customer()
    cleo.hello()
    session_id = str(cleo.ask("start_session", text=f"Where is my {WORD}?")["session_id"])
    ann.say(session_id, "On its way", after=2)
    cleo.ask("end_session", session_id=session_id)
    ann.ask("file_disposition", session_id=session_id, option_id="product")
    house.clock.passes(minutes=5)
    house.desk.rounds.expire_idle_sessions()
    items = house.engine._make_api_call("Scan", {"TableName": TABLE})["Items"]
    kept = (i for i in items if session_id in str(i) and not i["place"]["S"].startswith("~c"))
    return Past(session_id, cleo, ann, tuple(i for i in kept if _counts(i["session_id"]["S"])))


def _counts(key: str) -> bool:
    """Of the words it is found by one is asked for, and does for all."""
    return not key.startswith("w:") or key == f"w:{WORD}"


def lengthened(house: House, past: Past, to: int, *, since: int = 1) -> None:
    """So that there are `to` records in all; `since` are there already."""
    ended_at = house.clock.now - timedelta(minutes=5)
    copies = (copy for n in range(since, to) for copy in _copies(past, n, ended_at - n * APART))
    while items := list(islice(copies, AT_ONCE)):
        _stored(house.engine, items)


def _copies(past: Past, number: int, ended_at: datetime) -> Iterator[Item]:
    session_id = f"{number:026d}"
    service_number = base32(number * 7_919 + 1, 8)
    service_number = f"{service_number[:4]}-{service_number[4:]}"
    at = to_ms(ended_at)
    for item in past.items:
        if number > WHOLE and not item["place"]["S"].startswith(("~", "0")):
            continue
        copy = {name: dict(value) for name, value in item.items()}
        place, key = copy["place"]["S"], copy["session_id"]["S"]
        if key == past.session_id:
            copy["session_id"] = {"S": session_id}
        elif key.startswith("number:"):
            copy["session_id"], copy["whose"] = {"S": f"number:{service_number}"}, {"S": session_id}
        elif key.startswith("w:"):
            copy["place"] = {"S": f"{at - 60_000:015d}:{session_id}"}
        if place == "~":
            copy |= {
                "number": {"S": service_number},
                "number_head": {"S": service_number[:NUMBER_HEAD]},
                "created_at": {"N": str(at - 60_000)},
                "ended_at": {"N": str(at)},
                "ended_month": {"S": month_of(ended_at)},
            }
        yield copy


def _stored(engine: EmbeddedDynamo, items: list[Item]) -> None:
    """As one transaction of the engine's own, past the limits of a request."""
    changes = [change.put(engine._catalog, {"TableName": TABLE, "Item": item}) for item in items]
    engine._store.write(lambda db: [each.done(db, Tally(wanted=False)) for each in changes])


ASKED = {
    "open a session": lambda p: (p.ann, "GET", f"/v1/sessions/{p.session_id}"),
    "a page of its messages": lambda p: (p.ann, "GET", f"/v1/sessions/{p.session_id}/messages"),
    "a customer's scroll": lambda p: (p.cleo, "GET", "/v1/widget/history"),
    "search by words": lambda p: (p.ann, "GET", f"/v1/sessions?q={WORD}&limit=5"),
    "search by queue and month": lambda p: (p.ann, "GET", "/v1/sessions?queue_id=support&limit=5"),
    "what an agent served": lambda p: (p.ann, "GET", "/v1/sessions?tab=closed&limit=5"),
    "search by number": lambda p: (p.ann, "GET", "/v1/sessions?number=000&limit=5"),
}
"""What is asked of a past, by whom."""
