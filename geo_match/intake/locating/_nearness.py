"""How far places are from the community that a row says it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.geodesy import geodesic_distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index.zone_index import ZoneIndex

MOST_BEYOND_M: Final = 3_000.0
"""So far beyond its accuracy a name's place may lie from the row's community.

An estate's name is used across the border of its community, but not across a town.
"""


def distance_m(
    zones: ZoneIndex | None,
    community: str,
    *,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the distance of places to a community, metres, shape (n,); 0 where none is known.

    Parameters
    ----------
    zones
        The communities. Without an area the point of one stands for it. None where no community
        is known.
    community
        Its code; empty where unknown.
    lon, lat
        The places, degrees, WGS-84, shape (n,).
    """
    if zones is None or not community or community not in zones:
        return np.zeros(len(lon))
    if zones.area(community) is not None:
        return zones.distance_m(community, lon=lon, lat=lat)
    at_lon, at_lat = zones.point_of(community)
    return geodesic_distance(lon1=lon, lat1=lat, lon2=at_lon, lat2=at_lat)
