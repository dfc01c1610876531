"""Walks of at most so many metres over points: `WalkingIndex`.

How it works, in five lines. Points stand at places, and places hang on the edges that they are
led to. From a place the streets are searched outward until the limit, in whole millimetres, from
whichever side, queries or points, covers less ground. What hangs on streets that are reached well
within the limit is counted by whole crossings; only near the limit is it looked at one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import as_count, as_lonlat, as_max_distance, as_radius, as_weights
from geo_match.errors import ArgumentError
from geo_match.walking.graph.graph import Graph
from geo_match.walking.index import pairs, sums
from geo_match.walking.index.places import asked, asked_nearest, places_of
from geo_match.walking.index.weights import PreparedWeights, as_whole, in_own_type
from geo_match.walking.search.ground import ground_of
from geo_match.walking.snapping.snap import DEFAULT_MAX_SNAP_M, as_limit_mm, as_max_snap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from geo_match.spatial import Pairs
    from geo_match.walking.network import Network
    from geo_match.walking.snapping.snap import Snaps

_MAX_PAIRS = 2_000_000
_MOST_POINTS = 2**31 - 64


class WalkingIndex:
    """An immutable index of points that answers for walks along streets, exactly.

    A point is within a radius of a query when the shortest way between the two is at most the
    radius: the query's snap, the streets, the point's snap, each in whole millimetres, rounded up.
    So a way and its reverse are equally long, and none is shorter than the geodesic. Two places
    with equal coordinates are 0 m apart. A query or point that is led to no street reaches
    nothing, itself neither: `snaps` says why. Any number of threads may ask one index at once;
    the loops release the interpreter's lock.

    The methods take what those of `PointIndex` take; only the distance is another. Each raises
    ArgumentError, CoordinateError or RadiusError if an argument breaks its rule, and those that
    take weights WeightError.

    Parameters
    ----------
    network_or_graph
        The streets, with those that were opened in it.
    lon, lat
        Degrees, WGS-84, shape (m,); copied.
    max_snap_m
        How far a place, of a point or a query, may be from its street, metres.

    Raises
    ------
    ArgumentError
        If the arrays are not numbers of one length.
    CoordinateError
        If a value is not a place on earth.
    RadiusError
        If `max_snap_m` is not between 0 and 10 km.

    Notes
    -----
    No walk is longer than 2,147 km: what is farther away is not found.
    """

    def __init__(
        self,
        network_or_graph: Network | Graph,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        max_snap_m: float = DEFAULT_MAX_SNAP_M,
    ) -> None:
        checked_lon, checked_lat = as_lonlat(lon, lat)
        if len(checked_lon) > _MOST_POINTS:
            raise ArgumentError(
                "lon", f"hold at most {_MOST_POINTS:,} points", f"{len(checked_lon):,}"
            )
        self._max_snap_m = as_max_snap(max_snap_m)
        if isinstance(network_or_graph, Graph):
            self._ground = ground_of(network_or_graph)
        else:
            self._ground = ground_of(network_or_graph.graph, network_or_graph.openings)
        self._places = places_of(self._ground, checked_lon, checked_lat, self._max_snap_m)
        self._ones = sums.weigh(self._places, np.ones((len(checked_lon), 1), dtype=np.int64))

    def __len__(self) -> int:
        """Return the number of indexed points."""
        return len(self._places.of_point)

    def __repr__(self) -> str:
        """Name the index by its size."""
        return f"WalkingIndex({len(self):,} points)"

    @property
    def nbytes(self) -> int:
        """Memory that the index holds beside the network, bytes."""
        places = self._places
        arrays = (*places.hung, *places.members, places.of_point)
        return sum(array.nbytes for array in arrays) + places.snaps.nbytes

    @property
    def places(self) -> Snaps:
        """Where its distinct places meet the streets, in no order of the points."""
        return self._places.snaps

    @property
    def snaps(self) -> Snaps:
        """Where its points meet the streets, (m,)."""
        return self._places.snaps.take(self._places.of_point)

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return every pair of query and point at most the radius apart on foot.

        `lon`, `lat` and `radius_m` are numbers or of shape (n,): degrees, and metres, inclusive,
        to 200 km. The points of each query are in ascending order of their positions, with their
        distances in whole millimetres, as metres; all pairs are in memory at once.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        return pairs.joined(list(self.iter_within(lon=lon, lat=lat, radius_m=radius_m)))

    def iter_within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        max_pairs: int = _MAX_PAIRS,
    ) -> Iterator[Pairs]:
        """Yield the pairs of `within` in blocks of whole queries, in the order of the queries.

        A block has at most `max_pairs`, unless one query alone has more, and says by `first_query`
        where it begins; the blocks together have every query once.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule: before the first block is asked for.
        """
        checked_lon, checked_lat = as_lonlat(lon, lat)
        limit_mm = as_limit_mm(as_radius(radius_m, len(checked_lon)))
        return pairs.blocks(
            self._ground,
            self._places,
            # The caller may write to these arrays before the last block is asked for.
            (checked_lon.copy(), checked_lat.copy(), limit_mm),
            self._max_snap_m,
            as_count(max_pairs, "max_pairs", least=1),
        )

    def count_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return the number of points within the radius of each query, int64, (n,).

        Arguments and what is raised are as in `within`.
        """
        queries = asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        return sums.sum_within(self._ground, self._places, queries, self._ones)[:, 0]

    def sum_within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        weights: ArrayLike | PreparedWeights,
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return the sum of the points' weights within the radius of each query, (n,) or (n, k).

        `weights` are finite numbers, (m,) or (m, k), or what `prepare` made of them. Of integers
        the sums are int64 and exact; of floats float64, and of no order of the points.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule, or another index prepared the weights.
        WeightError
            If a weight is not finite, or a column adds up to more than its type holds.
        """
        queries = asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        if not isinstance(weights, PreparedWeights):
            weights = self.prepare(weights)
        elif weights.places is not self._places:
            raise ArgumentError(
                "weights", "be prepared by this index", "weights prepared by another one"
            )
        return weights.finish(sums.sum_within(self._ground, self._places, queries, weights.parts))

    def prepare(self, weights: ArrayLike) -> PreparedWeights:
        """Add weights up over the streets once, for many calls of `sum_within` of this index.

        They are as there, copied, and refused for the same reasons.
        """
        checked = as_weights(weights, len(self))
        whole, exponents = as_whole(checked)
        parts = sums.weigh(self._places, whole)
        return PreparedWeights(parts, exponents, checked.shape[1:], self._places)

    def nearest(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        k: int = 1,
        max_distance_m: float | None = None,
    ) -> Pairs:
        """Return the k nearest points of each query on foot, by distance, then by position.

        There are fewer of a query that has not so many on its streets, or within
        `max_distance_m`, metres, inclusive; without it all that is connected is searched.

        Raises
        ------
        ArgumentError, CoordinateError
            If an argument breaks its rule: `k` is at least 1.
        """
        queries = asked_nearest(self._ground, lon, lat, self._max_snap_m)
        most_m = as_max_distance(max_distance_m)
        count = as_count(k, "k", least=1)
        return pairs.nearest(self._ground, self._places, queries, count, most_m)

    def count_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return for each indexed point how many of the queries reach it, int64, (m,).

        By position of the points. Arguments and what is raised are as in `within`.
        """
        queries = asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        ones = np.ones((len(queries.of_query), 1), dtype=np.int64)
        return sums.sum_reaching(self._ground, self._places, queries, ones)[:, 0]

    def sum_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, weights: ArrayLike
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return for each indexed point the sum of the weights of queries that reach it, (m,).

        By position of the points; `weights` are one finite number a query, (n,). Of integers the
        sums are int64 and exact; of floats float64, and of no order of the queries.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        WeightError
            If a weight is not finite, or they add up to more than their type holds.
        """
        queries = asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        n = len(queries.of_query)
        try:
            shape = np.shape(weights)
        except ValueError:  # rows of different lengths, which `as_weights` names
            shape = (n,)
        if shape != (n,):
            raise ArgumentError("weights", f"have one number a query ({n})", f"shape {shape}")
        whole, exponents = as_whole(as_weights(weights, n, rows="queries"))
        total = sums.sum_reaching(self._ground, self._places, queries, whole)
        return in_own_type(total, exponents)[:, 0]


__all__ = ["WalkingIndex"]
