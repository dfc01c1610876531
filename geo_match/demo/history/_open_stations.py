"""The service station nearest to a place among those open on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo.history._days import to_days
from geo_match.index import PointIndex

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_ASK_FIRST: Final = 4
_ASK_MORE: Final = 4


def nearest_open(
    stations: gpd.GeoDataFrame,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    on: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the row of the nearest station open on each day, −1 where none is.

    Parameters
    ----------
    stations
        `Work.stations`; one is open from its `opened_on` to the day before its `closed_on`.
    lon, lat
        Degrees, WGS-84, shape (n,).
    on
        Days, shape (n,).
    """
    found = np.full(len(lon), -1, dtype=np.int64)
    opened = to_days(stations["opened_on"])
    closed = to_days(stations["closed_on"])
    index = PointIndex(lon=stations.geometry.x.to_numpy(), lat=stations.geometry.y.to_numpy())
    left = np.arange(len(lon))
    k = _ASK_FIRST
    # Most find an open one among the first few; the rest ask for more, in the end for all.
    while len(left) and len(stations):
        k = min(k, len(stations))
        places, at = np.unique(np.stack([lon[left], lat[left]]), axis=1, return_inverse=True)
        near = index.nearest(lon=places[0], lat=places[1], k=k).point.reshape(-1, k)[at.ravel()]
        day = on[left][:, None]
        is_open = (opened[near] <= day) & (day < closed[near])
        some = is_open.any(axis=1)
        found[left[some]] = near[some, is_open.argmax(axis=1)[some]]
        left = left[~some]
        if k == len(stations):
            break
        k *= _ASK_MORE
    return found
