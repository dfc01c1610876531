"""Why who has something in the straight circle has not on foot: the cause at the nearest of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.index import PointIndex
from geo_match.index.counts import slices
from geo_match.walking.causes import Cause, find_causes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.measures.basis import Index
    from geo_match.spatial import Pairs
    from geo_match.walking.network import Network

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

CAUSES: Final = ("river", "detour", "disconnected", "snap_failed")
"""Why a place of the straight circle is not reached on foot.

It is the first that holds of: `snap_failed`, the person or the place is led to no street;
`disconnected`, no street leads from one to the other; `river`, the straight line between them
crosses water, and the way around is too long; `detour`, the streets go another way, which is too
long.
"""
_CODES: Final = np.array([CAUSES.index(one.name.lower()) for one in Cause])
_PAIRS_AT_ONCE: Final = 2_000_000


def causes(
    lon: Floats,
    lat: Floats,
    on_foot: Integers,
    *,
    supply: Supply,
    radius_m: float,
    network: Network,
) -> Integers:
    """Return why people do not have on foot what they have in the straight circle.

    It is the cause at one place: the nearest, straight, of those in the circle that are not
    reached on foot; of several as near the first in the order of the supply.

    Parameters
    ----------
    lon, lat
        Of people, degrees WGS-84, (n,), all located, each with more in the straight circle than on
        foot.
    on_foot
        How much each has on foot, (n,).
    radius_m
        Metres, inclusive.

    Returns
    -------
    numpy.ndarray
        int64, (n,): places in `CAUSES`.
    """
    straight = PointIndex(lon=supply.lon, lat=supply.lat)
    walked = network.index(lon=supply.lon, lat=supply.lat)
    place = np.empty(len(lon), dtype=np.int64)
    nothing = on_foot == 0
    # Of who reaches nothing it is the nearest of all.
    place[nothing] = straight.nearest(lon=lon[nothing], lat=lat[nothing]).point
    some = np.flatnonzero(~nothing)
    count = straight.count_within(lon=lon[some], lat=lat[some], radius_m=radius_m)
    for part in slices(count, _PAIRS_AT_ONCE):
        who = some[part]
        place[who] = _nearest_missed(straight, walked, lon[who], lat[who], radius_m)
    people = network.snap(lon=lon, lat=lat)
    found = find_causes(
        network.graph, people, walked.snaps, person=np.arange(len(lon)), place=place
    )
    return np.asarray(_CODES[found - 1], dtype=np.int64)


def _nearest_missed(
    straight: PointIndex, walked: Index, lon: Floats, lat: Floats, radius_m: float
) -> Integers:
    """Return the nearest place of each circle that is not reached on foot, (n,)."""
    around = straight.within(lon=lon, lat=lat, radius_m=radius_m)
    reached = walked.within(lon=lon, lat=lat, radius_m=radius_m)
    missed = np.flatnonzero(~np.isin(_keys(around, len(straight)), _keys(reached, len(straight))))
    person = around.query[missed]
    order = missed[np.lexsort((around.distance_m[missed], person))]  # stable: then by position
    first = np.searchsorted(person, np.arange(len(lon)))
    return np.asarray(around.point[order[first]], dtype=np.int64)


def _keys(pairs: Pairs, n_points: int) -> Integers:
    """Return a number for each pair of query and point, ascending."""
    return np.asarray(pairs.query * n_points + pairs.point)


__all__ = ["CAUSES", "causes"]
