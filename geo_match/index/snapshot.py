"""A live index as it stood at one cursor: `Snapshot`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import as_count, as_lonlat, as_max_distance, as_weights
from geo_match.errors import ArgumentError
from geo_match.index import _answers as answers
from geo_match.index import _snapshot_answers as of_both
from geo_match.index._snapshot_pairs import cut
from geo_match.index._weights import PreparedWeights, prepare, split_floats
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from geo_match.index._live_view import View


_MAX_PAIRS = 2_000_000
_QUERIES_AT_ONCE = 65_536
_SUMS_AT_ONCE = 3
"""So many columns of weights a kernel adds up at once."""


@dataclass(frozen=True, slots=True, eq=False)
class SnapshotWeights:
    """Weights of a snapshot's points, ready to be summed; made by `Snapshot.prepare`.

    Parameters
    ----------
    base, delta
        What to add up over the base's points, and over those added and gone.
    view
        Whose points they are.
    """

    base: PreparedWeights
    delta: PreparedWeights
    view: View


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What lies around a place: all of it added up, the nearest listed; made by `Snapshot.around`.

    Parameters
    ----------
    sums
        Of the points' weights within the radius, int64 or float64, (columns,).
    pairs
        At least the k nearest, and whoever is as near as the last of these, by position; of one
        query.
    """

    sums: NDArray[np.int64] | NDArray[np.float64]
    pairs: Pairs


