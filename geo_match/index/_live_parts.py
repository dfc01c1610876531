"""What a live index is made of: a base built at once, and a log of what changed since.

Both are shared by many snapshots, and neither is copied for a batch. A point of the base, and a
row of the log, ends in the version that took it away, and never comes back; a row of the log is
written before the version that shows it is published. So a snapshot of version v, which looks at
the first rows of the log and at what ends after v, sees the same for ever, whatever is written
meanwhile: an end it may meet half-way is either none yet, or one later than v.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from geo_match.index._layout import build
from geo_match.index._live_names import Names
from geo_match.index._weights import prepare

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._layout import Layout
    from geo_match.index._weights import PreparedWeights
    from geo_match.index.point_change import Place

    Weights = NDArray[np.int64] | NDArray[np.float64]

NEVER = np.iinfo(np.int64).max
"""The end of what is still there."""


class Points(NamedTuple):
    """Points as arrays: ids (object), degrees, and weights, (m, …) or None."""

    ids: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    weights: Weights | None


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """Points laid out for the kernels; only `ends` is written after it is built.

    Parameters
    ----------
    points
        By position.
    layout
        The same for the kernels.
    position_of
        Position of each id.
    prepared
        The weights, if they are whole numbers: then a snapshot takes off what is gone.
    ends
        int64, (m,): the version that took a point away, or `NEVER`.
    """

    points: Points
    layout: Layout
    position_of: Names
    prepared: PreparedWeights | None
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of points, gone ones included."""
        return len(self.ends)


def build_base(points: Points, names: Names | None = None) -> Base:
    """Lay out checked points whose ids differ.

    Parameters
    ----------
    names
        Of these ids, if they are known; else they are made.
    """
    weights = points.weights
    layout = build(points.lon, points.lat)
    return Base(
        points=points,
        layout=layout,
        position_of=Names.of(points.ids) if names is None else names,
        prepared=prepare(weights, layout)
        if weights is not None and weights.dtype.kind != "f"
        else None,
        ends=np.full(len(points.ids), NEVER, dtype=np.int64),
    )


_FIRST_ROWS = 256


class Log:
    """What changed since a base was built; rows are added, and only their ends are written.

    The columns are arrays with room to grow, so that a snapshot takes its rows in one step. When
    the room is used up longer arrays take their place: a reader that still holds a shorter one
    misses only ends that are later than what it shows.

    Parameters
    ----------
    n_weights, whole
        How many weights a point has, and whether they are integers.
    """

    def __init__(self, n_weights: int, *, whole: bool) -> None:
        self.ids: list[str] = []
        """A row for each time that a point was put somewhere: whose."""
        self.row_of: dict[str, int] = {}
        """The row of each id that is there by the log."""
        self.lonlat = np.empty((_FIRST_ROWS, 2))
        """Where each row put its point, degrees; read the first `len(ids)` rows."""
        self.weights: NDArray[Any] = np.empty(
            (_FIRST_ROWS, n_weights), dtype=np.int64 if whole else np.float64
        )
        """The weights of each row's point."""
        self.ends = np.empty(_FIRST_ROWS, dtype=np.int64)
        """The version that ended each row, or `NEVER`."""
        self.n_gone = 0
        self.gone = np.empty(_FIRST_ROWS, dtype=np.int64)
        """The first `n_gone`: positions in the base of points removed or replaced, each once."""

    def __len__(self) -> int:
        """Return how much changed: rows, and points of the base that are gone."""
        return len(self.ids) + self.n_gone

    def put(self, base: Base, name: str, place: Place | None, version: int) -> None:
        """Put a point somewhere, or nowhere (None), as of a version not yet shown."""
        row = self.row_of.pop(name, None)
        if row is not None:
            self.ends[row] = version
        else:
            position = base.position_of.get(name)
            if position is not None and base.ends[position] == NEVER:
                base.ends[position] = version
                if self.n_gone == len(self.gone):
                    self.gone = _longer(self.gone)
                self.gone[self.n_gone] = position
                self.n_gone += 1
        if place is not None:
            row = len(self.ids)
            if row == len(self.ends):
                self.lonlat, self.ends = _longer(self.lonlat), _longer(self.ends)
                self.weights = _longer(self.weights)
            self.lonlat[row] = place.lon, place.lat
            if place.weights:
                self.weights[row] = place.weights
            self.ends[row] = NEVER
            self.row_of[name] = row
            self.ids.append(name)


def _longer(column: NDArray[Any]) -> NDArray[Any]:
    """Return a copy with as much room again."""
    return np.concatenate((column, np.empty_like(column)))
