"""How far it is from the middles of circles to some places: the seam behind which it lies.

The engine knows no coordinates of its centres. It asks a `Reach` for the places within a radius of
its origins, by their positions, and is told the distances; what a distance is the reach says by its
`basis`. `FromPoints` asks the places' own index, which must be one of geodesics: it measures these
where the index is not asked. `FromAreas` measures from the edges of areas; on foot there is
`geo_match.matching.engine.on_foot.OnFoot`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from geo_match._validate import MAX_RADIUS_M
from geo_match.geodesy import karney
from geo_match.index import AreaOrigins
from geo_match.index.counts import slices, starts
from geo_match.matching.engine._runs import runs
from geo_match.matching.engine.border import Border
from geo_match.matching.engine.far import FromOne
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa
    import shapely
    from numpy.typing import NDArray

    from geo_match.spatial import SpatialIndex

    _Integers = NDArray[np.int64]
    _Floats = NDArray[np.float64]

_MAX_PAIRS: Final = 500_000


@dataclass(frozen=True, eq=False)
class Places:
    """Places in an index of their own.

    Parameters
    ----------
    index
        Of the p different places.
    lon, lat
        Of these, degrees, (p,).
    """

    index: SpatialIndex
    lon: _Floats
    lat: _Floats


class Reach(Protocol):
    """Origins that can tell which places lie within a radius of them.

    `origin` are positions of origins that have a place, int64, (k,), a query each, as often as
    wanted; `radius_m` is one a query, inclusive. Equal origins are best asked one after the other.
    """

    @property
    def basis(self) -> str:
        """What a distance is."""

    def iter_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, max_pairs: int
    ) -> Iterator[Pairs]:
        """Yield the pairs in blocks of whole queries, in their order, of about `max_pairs`."""

    def sum_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, weights: _Integers
    ) -> _Integers:
        """Return the sum of the places' weights within the radius of each query, int64, (k,)."""

    def measure(self, origin: _Integers, lon: _Floats, lat: _Floats) -> _Floats:
        """Return how far each origin is from its own place, (m,) both, wherever that is, metres.

        It is the distance that decides whether the place lies within a radius; inf if there is no
        way from the one to the other.
        """

    def from_one(self, origin: int, places: Places) -> FromOne:
        """Return what finds the nearest of some places again and again; `measure` says how far."""


class FromPoints:
    """Points that ask the places' index.

    Parameters
    ----------
    lon, lat
        Degrees, (n,); NaN where there is no place.
    basis
        What the index measures.
    """

    def __init__(self, lon: _Floats, lat: _Floats, basis: str) -> None:
        self._lon, self._lat, self.basis = lon, lat, basis

    def iter_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, max_pairs: int
    ) -> Iterator[Pairs]:
        """Yield the pairs, as `Reach` says."""
        return places.index.iter_within(
            lon=self._lon[origin], lat=self._lat[origin], radius_m=radius_m, max_pairs=max_pairs
        )

    def sum_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, weights: _Integers
    ) -> _Integers:
        """Return the sums, as `Reach` says."""
        return places.index.sum_within(
            lon=self._lon[origin], lat=self._lat[origin], radius_m=radius_m, weights=weights
        ).astype(np.int64, copy=False)

    def measure(self, origin: _Integers, lon: _Floats, lat: _Floats) -> _Floats:
        """Return the distances, as `Reach` says: geodesics, whatever index is asked otherwise."""
        return karney(self._lon[origin], self._lat[origin], lon, lat)

    def from_one(self, origin: int, places: Places) -> FromOne:
        """Return what finds the nearest, as `Reach` says."""
        return FromOne(places.lon, places.lat, _measuring(self, origin))


