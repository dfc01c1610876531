"""Which vertices hang together, and which edges places are led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo_match.walking.graph.graph import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.builder.edges import Edges

LEAST_COMPONENT_MM: Final = 500_000
"""Streets that hang together only with so few others are mistakes of drawing, or yards."""

_NOT_SNAPPED: Final = Kind.BRIDGE | Kind.TUNNEL | Kind.FERRY


class Components(NamedTuple):
    """The parts of a network between which there is no way.

    Parameters
    ----------
    component
        int64, (n,): number of each vertex's component, by its length from the longest on.
    length_mm
        int64, (c,): of all its edges.
    is_skipped
        bool, (c,): whether it is too short for places to be led to it.
    is_snapped
        bool, (m,): whether places are led to the edge.
    """

    component: NDArray[np.int64]
    length_mm: NDArray[np.int64]
    is_skipped: NDArray[np.bool_]
    is_snapped: NDArray[np.bool_]


def components_of(edges: Edges) -> Components:
    """Return the components of a network; all are skipped that are short, unless all are."""
    n = len(edges.lon)
    links = coo_array((np.ones(len(edges.start), np.int8), (edges.start, edges.end)), shape=(n, n))
    n_components, found = connected_components(links, directed=False)
    length = np.zeros(n_components, dtype=np.int64)
    np.add.at(length, found[edges.start], edges.length_mm)
    first = np.full(n_components, n, dtype=np.int64)
    np.minimum.at(first, found, np.arange(n))
    order = np.lexsort((first, -length))
    number = np.empty(n_components, dtype=np.int64)
    number[order] = np.arange(n_components)
    component, length = number[found], length[order]
    is_short = length < LEAST_COMPONENT_MM
    is_skipped = is_short & ~is_short.all()
    on_ground = edges.kind & np.uint8(_NOT_SNAPPED) == 0
    return Components(
        component, length, is_skipped, on_ground & ~is_skipped[component[edges.start]]
    )
