"""Places on foot: `OnFoot`, the reach of points along the streets of a network.

A walk is never shorter than the straight line, so the straight circle holds all that is in reach;
but whoever is in it must be walked to all the same, and one search from a point walks to every
place there is. So the network alone is asked: from the side, centres or places, with the fewer
points, since a walk and its reverse are equally long, to the millimetre.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.index import PointIndex
from geo_match.index.counts import slices, starts
from geo_match.matching.engine.far import FromOne, Once
from geo_match.matching.engine.reach import FromPoints
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.matching.engine.reach import Places, Reach
    from geo_match.matching.options import MatchOptions
    from geo_match.spatial import SpatialIndex
    from geo_match.walking import Network

    _Integers = NDArray[np.int64]
    _Floats = NDArray[np.float64]

_MOST_PAIRS: Final = 8_000_000
"""Pairs in memory where the places search: fewer, since no place reaches all centres."""
_MOST_CENTRES: Final = 65_535
"""Centres that the places search for at a time: numpy sorts so many by counting."""
_LEAST_CENTRES: Final = 64
"""For fewer it is not worth an index."""
_TIMES: Final = 3
"""So many times fewer places search faster: what they find is put in the order of the centres, too.

In a drawn city 2,000 places took 1.3 times as long as 4,000 centres, 0.6 times as 13,000.
"""


class Sides(NamedTuple):
    """What is said of n pairs beside their distance on foot; metres, (n,) each.

    Parameters
    ----------
    straight_m
        The geodesic between the two.
    seeker_snap_m, job_snap_m
        How far each of the two is from its street: these are in the distance on foot.
    """

    straight_m: _Floats
    seeker_snap_m: _Floats
    job_snap_m: _Floats


class OnFoot:
    """Points that ask along streets.

    Parameters
    ----------
    lon, lat
        Degrees, (n,); NaN where there is no place.
    network
        The streets; the places' index must be of the same.
    """

    basis = "walking"

    def __init__(self, lon: _Floats, lat: _Floats, network: Network) -> None:
        self._lon, self._lat, self._network = lon, lat, network
        self.straight = FromPoints(lon, lat, "geodesic")
        self._snap_m = Once(lon, lat, self._snap)

    def iter_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, max_pairs: int
    ) -> Iterator[Pairs]:
        """Yield the pairs, as `Reach` says."""
        n_places = max(len(places.lon), 1)
        step = min(max(_MOST_PAIRS // n_places, _LEAST_CENTRES), _MOST_CENTRES)
        for start in range(0, len(origin), step):
            some = slice(start, start + step)
            if self._is_work_for_places(n_places, origin[some], radius_m[some]):
                told = self._from_places(places, origin[some], radius_m[some])
                for block in slices(np.diff(told.offsets), max_pairs):
                    yield _part(told, block, start)
                continue
            for told in places.index.iter_within(
                lon=self._lon[origin[some]],
                lat=self._lat[origin[some]],
                radius_m=radius_m[some],
                max_pairs=max_pairs,
            ):
                yield Pairs(
                    told.offsets,
                    told.point,
                    told.distance_m,
                    first_query=told.first_query + start,
                )

    def sum_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, weights: _Integers
    ) -> _Integers:
        """Return the sums, as `Reach` says."""
        return places.index.sum_within(
            lon=self._lon[origin], lat=self._lat[origin], radius_m=radius_m, weights=weights
        ).astype(np.int64, copy=False)

    def measure(self, origin: _Integers, lon: _Floats, lat: _Floats) -> _Floats:
        """Return the distances, as `Reach` says: inf where there is no way."""
        told = self._network.distance(
            lon1=self._lon[origin], lat1=self._lat[origin], lon2=lon, lat2=lat
        )
        return np.where(told.is_reached, told.distance_m, np.inf)

    def from_one(self, origin: int, places: Places) -> FromOne:
        """Return what finds the nearest, as `Reach` says: none where there is no way to any."""

        def measure(lon: _Floats, lat: _Floats) -> _Floats:
            return self.measure(np.full(len(lon), origin), lon, lat)

        def straight(lon: _Floats, lat: _Floats) -> _Floats:
            return self.straight.measure(np.full(len(lon), origin), lon, lat)

        return FromOne(places.lon, places.lat, measure, at_least=straight)

    def why_not(self, origin: int, lon: float, lat: float) -> str:
        """Say why there is no way from an origin to its place; empty if there is one.

        Returns
        -------
        str
            `disconnected`; or "seeker" or "job" — the origin or the place — which is led to no
            street, and why: "job: too_far", "seeker: blocked".
        """
        here = {"lon": self._lon[[origin]], "lat": self._lat[[origin]]}
        for name, place in (("seeker", here), ("job", {"lon": [lon], "lat": [lat]})):
            (reason,) = self._network.snap(**place).reasons.tolist()
            if reason:
                return f"{name}: {reason}"
        told = self._network.distance(lon1=here["lon"], lat1=here["lat"], lon2=[lon], lat2=[lat])
        return str(told.reason[0])

    def snap_m(self, origin: _Integers) -> _Floats:
        """Return how far origins that have a place are from their streets, metres, (m,).

        It is inf for those that are led to none.
        """
        return self._snap_m.of(origin)

    def _snap(self, lon: _Floats, lat: _Floats) -> _Floats:
        told = self._network.snap(lon=lon, lat=lat)
        return np.where(told.is_snapped, told.snap_m, np.inf)

    def _is_work_for_places(self, n_places: int, origin: _Integers, radius_m: _Floats) -> bool:
        """Return whether the places search far fewer streets: all as far as the widest circle."""
        if len(origin) < max(_TIMES * n_places, _LEAST_CENTRES):
            return False
        here = self._lon[origin] + 1j * self._lat[origin]
        n_homes = len(np.unique(here))
        part = float(np.mean(np.square(radius_m))) / max(float(radius_m.max()) ** 2, 1.0)
        return _TIMES * n_places < part * n_homes

    def _from_places(self, places: Places, origin: _Integers, radius_m: _Floats) -> Pairs:
        """Return the pairs of some centres, found by the places."""
        homes = self._network.index(lon=self._lon[origin], lat=self._lat[origin], is_part=True)
        told = homes.within(lon=places.lon, lat=places.lat, radius_m=float(radius_m.max()))
        kept = np.flatnonzero(told.distance_m <= radius_m[told.point])
        centre = told.point[kept]
        # Places ascend, and stay so among those of one centre.
        order = kept[np.argsort(centre.astype(np.uint16), kind="stable")]
        return Pairs(
            starts(np.bincount(centre, minlength=len(origin))),
            told.query[order],
            told.distance_m[order],
        )


def reach_of(lon: _Floats, lat: _Floats, options: MatchOptions) -> Reach:
    """Return the reach of points by what a distance is asked to be.

    Parameters
    ----------
    lon, lat
        Degrees, (n,); NaN where there is no place.
    """
    if options.network is not None:
        return OnFoot(lon, lat, options.network)
    return FromPoints(lon, lat, options.basis)


def index_of(lon: _Floats, lat: _Floats, options: MatchOptions) -> SpatialIndex:
    """Return the index of places, degrees, that the reach of the same options asks.

    They may be some of many, such as those of one occupation, and all be elsewhere: whether the
    network is another city's is asked of the whole side, by `refuse_elsewhere`.
    """
    if options.network is not None:
        return options.network.index(lon=lon, lat=lat, is_part=True)
    return PointIndex(lon=lon, lat=lat)


def refuse_elsewhere(lon: _Floats, lat: _Floats, options: MatchOptions) -> None:
    """Refuse a side whose places show that the network is another city's.

    Parameters
    ----------
    lon, lat
        Degrees, (n,), of all its rows; NaN where there is no place.

    Raises
    ------
    ArgumentError
        As `Network.index` says.
    """
    if options.network is not None:
        located = ~np.isnan(lon)
        options.network.refuse_elsewhere(lon=lon[located], lat=lat[located])


def _part(told: Pairs, block: slice, first_query: int) -> Pairs:
    """Return the pairs of some of the queries."""
    offsets = told.offsets[block.start : block.stop + 1]
    inside = slice(int(offsets[0]), int(offsets[-1]))
    return Pairs(
        offsets - offsets[0],
        told.point[inside],
        told.distance_m[inside],
        first_query=first_query + block.start,
    )


__all__ = ["OnFoot", "Sides", "index_of", "reach_of", "refuse_elsewhere"]
