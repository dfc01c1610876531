"""Walks of at most so many metres over points: `WalkingIndex`.

How it works, in five lines. Points stand at places, and places hang on the edges that they are
led to. From a place the streets are searched outward until the limit, in whole millimetres, from
whichever side, queries or points, covers less ground. What hangs on streets that are reached well
within the limit is counted by whole crossings; only near the limit is it looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import as_count, as_lonlat, as_max_distance, as_radius, as_weights
from geo_match.errors import ArgumentError
from geo_match.index._weights import split_floats, unsplit_floats
from geo_match.walking import _answers as answers
from geo_match.walking.graph import Graph
from geo_match.walking.reach_points import ground_of
from geo_match.walking.snap import DEFAULT_MAX_SNAP_M, as_limit_mm, as_max_snap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from geo_match.spatial import Pairs
    from geo_match.walking.network import Network
    from geo_match.walking.snap import Snaps

_MAX_PAIRS = 2_000_000
_MOST_POINTS = 2**31 - 64


@dataclass(frozen=True, slots=True)
class PreparedWeights:
    """Weights of an index's points, ready to be summed; made by `WalkingIndex.prepare`.

    Parameters
    ----------
    parts
        Whole numbers, two columns a column of floats.
    exponents
        Of `split_floats`; None for integers.
    columns
        Shape of a point's weights: () or (k,).
    index
        The index whose points they are of.
    """

    parts: answers.Weights
    exponents: NDArray[np.int64] | None
    columns: tuple[int, ...]
    index: WalkingIndex


class WalkingIndex:
    """An immutable index of points that answers for walks along streets, exactly.

    A point is within a radius of a query when the shortest way between the two is at most the
    radius: the query's snap, the streets, the point's snap, each in whole millimetres, rounded up.
    So a way and its reverse are equally long, and none is shorter than the geodesic. Two places
    with equal coordinates are 0 m apart. A query or point that is led to no street reaches
    nothing, itself neither: `snaps` says why. Any number of threads may ask one index at once;
    the loops release the interpreter's lock.

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
        self._places = answers.places_of(self._ground, checked_lon, checked_lat, self._max_snap_m)
        ones = np.ones((len(checked_lon), 1), dtype=np.int64)
        self._ones = answers.weigh(self._places, ones)

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
    def snaps(self) -> Snaps:
        """Where its points meet the streets, (m,)."""
        return self._places.snaps.take(self._places.of_point)

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return every pair of query and point at most the radius apart on foot.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, a number or shape (n,).
        radius_m
            Metres, inclusive, a number or shape (n,); 0 to 200 km.

        Returns
        -------
        Pairs
            The points of each query in ascending order of their positions. All pairs are in
            memory at once (16 bytes a pair): `iter_within` streams them.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        return answers.joined(list(self.iter_within(lon=lon, lat=lat, radius_m=radius_m)))

    def iter_within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        max_pairs: int = _MAX_PAIRS,
    ) -> Iterator[Pairs]:
        """Yield the pairs of `within` in blocks of whole queries, in the order of the queries.

        Parameters
        ----------
        lon, lat, radius_m
            As in `within`; checked before the first block is asked for.
        max_pairs
            A block holds at most so many pairs, unless one query alone has more.

        Yields
        ------
        Pairs
            With `first_query` set; the blocks together have every query once.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        checked_lon, checked_lat = as_lonlat(lon, lat)
        limit_mm = as_limit_mm(as_radius(radius_m, len(checked_lon)))
        return answers.blocks(
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
        """Return the number of points within the radius of each query.

        Parameters
        ----------
        lon, lat, radius_m
            As in `within`.

        Returns
        -------
        numpy.ndarray
            int64, shape (n,).

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        queries = answers.asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        return answers.sum_within(self._ground, self._places, queries, self._ones)[:, 0]

    def sum_within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        weights: ArrayLike | PreparedWeights,
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return the sum of the points' weights within the radius of each query.

        Parameters
        ----------
        lon, lat, radius_m
            As in `within`.
        weights
            Integers or floats, shape (m,) or (m, k), finite; or what `prepare` made of them,
            which spares a pass over all points where the queries are few.

        Returns
        -------
        numpy.ndarray
            Shape (n,) or (n, k). int64 and exact for integers (and booleans); for floats float64,
            with the error that `PointIndex.sum_within` states.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        WeightError
            If a weight is not finite, or a column adds up to more than its type holds.
        """
        queries = answers.asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        if not isinstance(weights, PreparedWeights):
            weights = self.prepare(weights)
        elif weights.index is not self:
            raise ArgumentError(
                "weights", "be prepared by this index", "weights prepared by another one"
            )
        total = answers.sum_within(self._ground, self._places, queries, weights.parts)
        if weights.exponents is not None:
            return unsplit_floats(total, weights.exponents).reshape(-1, *weights.columns)
        return total.reshape(-1, *weights.columns)

    def prepare(self, weights: ArrayLike) -> PreparedWeights:
        """Add weights up over the streets once, for many calls of `sum_within`.

        Parameters
        ----------
        weights
            As in `sum_within`; copied.

        Returns
        -------
        PreparedWeights
            To be given to `sum_within` of this index as its `weights`.

        Raises
        ------
        ArgumentError, WeightError
            As in `sum_within`.
        """
        checked = as_weights(weights, len(self))
        whole, exponents = _as_whole(checked if checked.ndim > 1 else checked[:, None])
        parts = answers.weigh(self._places, whole)
        return PreparedWeights(parts, exponents, checked.shape[1:], self)

    def nearest(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        k: int = 1,
        max_distance_m: float | None = None,
    ) -> Pairs:
        """Return the k nearest points of each query on foot, by distance, then by position.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, a number or shape (n,).
        k
            How many points, at least 1; fewer come back where there are not so many.
        max_distance_m
            Metres, inclusive: points farther away are left out. None searches all that is
            connected.

        Returns
        -------
        Pairs
            Ordered by distance, then by position.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        queries = answers.asked_nearest(self._ground, lon, lat, self._max_snap_m)
        most_m = as_max_distance(max_distance_m)
        count = as_count(k, "k", least=1)
        return answers.nearest(self._ground, self._places, queries, count, most_m)

    def count_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return for each indexed point how many of the queries reach it.

        Parameters
        ----------
        lon, lat, radius_m
            As in `within`.

        Returns
        -------
        numpy.ndarray
            int64, shape (m,), by position.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        queries = answers.asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        ones = np.ones((len(queries.of_query), 1), dtype=np.int64)
        return answers.sum_reaching(self._ground, self._places, queries, ones)[:, 0]

    def sum_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, weights: ArrayLike
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return for each indexed point the sum of the weights of the queries that reach it.

        Parameters
        ----------
        lon, lat, radius_m
            As in `within`.
        weights
            Integers or floats, finite, a number a query, shape (n,).

        Returns
        -------
        numpy.ndarray
            Shape (m,), by position; as exact as `sum_within`.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        WeightError
            If a weight is not finite, or they add up to more than their type holds.
        """
        queries = answers.asked(self._ground, lon, lat, radius_m, self._max_snap_m)
        n = len(queries.of_query)
        try:
            shape = np.shape(weights)
        except ValueError:  # rows of different lengths, which `as_weights` names
            shape = (n,)
        if shape != (n,):
            raise ArgumentError("weights", f"have one number a query ({n})", f"shape {shape}")
        whole, exponents = _as_whole(as_weights(weights, n, rows="queries")[:, None])
        total = answers.sum_reaching(self._ground, self._places, queries, whole)
        if exponents is not None:
            return unsplit_floats(total, exponents)[:, 0]
        return total[:, 0]


def _as_whole(
    weights: NDArray[np.int64] | NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Return weights, (n, k), as whole numbers, floats in two parts with their exponents."""
    if weights.dtype.kind == "f":
        return split_floats(np.asarray(weights, dtype=np.float64))
    return np.asarray(weights, dtype=np.int64), None


__all__ = ["PreparedWeights", "WalkingIndex"]
