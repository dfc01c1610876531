"""Places that no street leads to since the network is another city's: `refuse_elsewhere`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.errors import ArgumentError
from geo_match.geodesy import karney

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph

    Floats = NDArray[np.float64]

_ELSEWHERE_M: Final = 50_000.0
"""A village beyond the border of an extract is nearer than this, another city is mostly not."""
_FEW: Final = 2
"""Fewer places than this may be wrong themselves."""


def refuse_elsewhere(graph: Graph, lon: Floats, lat: Floats, source: str) -> None:
    """Refuse distinct places that are all far from all streets.

    Each of them would be marked `too_far`, and every answer be that nothing is in reach. A single
    place is not refused, for it may itself be wrong; nor are places of which one is near.

    Parameters
    ----------
    graph
        The streets.
    lon, lat
        Of the places, degrees WGS-84, (n,), all on earth: all that there are, since some of many
        may well be elsewhere.
    source
        What the network was made of, as the error calls it.

    Raises
    ------
    ArgumentError
        If there are two or more, and all are over 50 km beyond the bounds of the streets.
    """
    west, east = graph.point_lon.min(), graph.point_lon.max()
    south, north = graph.point_lat.min(), graph.point_lat.max()
    if ((west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)).any():
        return  # as of most: nothing is sorted or measured
    different = np.unique(lon + 1j * lat)
    if len(different) < _FEW:
        return
    nearest_m = float(_beyond_m(graph, different.real, different.imag).min())
    if nearest_m > _ELSEWHERE_M:
        raise ArgumentError(
            "network",
            f"have streets within {_ELSEWHERE_M / 1e3:g} km of one of the places",
            f"one of {source}, whose streets are {nearest_m / 1e3:,.0f} km from the nearest "
            f"of {len(different):,}",
            "Make it of an extract of the places' own city.",
        )


def _beyond_m(graph: Graph, lon: Floats, lat: Floats) -> Floats:
    """Return how far places are beyond the bounds of a graph, metres, (n,); 0 within."""
    west, east = graph.point_lon.min(), graph.point_lon.max()
    to_west, to_east = (west - lon) % 360.0, (lon - east) % 360.0  # also around the globe
    side = np.where(to_west < to_east, west, east)
    at_lon = np.where((west <= lon) & (lon <= east), lon, side)
    at_lat = np.clip(lat, graph.point_lat.min(), graph.point_lat.max())
    return karney(lon, lat, at_lon, at_lat)


__all__ = ["refuse_elsewhere"]
