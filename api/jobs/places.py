"""Communities and stations as a store has them: what a request may ask around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMUNITY_FIELDS: Final = ("id", "name", "previous_code", "area")
STATION_FIELDS: Final = ("id", "name", "lon", "lat")


class Community(NamedTuple):
    """A community: its name, the code that it had before, and its area as WKT; None if unknown."""

    name: str
    previous_code: str | None
    area: str | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the community of a record."""
        return cls(record["name"], record["previous_code"], record["area"])


class Station(NamedTuple):
    """A station: its name, and its lon and lat, degrees, WGS-84; None if unknown."""

    name: str | None
    place: tuple[float, float] | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return the station of a record."""
        lon, lat = record["lon"], record["lat"]
        return cls(record["name"], None if lon is None or lat is None else (lon, lat))
