"""Exact circles over points: `PointIndex`.

How it works, in five lines. Points lie in thin bands of latitude, each sorted by longitude. A
circle meets a band in one interval of longitudes; for the band's nearer and farther edge it is
known how far the interval may, and surely does, reach. What is sure is added up by subtraction of
two places in the order, however many points that is; only the points at the rim are measured, by
a straight chord through the earth; and where a chord cannot decide, Karney's geodesic does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import as_count, as_lonlat, as_max_distance, as_weights
from geo_match.errors import ArgumentError
from geo_match.index import _answers as answers
from geo_match.index._layout import build
from geo_match.index._weights import PreparedWeights, prepare, split_floats, unsplit_floats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from geo_match.spatial import Pairs

_MAX_PAIRS = 2_000_000
_MOST_POINTS = 2**31 - 64


class PointIndex:
    """An immutable index of points on the WGS-84 ellipsoid, answering circles exactly.

    A point is within a radius when its geodesic distance, as PROJ computes it after Karney, is
    at most the radius. No projection and no sphere takes part in the decision. Any number of
    threads may ask one index at once; the loops release the interpreter's lock.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84, shape (m,); copied. −180 and 180 are the same place.

    Raises
    ------
    ArgumentError
        If the arrays are not numbers of one length.
    CoordinateError
        If a value is not a place on earth.

    Notes
    -----
    It holds about 50 bytes a point. Building sorts once. A distance is reported as
    2R·asin(c/2R) of the chord c, within 1 µm of the geodesic to 4 km and 1e-6 of it to 200 km,
    and as the geodesic itself where that decided or the point is farther away. To find a pair
    again by its own distance, use a radius larger by that tolerance.

    Examples
    --------
    >>> import geo_match as gm
    >>> index = gm.PointIndex(lon=[117.36, 117.38, 117.50], lat=[32.93, 32.94, 32.90])
    >>> index.count_within(lon=117.37, lat=32.93, radius_m=3000)
    array([2])
    >>> index.nearest(lon=117.37, lat=32.93).point
    array([0])
    """

    def __init__(self, *, lon: ArrayLike, lat: ArrayLike) -> None:
        checked_lon, checked_lat = as_lonlat(lon, lat)
        if len(checked_lon) > _MOST_POINTS:
            raise ArgumentError(
                "lon", f"hold at most {_MOST_POINTS:,} points", f"{len(checked_lon):,}"
            )
        self._layout = build(checked_lon, checked_lat)

    def __len__(self) -> int:
        """Return the number of indexed points."""
        return len(self._layout.x)

    def __repr__(self) -> str:
        """Name the index by its size."""
        return f"PointIndex({len(self):,} points)"

    @property
    def nbytes(self) -> int:
        """Memory that the index holds, bytes."""
        return sum(array.nbytes for array in self._layout)

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return every pair of query and point at most the radius apart.

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
        return answers.collect(self._layout, answers.asked(lon, lat, radius_m))

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
        return answers.blocks(
            self._layout,
            answers.asked(lon, lat, radius_m),
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
        queries = answers.asked(lon, lat, radius_m, together=answers.COUNT_TOGETHER)
        return answers.count(self._layout, queries)[0]

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
            Shape (n,) or (n, k). int64 and exact for integers (and booleans). For floats float64,
            independent of the order of the points, off by at most one unit in the last place
            of the result plus m³·2⁻¹²⁰ of the column's greatest magnitude (2⁻⁶⁰ of it for a
            million points).

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        WeightError
            If a weight is not finite, or a column adds up to more than its type holds.
        """
        queries = answers.asked(lon, lat, radius_m, together=answers.SUM_TOGETHER)
        if not isinstance(weights, PreparedWeights):
            weights = self.prepare(weights)
        elif weights.layout is not self._layout:
            raise ArgumentError(
                "weights", "be prepared by this index", "weights prepared by another one"
            )
        return weights.finish(answers.add_up(self._layout, queries, weights))

    def prepare(self, weights: ArrayLike) -> PreparedWeights:
        """Put weights in the order of the index once, for many calls of `sum_within`.

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
        return prepare(as_weights(weights, len(self)), self._layout)

    def nearest(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        k: int = 1,
        max_distance_m: float | None = None,
    ) -> Pairs:
        """Return the k nearest points of each query, ordered by distance, then by position.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, a number or shape (n,).
        k
            How many points, at least 1; fewer come back where there are not so many.
        max_distance_m
            Metres, inclusive: points farther away are left out. None sets no bound.

        Returns
        -------
        Pairs
            Decided and ordered as the geodesic is, whatever the distance.

        Raises
        ------
        ArgumentError, CoordinateError
            If an argument breaks its rule.
        """
        checked_lon, checked_lat = as_lonlat(lon, lat)
        return answers.nearest(
            self._layout,
            checked_lon,
            checked_lat,
            as_count(k, "k", least=1),
            as_max_distance(max_distance_m),
        )

    def count_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return for each indexed point how many of the queries reach it.

        It is the question of `count_within` turned round, for few queries (stations) over many
        points (households): the work grows with the queries, plus one pass over the points.

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
        return answers.count_reaching(self._layout, answers.asked(lon, lat, radius_m))

    def sum_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, weights: ArrayLike
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return for each indexed point the sum of the weights of the queries that reach it.

        It is the question of `sum_within` turned round, as `count_reaching` is that of
        `count_within`: for few sites with vacancies over many households.

        Parameters
        ----------
        lon, lat, radius_m
            As in `within`.
        weights
            Integers or floats, finite, a number a query, shape (n,).

        Returns
        -------
        numpy.ndarray
            Shape (m,), by position. int64 and exact for integers (and booleans); for floats
            float64, independent of the order of the queries, off by what `sum_within` states with
            n in place of m.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        WeightError
            If a weight is not finite, or they add up to more than their type holds.

        Examples
        --------
        >>> import geo_match as gm
        >>> homes = gm.PointIndex(lon=[117.36, 117.38, 117.50], lat=[32.93, 32.94, 32.90])
        >>> homes.sum_reaching(lon=[117.37, 117.38], lat=[32.93, 32.96], radius_m=3000,
        ...                    weights=[5, 2])
        array([5, 7, 0])
        """
        queries = answers.asked(lon, lat, radius_m)
        n = len(queries.radius_m)
        try:
            shape = np.shape(weights)
        except ValueError:  # rows of different lengths, which `as_weights` names
            shape = (n,)
        if shape != (n,):
            raise ArgumentError("weights", f"have one number a query ({n})", f"shape {shape}")
        checked = as_weights(weights, n, rows="queries")
        if checked.dtype.kind != "f":
            whole = np.require(checked, np.int64, ("C", "W"))
            return answers.sum_reaching(self._layout, queries, whole)
        parts, exponents = split_floats(np.asarray(checked, dtype=np.float64)[:, None])
        total = [
            answers.sum_reaching(self._layout, queries, np.ascontiguousarray(part))
            for part in parts.T
        ]
        return unsplit_floats(np.stack(total, axis=1), exponents)[:, 0]
