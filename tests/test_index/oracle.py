"""What every answer of an index must be, by the distances of a `Question`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from test_index.worlds import Question

    from geo_match.spatial import Pairs, SpatialIndex

NEAR_M = 4000.0


def assert_distances_as_promised(reported: NDArray, true: NDArray) -> None:
    """Within 1 µm of the geodesic to 4 km, within a millionth of it beyond."""
    allowed = np.where(true <= NEAR_M, 1e-6, 1e-6 * true)
    assert np.all(np.abs(reported - true) <= allowed)


def assert_within(index: SpatialIndex, question: Question) -> None:
    """The pairs, their order, their distances and their counts, from either side."""
    inside, table = question.inside, question.distance_m
    circle = {"lon": question.lon, "lat": question.lat, "radius_m": question.radius_m}
    counts = index.count_within(**circle)
    assert counts.dtype == np.int64
    np.testing.assert_array_equal(counts, inside.sum(axis=1))
    reaching = index.count_reaching(**circle)
    assert reaching.dtype == np.int64
    np.testing.assert_array_equal(reaching, inside.sum(axis=0))
    pairs = index.within(**circle)
    query, point = np.nonzero(inside)
    np.testing.assert_array_equal(pairs.offsets, np.concatenate(([0], inside.sum(axis=1).cumsum())))
    np.testing.assert_array_equal(pairs.query, query)
    np.testing.assert_array_equal(pairs.point, point)
    assert np.all(pairs.distance_m <= question.radius_m[query])
    assert_distances_as_promised(pairs.distance_m, table[query, point])


def assert_sums(index: SpatialIndex, question: Question, weights: NDArray) -> None:
    """Integer sums exactly."""
    sums = index.sum_within(
        lon=question.lon, lat=question.lat, radius_m=question.radius_m, weights=weights
    )
    assert sums.dtype == np.int64
    np.testing.assert_array_equal(sums, question.inside.astype(np.int64) @ weights)


def nearest_by_sorting(question: Question, k: int, max_distance_m: float | None) -> list[list[int]]:
    """Return the points of each origin by distance, then position."""
    most = np.inf if max_distance_m is None else max_distance_m
    order = np.argsort(question.distance_m, axis=1, kind="stable")[:, :k]
    return [
        [int(point) for point in row if distances[point] <= most]
        for row, distances in zip(order, question.distance_m, strict=True)
    ]


def rows(pairs: Pairs) -> list[list[int]]:
    """Return the points of each query as a list."""
    return [part.tolist() for part in np.split(pairs.point, pairs.offsets[1:-1])]


def assert_nearest(
    index: SpatialIndex, question: Question, k: int, max_distance_m: float | None = None
) -> None:
    """Which points, in which order, how far."""
    pairs = index.nearest(lon=question.lon, lat=question.lat, k=k, max_distance_m=max_distance_m)
    assert pairs.n_queries == len(question.lon)
    if pairs.n_queries == 0:
        return
    assert rows(pairs) == nearest_by_sorting(question, k, max_distance_m)
    assert_distances_as_promised(pairs.distance_m, question.distance_m[pairs.query, pairs.point])
    if max_distance_m is not None:
        assert np.all(pairs.distance_m <= max_distance_m)
