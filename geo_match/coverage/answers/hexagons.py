"""H3 cells as the rows of a report: hexagons of like size, whatever the communities are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
import numpy as np
import shapely
from shapely import affinity

from geo_match.coverage.answers.rows import Rows, with_last

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo_match.coverage.given.people import People

RESOLUTION: Final = 8
"""Of the cells: about 0.7 km² each, and 0.5 km a side."""
_HALF_TURN, _TURN = 180.0, 360.0


def hexagon_rows(people: People) -> Rows:
    """Return a row for each H3 cell in which somebody is located, and the last for the others.

    A person's cell is what H3 says of the place itself, at resolution 8: nothing is rounded.

    Parameters
    ----------
    people
        Those of the report.

    Returns
    -------
    Rows
        Of kind 'h3', with the cells' names as codes, in their order, and their outlines; the last
        row, of kind 'outside', has those who are not located.
    """
    located = people.located
    places = zip(people.lat[located].tolist(), people.lon[located].tolist(), strict=True)
    each = np.fromiter((h3.latlng_to_cell(*place, RESOLUTION) for place in places), np.uint64)
    found, at = np.unique(each, return_inverse=True)  # names of one length: in the same order
    cells = found.tolist()
    of = np.full(len(located), len(cells), dtype=np.int64)
    of[located] = at
    return Rows(
        of=of,
        kind=with_last(np.full(len(cells), "h3", dtype=object), "outside"),
        code=with_last(np.array([h3.int_to_str(one) for one in cells], dtype=object), None),
        name=np.full(len(cells) + 1, None, dtype=object),
        area=with_last(np.array([outline(one) for one in cells], dtype=object), None),
    )


def outline(cell: int) -> BaseGeometry | None:
    """Return the outline of an H3 cell, degrees; in two parts where it crosses 180° of longitude.

    None for a cell that holds a pole, which has no outline in degrees.
    """
    lat, lon = np.array(h3.cell_to_boundary(cell)).T
    if np.ptp(lon) <= _HALF_TURN:
        return shapely.Polygon(np.column_stack((lon, lat)))
    steps = (np.diff(lon, append=lon[0]) + _HALF_TURN) % _TURN - _HALF_TURN
    if abs(steps.sum()) > _HALF_TURN:
        return None
    whole = shapely.Polygon(np.column_stack((lon % _TURN, lat)))
    east = shapely.intersection(whole, shapely.box(0.0, -90.0, _HALF_TURN, 90.0))
    west = shapely.intersection(whole, shapely.box(_HALF_TURN, -90.0, _TURN, 90.0))
    return shapely.union_all([east, affinity.translate(west, -_TURN)])
