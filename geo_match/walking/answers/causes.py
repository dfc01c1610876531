"""Why who is near as the crow flies is far on foot."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from geo_match.walking.graph.graph import Obstacle
from geo_match.walking.graph.views import barred
from geo_match.walking.kernels.crossing import cross_any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.snapping.snap import Snaps


class Cause(IntEnum):
    """Why two places that are within a radius of one another are not so on foot.

    The first that holds.
    """

    SNAP_FAILED = 1
    """One of them was not led to a street; its snap's reason says why."""
    DISCONNECTED = 2
    """No street leads from one to the other; there may be a river between, too."""
    RIVER = 3
    """The straight line between them crosses water."""
    DETOUR = 4
    """The streets go another way."""

    @property
    def word(self) -> str:
        """As it is told: `snap_failed`, `disconnected`, `river` or `detour`."""
        return self.name.lower()


def find_causes(
    graph: Graph,
    people: Snaps,
    places: Snaps,
    *,
    person: NDArray[np.int64],
    place: NDArray[np.int64],
) -> NDArray[np.int8]:
    """Return why each pair of a person and a place is not within reach on foot.

    Whether it is, is not asked: give the pairs that are within the radius straight and not on foot.

    Parameters
    ----------
    people, places
        All of them, those too that were not led to a street.
    person, place
        Positions in `people` and `places`, (p,).

    Returns
    -------
    numpy.ndarray
        int8 of `Cause`, (p,).

    Notes
    -----
    On an opened graph, of two that its new street joins, none is `DISCONNECTED`.
    """
    edges = people.edge[person], places.edge[place]
    is_snapped = (edges[0] >= 0) & (edges[1] >= 0)
    cause = np.full(len(person), int(Cause.SNAP_FAILED), dtype=np.int8)
    here, there = (graph.component[graph.start[edge[is_snapped]]] for edge in edges)
    cause[is_snapped] = np.where(here == there, int(Cause.DETOUR), int(Cause.DISCONNECTED))
    asked = np.flatnonzero(cause == Cause.DETOUR)
    one, other = person[asked], place[asked]
    is_river = cross_any(
        *barred(graph),
        int(Obstacle.WATER),
        people.place_lon[one],
        people.place_lat[one],
        places.place_lon[other],
        places.place_lat[other],
    )
    cause[asked[is_river]] = Cause.RIVER
    return cause


__all__ = ["Cause", "find_causes"]
