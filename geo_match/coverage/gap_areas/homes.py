"""The homes around which gap areas are drawn: places in one frame of longitudes, and merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_HALF_TURN: Final = 180.0
_TURN: Final = 360.0
_DEGREE_M: Final = 111_700.0
"""Metres in a degree of latitude, nowhere more; and of longitude at the equator."""
_SIDE: Final = 0.7
"""Of a cell, for a tolerance of 1: half of its diagonal is below one half."""


@dataclass(frozen=True, eq=False)
class Homes:
    """The different places of some people, in a frame of longitudes that goes on across 180°.

    Parameters
    ----------
    lon, lat
        Degrees, (h,), sorted by latitude, then longitude; longitudes may go up to 540°.
    of
        int64, (n,): the place of each person.
    """

    lon: Floats
    lat: Floats
    of: Integers


def homes(lon: Floats, lat: Floats) -> Homes:
    """Return the different places of people.

    The frame is cut where the widest stretch of longitudes without a home is. Where homes go round
    the whole earth without a gap, ground that crosses the cut is drawn in two areas.

    Parameters
    ----------
    lon, lat
        Degrees WGS-84, (n,).
    """
    # One place has one name: −180 is 180, and −0 is 0.
    x = np.where(lon == -_HALF_TURN, _HALF_TURN, lon) + 0.0
    around = np.unique(x)
    if len(around) > 1:
        widest = int(np.argmax(np.append(np.diff(around), around[0] + _TURN - around[-1])))
        if widest < len(around) - 1:
            x = np.where(x <= around[widest], x + _TURN, x)
    both, of = np.unique(np.column_stack((lat + 0.0, x)), axis=0, return_inverse=True)
    return Homes(np.ascontiguousarray(both[:, 1]), np.ascontiguousarray(both[:, 0]), of.ravel())


def merged(lon: Floats, lat: Floats, *, tolerance_m: float) -> tuple[Floats, Floats]:
    """Return fewer places, so that each one given has one of them less than half a tolerance away.

    Places in one cell of a grid become the middle of the box around them: a place that is alone in
    its cell stays as it is.

    Parameters
    ----------
    lon, lat
        Degrees, (h,).
    tolerance_m
        Metres, above 0.

    Returns
    -------
    lon, lat
        Degrees, (c,), all different, in order of the cells.
    """
    if not len(lon):
        return lon, lat
    height = _SIDE * tolerance_m / _DEGREE_M
    row = np.floor(lat / height)
    nearest_equator = np.minimum(np.abs(row), np.abs(row + 1)) * height
    width = height / np.cos(np.radians(nearest_equator))
    column = np.floor(lon / width)
    order = np.lexsort((column, row))
    row, column = row[order], column[order]
    is_new = np.append(True, (np.diff(row) != 0) | (np.diff(column) != 0))
    first = np.flatnonzero(is_new)
    middle = [
        (np.minimum.reduceat(values[order], first) + np.maximum.reduceat(values[order], first)) / 2
        for values in (lon, lat)
    ]
    return middle[0], middle[1]
