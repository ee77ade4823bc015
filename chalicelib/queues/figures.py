"""What happened in a queue, counted by the quarter of an hour as it happens, so that nobody reads through a day's sessions to know.

    "figures:<queue>"  ·  2026-11-22T12:15Z  →  how many came, were answered, in time, or gave up

Counted after what is counted was stored, by a write of its own that nothing waits for: in the transaction, everybody who comes at the
same moment would clash at the one counter. Cut short in between, one is missing until figures are rebuilt from the log. A day is 96 small
items: one Query of two units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kit.log import Log
from chalicelib.kit.table import Table, named, query_page
from chalicelib.kit.values import QueueId

QUARTER_MIN: Final = 15
MOST_QUARTERS: Final = 101
"""Of the longest day there is, 25 hours, and one on either side of it."""


class FigureItem(Table):
    class Meta(Table.Meta):
        table_name = named("queues")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    queued = NumberAttribute(null=True)
    answered = NumberAttribute(null=True)
    in_time = NumberAttribute(null=True)
    abandoned = NumberAttribute(null=True)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of a quarter of an hour or of several. `in_time`: first answers within the queue's target, of those `answered`."""

    queued: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            queued=self.queued + other.queued,
            answered=self.answered + other.answered,
            in_time=self.in_time + other.in_time,
            abandoned=self.abandoned + other.abandoned,
        )

    @property
    def service_level(self) -> float | None:
        """Answered in time, of all who were answered or gave up; None while there was nobody."""
        judged = self.answered + self.abandoned
        return round(self.in_time / judged, 4) if judged > 0 else None


@dataclass(frozen=True)
class Quarter:
    at: datetime
    figures: Figures


def quarter_of(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute // QUARTER_MIN * QUARTER_MIN, second=0, microsecond=0)


class FigureStore:
    def __init__(self, log: Log) -> None:
        self._log = log

    def count(self, queue_id: QueueId, at: datetime, **more: int) -> None:
        """One write unit. A figure's trouble is nobody's else."""
        attributes: dict[str, Any] = dict(FigureItem.get_attributes())
        try:
            FigureItem(f"figures:{queue_id}", _key(quarter_of(at))).update(
                actions=[attributes[name].add(count) for name, count in sorted(more.items())]
            )
        except Exception as error:  # noqa: BLE001
            self._log(what="figure", queue_id=queue_id, error=repr(error))

    def between(self, queue_id: QueueId, since: datetime, until: datetime) -> Sequence[Quarter]:
        """The quarters that begin from `since` to before `until`, in which anything was counted."""
        where = FigureItem.id.between(_key(quarter_of(since)), _key(quarter_of(until)))
        page = query_page(FigureItem, f"figures:{queue_id}", where, limit=MOST_QUARTERS)
        found = [_read(FigureItem.from_raw_data(raw)) for raw in page.items]
        return [q for q in found if q.at < until]


def _key(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%MZ}"


def _read(item: FigureItem) -> Quarter:
    at = datetime.strptime(item.id, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    figures = Figures(
        queued=int(item.queued or 0),
        answered=int(item.answered or 0),
        in_time=int(item.in_time or 0),
        abandoned=int(item.abandoned or 0),
    )
    return Quarter(at, figures)
