"""What every spatial index of geo_match keeps: the pairs it answers with, and its methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Which indexed points each query reaches, in compressed rows.

    The points of query i are `point[offsets[i]:offsets[i + 1]]`, with their distances beside them.
    The arrays are read-only.

    Parameters
    ----------
    offsets
        int64, shape (n + 1,), starting at 0, for n queries.
    point
        int64 positions in the index, shape (p,).
    distance_m
        float64 metres, shape (p,); never above the radius that admitted the pair.
    first_query
        Position of the first of these queries in what was asked; above 0 only in the blocks
        of `iter_within`.
    """

    offsets: NDArray[np.int64]
    point: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    first_query: int = 0

    def __post_init__(self) -> None:
        """Make the arrays read-only: positions belong to one index and must not drift."""
        for array in (self.offsets, self.point, self.distance_m):
            array.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        """Return whether both hold the same pairs of the same queries in the same order."""
        if not isinstance(other, Pairs):
            return NotImplemented
        return (
            self.first_query == other.first_query
            and np.array_equal(self.offsets, other.offsets)
            and np.array_equal(self.point, other.point)
            and np.array_equal(self.distance_m, other.distance_m)
        )

    __hash__ = None  # type: ignore[assignment]  # compared by its arrays, which have no hash

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.point)

    @property
    def n_queries(self) -> int:
        """Number of queries, those without any pair included."""
        return len(self.offsets) - 1

    @property
    def query(self) -> NDArray[np.int64]:
        """Position of each pair's query in what was asked, int64, shape (p,)."""
        queries = np.arange(self.first_query, self.first_query + self.n_queries, dtype=np.int64)
        return np.repeat(queries, np.diff(self.offsets))


class SpatialIndex(Protocol):
    """The methods of every index: `PointIndex` on the ellipsoid, others by their own distance.

    Coordinates are degrees, WGS-84, a number or shape (n,); `radius_m` is metres, a number or
    one a query, inclusive. A position is a point's row in the arrays the index was built from.
    Every method raises `CoordinateError`, `RadiusError` or `ArgumentError` for bad input.
    """

    def __len__(self) -> int:
        """Return the number of indexed points, m."""

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return each pair of query and point at most the radius apart, points in order."""

    def iter_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, max_pairs: int = ...
    ) -> Iterator[Pairs]:
        """Yield the pairs of `within` in blocks of whole queries, of about `max_pairs` at most."""

    def count_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return the number of points within the radius of each query, int64, shape (n,)."""

    def sum_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, weights: ArrayLike
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return the sums of the weights, (m,) or (m, k), within the radius: (n,) or (n, k)."""

    def nearest(
        self, *, lon: ArrayLike, lat: ArrayLike, k: int = 1, max_distance_m: float | None = None
    ) -> Pairs:
        """Return the k nearest points of each query, ordered by distance, then by position."""

    def count_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return for each indexed point how many of the queries reach it, int64, shape (m,)."""
