"""Whether somebody is there for what a customer may choose, and when if not."""

from datetime import datetime

from chalicelib.shifts.reading import Looking, Opening
from chalicelib.sources.model import Route


class Openings:
    """As of one instant; routes to one queue by the same hours are looked at once."""

    def __init__(self, looking: Looking, at: datetime) -> None:
        self._looking = looking
        self._at = at
        self._found: dict[tuple[str, str | None], Opening] = {}

    def of(self, route: Route) -> Opening:
        way = (route.queue_id, route.business_hours_id)
        if way not in self._found:
            self._found[way] = self._looking.opening(route.queue_id, self._at, route.business_hours_id)
        return self._found[way]
