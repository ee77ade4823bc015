"""Two customers who turned out to be one: who was merged into whom, by whom, and which sessions that moved.

    <into>   ·  "merge:<customer>"   →  when, by whom, and when it was undone
    <merged> ·  "moved:<session>"    →  into whom; written with the session's own move

A merge begins in one transaction with the mark on the merged one's profile, from which on nothing new begins in their name; undoing it
reads no more than what it moved.
"""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.customers.model import Customer, Merge
from chalicelib.customers.store import CustomerItem, is_known
from chalicelib.kit.clock import from_ms, from_ms_or_none, to_ms
from chalicelib.kit.table import Delete, Put, Table, Update, get_raw, named, query_all, transact
from chalicelib.kit.values import CustomerId, SessionId
from chalicelib.protocol.values import By

_MERGE, _MOVED = "merge:", "moved:"


class MergeItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    at = NumberAttribute()
    by = UnicodeAttribute()
    undone_at = NumberAttribute(null=True)


class MovedItem(Table):
    class Meta(Table.Meta):
        table_name = named("customers")

    customer_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    into = UnicodeAttribute()


class MergeStore:
    def begin(self, merged: Customer, into: Customer, by: By, at: datetime, token: str) -> None:
        """Raises `Clash` where either changed since it was read."""
        record = MergeItem(into.id, f"{_MERGE}{merged.id}", at=to_ms(at), by=by.model_dump_json())
        marked = [CustomerItem.merged_into.set(into.id), CustomerItem.version.add(1)]
        profile = CustomerItem(merged.id, "profile")
        unmarked = (CustomerItem.version == merged.version) & CustomerItem.merged_into.does_not_exist()
        transact([Put(record), Update(profile, marked, unmarked), is_known(into.id)], token)

    def undo(self, merged: Customer, into: CustomerId, at: datetime, token: str) -> None:
        """The mark goes, and the record stays."""
        profile = CustomerItem(merged.id, "profile")
        unmarked = [CustomerItem.merged_into.remove(), CustomerItem.version.add(1)]
        record = MergeItem(into, f"{_MERGE}{merged.id}")
        transact(
            [
                Update(profile, unmarked, CustomerItem.merged_into == into, if_needed=True),
                Update(record, [MergeItem.undone_at.set(to_ms(at))], MergeItem.at.exists(), if_needed=True),
            ],
            token,
        )

    def of(self, into: CustomerId) -> list[Merge]:
        """Those that were merged into them, whether it was undone or not."""
        found = query_all(MergeItem, into, MergeItem.part.startswith(_MERGE), consistent=True)
        return [_merge(raw) for raw in found]

    def everyone(self, into: CustomerId) -> list[CustomerId]:
        """Who is them by now: merged into them, or into one who was."""
        found: list[CustomerId] = []
        looked_at = [into]
        while looked_at:
            direct = [m.customer_id for m in self.of(looked_at.pop()) if m.undone_at is None]
            found += direct
            looked_at += direct
        return found

    def find(self, merged: CustomerId, into: CustomerId) -> Merge | None:
        raw = get_raw(MergeItem, into, f"{_MERGE}{merged}")
        return _merge(raw) if raw else None

    def moved(self, merged: CustomerId) -> Iterator[SessionId]:
        """What the merge moved and was not moved back."""
        for raw in query_all(MovedItem, merged, MovedItem.part.startswith(_MOVED), consistent=True):
            yield SessionId(raw["part"]["S"].removeprefix(_MOVED))


def session_moved(merged: CustomerId, into: CustomerId, session_id: SessionId) -> Put:
    return Put(MovedItem(merged, f"{_MOVED}{session_id}", into=into))


def session_moved_back(merged: CustomerId, session_id: SessionId) -> Delete:
    return Delete(MovedItem(merged, f"{_MOVED}{session_id}"))


def _merge(raw: dict[str, dict[str, str]]) -> Merge:
    undone_at = raw.get("undone_at")
    return Merge(
        customer_id=CustomerId(raw["part"]["S"].removeprefix(_MERGE)),
        at=from_ms(int(raw["at"]["N"])),
        by=By.model_validate_json(raw["by"]["S"]),
        undone_at=from_ms_or_none(int(undone_at["N"]) if undone_at else None),
    )
