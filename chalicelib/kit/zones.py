"""Time zones by their IANA names, as callers write them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.kit.errors import Invalid


class UnknownTimeZone(Invalid):
    """Not a name of the IANA time zone database."""


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZone(
            f"There is no time zone {name!r}. Give a name like Europe/Berlin.",
            errors=(("time_zone", "is no IANA time zone"),),
        ) from error