class Snapshot:
    """The points of a `LiveIndex` at one cursor; it never changes, and answers as `PointIndex`.

    Made by `LiveIndex.snapshot` and `LiveIndex.wait_for`. Any number of threads may ask it.

    Positions belong to this snapshot: 0 … `n_positions` − 1, the points of the last rebuild first
    and those put somewhere since then after them. Points that were removed or moved since then
    leave holes: `ids` has None there, `weights` 0, `count_reaching` 0, and no pair names them.
    So `len(snapshot)`, the number of points, may be less than `n_positions`. Another snapshot
    has other positions: join by id.

    Arguments and errors are those of the same methods of `PointIndex`. Which points an answer
    has, counts and sums are bit for bit what a `PointIndex` of the same points gives, and so are
    the distances of `within`; those of `nearest` are as exact, but may differ in the last
    micrometre, as they may between two orders of one `PointIndex`. Points equally far, of which
    `k` leaves some out, are chosen by position, here as there.
    """

    def __init__(self, view: View, cursor: int) -> None:
        self._view = view
        self._cursor = cursor
        self._own: SnapshotWeights | None = None

    def __len__(self) -> int:
        """Return the number of points that are there."""
        return len(self._view)

    def __repr__(self) -> str:
        """Name the snapshot by its size and cursor."""
        return f"Snapshot({len(self):,} points, cursor {self.cursor})"

    @property
    def cursor(self) -> int:
        """The cursor up to which changes are in it."""
        return self._cursor

    @property
    def n_positions(self) -> int:
        """Length of whatever has an entry a position: points and holes."""
        return self._view.n_positions

    @property
    def ids(self) -> NDArray[np.object_]:
        """The id at each position, None at a hole; object, read-only, (n_positions,)."""
        return self._view.ids

    @property
    def weights(self) -> NDArray[np.int64] | NDArray[np.float64] | None:
        """The points' own weights, (n_positions,) or (n_positions, k), 0 at holes; or None.

        Read-only. To add them up give `prepare()` to `sum_within`, which spares a pass over all.
        """
        return self._view.weights

    def position_of(self, id: str) -> int | None:  # noqa: A002 - the word for it everywhere
        """Return the position of an id, or None if it is not there."""
        return self._view.position_of(id)

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return every pair of query and point at most the radius apart; see `PointIndex.within`.

        The points of each query are in ascending order of their positions.
        """
        return self._within(answers.asked(lon, lat, radius_m), 0)

    def iter_within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        max_pairs: int = _MAX_PAIRS,
    ) -> Iterator[Pairs]:
        """Yield the pairs of `within` in blocks of whole queries; see `PointIndex.iter_within`."""
        queries = answers.asked(lon, lat, radius_m)
        return self._blocks(queries, as_count(max_pairs, "max_pairs", least=1))

    def count_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return the number of points within the radius of each query, int64, (n,)."""
        return self._count(answers.asked(lon, lat, radius_m, together=answers.COUNT_TOGETHER))

    def sum_within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        weights: ArrayLike | SnapshotWeights,
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return the sum of the points' weights within the radius; see `PointIndex.sum_within`.

        Parameters
        ----------
        lon, lat, radius_m
            As in `within`.
        weights
            Integers or floats by position, (n_positions,) or (n_positions, k), finite, those at
            holes too though they count as 0; or what `prepare` made.

        Returns
        -------
        numpy.ndarray
            Shape (n,) or (n, k), exact as `PointIndex` is.
        """
        queries = answers.asked(lon, lat, radius_m, together=answers.SUM_TOGETHER)
        if not isinstance(weights, SnapshotWeights):
            weights = self.prepare(weights)
        elif weights.view is not self._view:
            raise _prepared_elsewhere()
        total = answers.add_up(self._view.base.layout, queries, weights.base)
        if self._view.is_changed:
            total = total + answers.add_up(self._view.delta.layout, queries, weights.delta)
        return weights.base.finish(total)

    def around(
        self, *, lon: float, lat: float, radius_m: float, k: int, weights: SnapshotWeights
    ) -> Around:
        """Return what lies around one place: sums of all within a radius, and the nearest of them.

        It says what `sum_within`, and `within` up to the k-th nearest, say, by one call: for who
        answers single questions, of which most of the time goes into asking.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84.
        radius_m
            Metres, inclusive; 0 to 200 km.
        k
            How many to list at least, where there are so many; 0 lists none.
        weights
            As `prepare` made them.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        query = answers.asked_one(lon, lat, radius_m)
        if len(query.radius_m) != 1:
            raise ArgumentError("lon", "be one number", f"{len(query.radius_m)} of them")
        k = as_count(k, "k", least=0)
        if weights.view is not self._view:
            raise _prepared_elsewhere()
        prepared = weights.base, weights.delta
        found = None
        if 0 < len(weights.base.by_slot) <= _SUMS_AT_ONCE:
            found = of_both.around(self._view, query, min(k, len(self)), prepared)
        if found is not None:
            total, pairs = found
            return Around(weights.base.finish(total[None])[0], pairs)
        place = {"lon": lon, "lat": lat, "radius_m": radius_m}
        sums = self.sum_within(**place, weights=weights)[0]
        return Around(sums, self.within(**place) if k else _no_pairs())

    def prepare(self, weights: ArrayLike | None = None) -> SnapshotWeights:
        """Put weights in the order of the index once, for many calls of `sum_within`.

        Parameters
        ----------
        weights
            As in `sum_within`; copied. None takes the points' own. If those are integers, the
            work is that of the changes since the last rebuild, not of all points.

        Raises
        ------
        ArgumentError, WeightError
            As in `sum_within`; and if the points have no weights of their own.
        """
        if weights is not None:
            return self._prepared(as_weights(weights, self.n_positions))
        if self._own is None:
            own = self.weights if self._view.base.prepared is None else None
            self._own = self._prepared_of_base() if own is None else self._prepared(own)
        return self._own

    def nearest(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        k: int = 1,
        max_distance_m: float | None = None,
    ) -> Pairs:
        """Return the k nearest points of each query, by distance, then by position.

        See `PointIndex.nearest`.
        """
        lon, lat = as_lonlat(lon, lat)
        k, most = as_count(k, "k", least=1), as_max_distance(max_distance_m)
        if not self._view.is_changed:
            return answers.nearest(self._view.base.layout, lon, lat, k, most)
        return of_both.nearest(self._view, lon, lat, k, most)

    def count_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return how many of the queries reach each point, int64, (n_positions,), 0 at holes."""
        queries = answers.asked(lon, lat, radius_m)
        reaching = answers.count_reaching(self._view.base.layout, queries)
        if not self._view.is_changed:
            return reaching
        delta = self._view.delta
        reaching[delta.gone] = 0
        added = answers.count_reaching(delta.layout, queries)[: delta.n_added]
        return np.concatenate((reaching, added))

    def _count(self, queries: answers.Asked) -> NDArray[np.int64]:
        if not self._view.is_changed:
            return answers.count(self._view.base.layout, queries)[0]
        return of_both.count(self._view, queries)

    def _within(self, queries: answers.Asked, first_query: int) -> Pairs:
        if not self._view.is_changed:
            found = answers.collect(self._view.base.layout, queries)
            return replace(found, first_query=first_query)
        return of_both.collect(self._view, queries, first_query)

    def _blocks(self, queries: answers.Asked, max_pairs: int) -> Iterator[Pairs]:
        for start in range(0, len(queries.radius_m), _QUERIES_AT_ONCE):
            some = of_both.some_of(queries, slice(start, start + _QUERIES_AT_ONCE))
            for part in cut(self._count(some), max_pairs):
                yield self._within(of_both.some_of(some, part), start + part.start)

    def _prepared_of_base(self) -> SnapshotWeights:
        """Take the base's own whole numbers, add what was added and take off what is gone."""
        base, delta = self._view.base, self._view.delta
        own, added = base.points.weights, delta.added.weights
        if base.prepared is None or own is None or added is None:
            raise ArgumentError(
                "weights",
                "be given, as the points have none of their own",
                "None",
                "Give them here, or make the `LiveIndex` with `weights`.",
            )
        # No sum overflows: each weight is below 2³¹ (see `point_change`), and so are the points.
        change = np.concatenate((added, -own[delta.gone]))
        return SnapshotWeights(
            base.prepared, prepare(np.asarray(change, dtype=np.int64), delta.layout), self._view
        )

    def _prepared(self, weights: NDArray[np.int64] | NDArray[np.float64]) -> SnapshotWeights:
        """Prepare checked weights by position, (n_positions, …): those at holes become 0.

        Floats are split by the points that are there alone, and all at once: so the sums are
        those of an index of these points, whatever lies in the base and what in the delta.
        """
        base, delta = self._view.base, self._view.delta
        table = weights if weights.ndim > 1 else weights[:, None]
        there = np.ones(len(table), dtype=np.bool_)
        there[delta.gone] = False
        exponents = None
        if weights.dtype.kind == "f":
            split, exponents = split_floats(np.asarray(table[there], dtype=np.float64))
            whole = np.zeros((len(table), split.shape[1]), dtype=np.int64)
            whole[there] = split
        else:
            whole = np.where(there[:, None], np.asarray(table, dtype=np.int64), 0)
        n = len(base)
        of_delta = np.concatenate((whole[n:], np.zeros_like(whole[: len(delta.gone)])))
        return SnapshotWeights(
            replace(
                prepare(whole[:n], base.layout), exponents=exponents, columns=weights.shape[1:]
            ),
            prepare(of_delta, delta.layout),
            self._view,
        )


def _prepared_elsewhere() -> ArgumentError:
    return ArgumentError(
        "weights", "be prepared by this snapshot", "weights prepared by another one"
    )


def _no_pairs() -> Pairs:
    return Pairs(np.zeros(2, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
