"""Why who has something in the straight circle has not on foot: the cause at the nearest of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.measures.near import Near
from geo_match.index import PointIndex
from geo_match.index.counts import slices
from geo_match.walking.answers.causes import Cause, find_causes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.coverage.given.supply import Supply
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
_FITTING_AT_ONCE: Final = 200_000
"""Fewer: what fits are rows of many columns, one for each job of a place."""


def causes(
    lon: Floats,
    lat: Floats,
    on_foot: Integers,
    *,
    supply: Supply,
    radius_m: float,
    network: Network,
    fitting: Callable[[Integers], Near] | None = None,
) -> Integers:
    """Return why people do not have on foot what they have in the straight circle.

    It is the cause at one place: the nearest, straight, of those in the circle that are not
    reached on foot; of several as near the first in the order of the supply. Where it is asked who
    is eligible for what, it is the nearest of those alone that the person is eligible for, which
    are what is missed; of a person who is for none there, the nearest of all.

    Parameters
    ----------
    lon, lat
        Of people, degrees WGS-84, (n,), all located, each with more in the straight circle than on
        foot: with `fitting` more that fits, or nothing at all on foot.
    on_foot
        How much each has on foot, whether it fits or not, (n,).
    radius_m
        Metres, inclusive.
    fitting
        Gives of some of these people, by their positions, the places in their straight circles
        with something that they are eligible for. None where all counts.

    Returns
    -------
    numpy.ndarray
        int64, (n,): places in `CAUSES`.
    """
    straight = PointIndex(lon=supply.lon, lat=supply.lat)
    walked = network.index(lon=supply.lon, lat=supply.lat, is_part=True)
    place = np.full(len(lon), -1, dtype=np.int64)

    def around(who: Integers) -> Near:
        pairs = straight.within(lon=lon[who], lat=lat[who], radius_m=radius_m)
        return Near(pairs.query, pairs.point, pairs.distance_m)

    def look(who: Integers, near_of: Callable[[Integers], Near], rows: Integers, most: int) -> None:
        """Find the nearest place that is missed, of those near some people: so many rows each."""
        count = straight.sum_within(lon=lon[who], lat=lat[who], radius_m=radius_m, weights=rows)
        for part in slices(np.asarray(count, dtype=np.int64), most):
            some = who[part]
            reached = walked.within(lon=lon[some], lat=lat[some], radius_m=radius_m)
            place[some] = _nearest_missed(near_of(some), reached, len(supply.lon))

    if fitting is not None:
        look(np.arange(len(lon)), fitting, _rows_of(supply), _FITTING_AT_ONCE)
    nothing = (place < 0) & (on_foot == 0)
    # Of who reaches nothing it is the nearest of all.
    place[nothing] = straight.nearest(lon=lon[nothing], lat=lat[nothing]).point
    one_each = np.ones(len(supply.lon), dtype=np.int64)
    look(np.flatnonzero(place < 0), around, one_each, _PAIRS_AT_ONCE)
    people = network.snap(lon=lon, lat=lat)
    found = find_causes(
        network.graph, people, walked.snaps, person=np.arange(len(lon)), place=place
    )
    return np.asarray(_CODES[found - 1], dtype=np.int64)


def _rows_of(supply: Supply) -> Integers:
    """Return how many rows of a supply are at each of its places, (m,): at least 1."""
    if supply.place is None:
        return np.ones(len(supply.lon), dtype=np.int64)
    at = supply.place[supply.place >= 0]
    return np.bincount(at, minlength=len(supply.lon))


def _nearest_missed(near: Near, reached: Pairs, n_places: int) -> Integers:
    """Return the nearest place of each circle that is not reached on foot, (n,); −1 for none.

    Parameters
    ----------
    near
        The places that are looked at.
    reached
        A query a person, those who were asked about: the places that are reached.
    """
    found = np.full(len(reached.offsets) - 1, -1, dtype=np.int64)
    keys, known = (
        person * n_places + place
        for person, place in ((near.person, near.place), (reached.query, reached.point))
    )
    missed = np.flatnonzero(~np.isin(keys, known))
    person, place = near.person[missed], near.place[missed]
    order = np.lexsort((place, near.distance_m[missed], person))
    who, first = np.unique(person[order], return_index=True)
    found[who] = place[order][first]
    return found


__all__ = ["CAUSES", "causes"]
