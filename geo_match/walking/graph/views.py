"""A graph's arrays as the kernels of a path take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.walking.graph.arrays import floats, integers, longs, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Bits, Floats, Graph, Grid, Integers

    Longs = NDArray[np.int64]


def walked(graph: Graph) -> tuple[Longs, Integers]:
    """Return what is searched: `offsets` and `half`."""
    return longs(graph.offsets), integers(graph.half)


def drawn(graph: Graph) -> tuple[Longs, Floats, Floats, Integers]:
    """Return what is drawn: `points`, `point_lon`, `point_lat` and `point_mm`."""
    return (
        longs(graph.points),
        floats(graph.point_lon),
        floats(graph.point_lat),
        integers(graph.point_mm),
    )


def barred(graph: Graph) -> tuple[Floats, Bits, Grid]:
    """Return what is crossed: `obstacle`, `obstacle_kind` and `obstacles`."""
    grid = graph.obstacles
    return (
        floats(graph.obstacle),
        read_only(np.ascontiguousarray(graph.obstacle_kind, dtype=np.uint8)),
        grid._replace(offsets=longs(grid.offsets), segment=integers(grid.segment)),
    )


__all__ = ["barred", "drawn", "walked"]