class FromAreas:
    """Areas that ask from their edges; what lies in one is 0 m away.

    An area's distance to a place is the same whatever the radius (`AreaOrigins` promises it). So
    queries of one area that follow one another are one question, for the widest of their circles,
    and each keeps what lies in its own.

    Parameters
    ----------
    areas
        Of k origins, valid polygons in degrees.
    position
        int64, (n,): which of the areas is each origin's; -1 where it has none.
    """

    basis = "area_edge"

    def __init__(self, areas: Sequence[shapely.Geometry], position: _Integers) -> None:
        self._areas, self._position = AreaOrigins(areas), position
        self._shapes = areas

    @property
    def has_area(self) -> NDArray[np.bool_]:
        """Which origins have an area, (n,)."""
        return self._position >= 0

    def iter_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, max_pairs: int
    ) -> Iterator[Pairs]:
        """Yield the pairs, as `Reach` says."""
        run = np.flatnonzero(np.diff(origin, prepend=-1))
        if not len(run):
            return
        end = np.append(run[1:], len(origin))
        for told in self._areas.iter_within(
            lon=places.lon,
            lat=places.lat,
            radius_m=np.maximum.reduceat(radius_m, run),
            origin=self._position[origin[run]],
            max_pairs=max_pairs,
        ):
            asked = slice(told.first_query, told.first_query + told.n_queries)
            first = int(run[asked.start])
            of_run = np.repeat(np.arange(told.n_queries), (end - run)[asked])
            for block in slices(np.diff(told.offsets)[of_run], max_pairs):
                here = slice(first + block.start, first + block.stop)
                yield _own(told, of_run[block], radius_m[here], here.start)

    def sum_within(
        self, places: Places, *, origin: _Integers, radius_m: _Floats, weights: _Integers
    ) -> _Integers:
        """Return the sums, as `Reach` says."""
        # Two numbers as one, so that numpy sorts them together: each is asked once, areas in runs.
        asked, query = np.unique(origin + 1j * radius_m, return_inverse=True)
        total = np.zeros(len(asked), dtype=np.int64)
        for pairs in self.iter_within(
            places, origin=asked.real.astype(np.int64), radius_m=asked.imag, max_pairs=_MAX_PAIRS
        ):
            np.add.at(total, pairs.query, weights[pairs.point])
        return total[query]

    def measure(self, origin: _Integers, lon: _Floats, lat: _Floats) -> _Floats:
        """Return the distances, as `Reach` says: in a circle's reach those of `AreaOrigins`."""
        distance_m = np.empty(len(lon))
        for area in np.unique(self._position[origin]).tolist():
            at = np.flatnonzero(self._position[origin] == area)
            distance_m[at] = self._measure_one(area, lon[at], lat[at])
        return distance_m

    def from_one(self, origin: int, places: Places) -> FromOne:
        """Return what finds the nearest, as `Reach` says."""
        border = Border(self._shapes[self._position[origin]])

        def measure(lon: _Floats, lat: _Floats) -> _Floats:
            return self._measure_one(int(self._position[origin]), lon, lat, border)

        return FromOne(places.lon, places.lat, measure, border)

    def _measure_one(
        self, area: int, lon: _Floats, lat: _Floats, border: Border | None = None
    ) -> _Floats:
        """Return how far an area is from some places; its border may be at hand."""
        distance_m = np.full(len(lon), np.inf)
        near = self._areas.within(lon=lon, lat=lat, radius_m=MAX_RADIUS_M, origin=[area])
        distance_m[near.point] = near.distance_m
        far = np.flatnonzero(distance_m == np.inf)
        if len(far):
            border = border or Border(self._shapes[area])
            distance_m[far] = [border.distance_m(lon[one], lat[one]) for one in far.tolist()]
        return distance_m


class Circles(NamedTuple):
    """Where the circles of n centres are, if not around the centres' own places.

    Parameters
    ----------
    reach
        Asks from the origins.
    origin
        int64, (n,): the position of each centre's; -1 for one that is not known.
    is_located
        bool, (n,): whether the origin has a place.
    accuracy_m
        float64, (n,): how well it is known.
    name
        Text, (n,): the id that the centre names; null where it names none.
    are_alone
        Whether nobody asks but the origins themselves: the centres are they.
    """

    reach: Reach
    origin: _Integers
    is_located: NDArray[np.bool_]
    accuracy_m: _Floats
    name: pa.Array
    are_alone: bool


def _own(told: Pairs, run: _Integers, radius_m: _Floats, first_query: int) -> Pairs:
    """Return for each query the pairs of its run that lie within its own radius."""
    n = np.diff(told.offsets)[run]
    at = runs(told.offsets[run], n)
    query = np.repeat(np.arange(len(run)), n)
    kept = told.distance_m[at] <= radius_m[query]
    offsets = starts(np.bincount(query[kept], minlength=len(run)))
    at = at[kept]
    return Pairs(offsets, told.point[at], told.distance_m[at], first_query=first_query)


def _measuring(reach: Reach, origin: int) -> Callable[[_Floats, _Floats], _Floats]:
    """Return what measures from one origin."""
    return lambda lon, lat: reach.measure(np.full(len(lon), origin), lon, lat)


__all__ = ["Circles", "FromAreas", "FromPoints", "Places", "Reach"]
