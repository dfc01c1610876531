"""What a live index is made of: a base built at once, and a log of what changed since.

Both are shared by many snapshots, and neither is copied for a batch. A point of the base, and a
row of the log, ends in the version that took it away, and never comes back; a row of the log is
written before the version that shows it is published. So a snapshot of version v, which looks at
the first rows of the log and at what ends after v, sees the same for ever, whatever is written
meanwhile: an end it may meet half-way is either none yet, or one later than v.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.index._layout import build
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
    position_of: dict[str, int]
    prepared: PreparedWeights | None
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of points, gone ones included."""
        return len(self.ends)


def build_base(points: Points) -> Base:
    """Lay out checked points whose ids differ."""
    weights = points.weights
    layout = build(points.lon, points.lat)
    return Base(
        points=points,
        layout=layout,
        # A loop, not `dict(zip(…))`: it lets go of the interpreter's lock on its way.
        position_of={name: position for position, name in enumerate(points.ids.tolist())},
        prepared=prepare(weights, layout)
        if weights is not None and weights.dtype.kind != "f"
        else None,
        ends=np.full(len(points.ids), NEVER, dtype=np.int64),
    )


@dataclass(slots=True)
class Log:
    """What changed since a base was built; rows are added, and only their ends are written.

    Parameters
    ----------
    ids, places, ends
        A row for each time that a point was put somewhere, and the version that ended it.
    gone
        Positions in the base of points that were removed or replaced, each once.
    row_of
        The row of each id that is there by the log.
    """

    ids: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    row_of: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how much changed: rows, and points of the base that are gone."""
        return len(self.ids) + len(self.gone)

    def put(self, base: Base, name: str, place: Place | None, version: int) -> None:
        """Put a point somewhere, or nowhere (None), as of a version not yet shown."""
        row = self.row_of.pop(name, None)
        if row is not None:
            self.ends[row] = version
        else:
            position = base.position_of.get(name)
            if position is not None and base.ends[position] == NEVER:
                base.ends[position] = version
                self.gone.append(position)
        if place is not None:
            self.row_of[name] = len(self.ids)
            self.ids.append(name)
            self.places.append(place)
            self.ends.append(NEVER)
