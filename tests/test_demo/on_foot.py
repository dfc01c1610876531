"""Distances on foot over the drawn streets, by scipy's search, to judge the drawn city by."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo_match import geodesic_distance


class Feet:
    """The streets that may be walked, as a graph of their vertices."""

    def __init__(self, lines):
        walkable = lines[lines["walkable"]]
        ends = shapely.get_coordinates(walkable.geometry.to_numpy())
        vertices, vertex = np.unique(ends, axis=0, return_inverse=True)
        start, end = vertex.reshape(-1, 2).T
        metres = geodesic_distance(
            lon1=ends[::2, 0], lat1=ends[::2, 1], lon2=ends[1::2, 0], lat2=ends[1::2, 1]
        )
        n = len(vertices)
        self._graph = csr_array((metres, (start, end)), shape=(n, n))
        self._tree = shapely.STRtree(shapely.points(vertices * (0.84, 1.0)))

    def nearest(self, lon, lat):
        """Return the vertex next to each place."""
        return self._tree.nearest(shapely.points(np.column_stack([lon * 0.84, lat])))

    def reached(self, start, goals, *, within_m):
        """Say which of the vertices in `start` reach any of the goals within the distance."""
        unique, back = np.unique(start, return_inverse=True)
        walked = dijkstra(
            self._graph, directed=False, indices=np.unique(goals), limit=within_m, min_only=True
        )
        return np.isfinite(walked[unique])[back]
