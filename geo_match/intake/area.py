"""Boxes of degrees: where the places of a file, or of a projection, are expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


MAX_LON = 180.0
MAX_LAT = 90.0


@dataclass(frozen=True, slots=True)
class Area:
    """A box of degrees, edges included; west above east means that it crosses the antimeridian.

    Parameters
    ----------
    west, south, east, north
        Degrees, WGS-84.
    """

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def checked(cls, edges: Iterable[float]) -> Area:
        """Return the area of four numbers: west, south, east, north.

        Raises
        ------
        ArgumentError
            If they are not four finite numbers in range, or south lies above north.
        """
        rule = "be four numbers of degrees: west, south, east, north"
        edges = tuple(edges)
        try:
            west, south, east, north = (float(edge) for edge in edges)
        except (TypeError, ValueError):
            raise ArgumentError("service_area", rule, repr(edges)) from None
        if not (max(abs(west), abs(east)) <= MAX_LON and -MAX_LAT <= south <= north <= MAX_LAT):
            raise ArgumentError(
                "service_area",
                f"{rule}, with -90 ≤ south ≤ north ≤ 90 and longitudes from -180 to 180",
                repr(edges),
                "Is the order west, south, east, north?",
            )
        return cls(west, south, east, north)

    def holds(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which points lie in the area, bool, shape (n,); false for NaN."""
        if self.west <= self.east:
            across = (lon >= self.west) & (lon <= self.east)
        else:
            across = (lon >= self.west) | (lon <= self.east)
        return np.asarray(across & (lat >= self.south) & (lat <= self.north), dtype=np.bool_)

    def __str__(self) -> str:
        """Return the edges as they are given on a command line."""
        return f"{self.west:g},{self.south:g},{self.east:g},{self.north:g}"
