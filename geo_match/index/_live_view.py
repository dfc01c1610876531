"""What one snapshot sees of a base and of the log beside it: `View`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.index._layout import Layout, build
from geo_match.index._live_parts import Base, Log, Points
from geo_match.index._weights import PreparedWeights, prepare

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._live_names import Names
    from geo_match.index.point_change import WeightKind

    Weights = NDArray[np.int64] | NDArray[np.float64]


class Delta(NamedTuple):
    """What a snapshot adds to its base and takes from it, laid out for the kernels.

    Parameters
    ----------
    added
        The points added, by position after those of the base.
    gone
        int64: positions in the base.
    lonlat
        Degrees, of the added points, then the gone ones.
    layout
        Of the same.
    gone_bits, own_bits
        What is gone of the base, and of these, as the kernels take it: a bit a position.
    sign
        Weights 1 of the added, −1 of the gone: what they change of a count.
    """

    added: Points
    gone: NDArray[np.int64]
    lonlat: tuple[NDArray[np.float64], NDArray[np.float64]]
    layout: Layout
    gone_bits: NDArray[np.uint8]
    own_bits: NDArray[np.uint8]
    sign: PreparedWeights

    @property
    def n_added(self) -> int:
        """How many points were added."""
        return len(self.added.ids)

    def is_added(self, point: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of positions in `layout` which are not of gone points."""
        return np.asarray(point < self.n_added)


class View:
    """The points of one version, whatever is written to the log meanwhile.

    What takes a pass over the changes, or over all points, is made when it is first needed. Two
    threads may make it at once; they make the same, and neither waits for the other.

    Parameters
    ----------
    base, log
        As they are now; read up to here only.
    kind
        The weights that the points have.
    version
        The last one written; what ended by then is not there.
    """

    def __init__(self, base: Base, log: Log, kind: WeightKind, version: int) -> None:
        self.base = base
        self._log = log
        self._kind = kind
        self._version = version
        self._n_rows, self._n_gone = len(log.ids), log.n_gone
        self._n_points = len(base) - self._n_gone + len(log.row_of)
        self._delta: Delta | None = None
        self._ids: NDArray[np.object_] | None = None
        self._weights: Weights | None = None
        self._added_position: dict[str, int] | None = None

    def __len__(self) -> int:
        """Return the number of points that are there."""
        return self._n_points

    @property
    def is_changed(self) -> bool:
        """Whether anything was written since the base was built."""
        return self._n_rows + self._n_gone > 0

    @property
    def delta(self) -> Delta:
        """What is added to the base and taken from it."""
        if self._delta is None:
            self._delta = self._read()
        return self._delta

    @property
    def n_positions(self) -> int:
        """Number of positions: the base's, holes included, and the added points'."""
        return len(self.base) + self.delta.n_added

    @property
    def ids(self) -> NDArray[np.object_]:
        """The id at each position, None at a hole; read-only, (n_positions,)."""
        if self._ids is None:
            ids = np.concatenate((self.base.points.ids, self.delta.added.ids))
            ids[self.delta.gone] = None
            ids.setflags(write=False)
            self._ids = ids
        return self._ids

    @property
    def weights(self) -> Weights | None:
        """The points' own weights by position, 0 at holes, read-only; None if they have none."""
        if self._weights is None:
            weights = _together(self.base.points.weights, self.delta.added.weights)
            if weights is not None:
                weights[self.delta.gone] = 0
                weights.setflags(write=False)
            self._weights = weights
        return self._weights

    def position_of(self, name: str) -> int | None:
        """Return the position of an id, None if it is not there."""
        position = self.base.position_of.get(name)
        if position is not None and self.base.ends[position] > self._version:
            return position
        if self._added_position is None:
            names = self.delta.added.ids.tolist()
            self._added_position = {
                added: place for place, added in enumerate(names, start=len(self.base))
            }
        return self._added_position.get(name)

    def is_there(self, position: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell of positions in the base which are not holes."""
        return np.asarray(self.base.ends[position] > self._version)

    def points(self) -> Points:
        """Return the points that are there, in the order of their positions."""
        base, added = self.base.points, self.delta.added
        there = self.base.ends > self._version
        return Points(
            np.concatenate((base.ids[there], added.ids)),
            np.concatenate((base.lon[there], added.lon)),
            np.concatenate((base.lat[there], added.lat)),
            _together(None if base.weights is None else base.weights[there], added.weights),
        )

    def names(self) -> Names:
        """Return the positions of the ids of `points`."""
        base, delta = self.base, self.delta
        return base.position_of.after(delta.gone, delta.added.ids, base.points.ids)

    def _read(self) -> Delta:
        log, base, n = self._log, self.base.points, self._n_rows
        seen = np.flatnonzero(log.ends[:n] > self._version)
        ids = np.empty(n, dtype=object)
        ids[:] = log.ids[:n]
        weights: Weights | None = None
        if self._kind.columns is not None:
            weights = log.weights[seen].reshape(len(seen), *self._kind.columns)
        lon, lat = log.lonlat[seen].T.copy()
        gone = log.gone[: self._n_gone].copy()
        lonlat = np.concatenate((lon, base.lon[gone])), np.concatenate((lat, base.lat[gone]))
        layout = build(*lonlat)
        counts = len(seen), len(gone)
        sign = prepare(np.repeat(np.array([1, -1], dtype=np.int64), counts), layout)
        return Delta(
            Points(ids[seen], lon, lat, weights),
            gone,
            lonlat,
            layout,
            gone_bits=_bits(gone, len(base.lon)),
            own_bits=_bits(np.arange(len(seen), sum(counts)), sum(counts)),
            sign=sign,
        )


def _bits(position: NDArray[np.int64], n: int) -> NDArray[np.uint8]:
    """Return a bit for each of n positions, the lowest of a byte first, set at some of them."""
    is_set = np.zeros(n, dtype=np.bool_)
    is_set[position] = True
    return np.packbits(is_set, bitorder="little")


def _together(first: Weights | None, second: Weights | None) -> Weights | None:
    """Return the weights of one after those of the other, in a new array; None of none."""
    if first is None or second is None:
        return None
    both: Weights = np.concatenate((first, second), dtype=first.dtype)  # type: ignore[assignment]  # two of one kind make one of it
    return both
