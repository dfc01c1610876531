"""One place that is asked about, where others take many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match._validate import as_lonlat
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def as_place(lon: ArrayLike, lat: ArrayLike, end: str = "") -> tuple[float, float]:
    """Return one checked longitude and latitude, degrees.

    Parameters
    ----------
    end
        Of `lon1`, say, the `1`.

    Raises
    ------
    CoordinateError
        If it is no place on earth.
    ArgumentError
        If it is not one place.
    """
    lons, lats = as_lonlat(lon, lat, lon_name=f"lon{end}", lat_name=f"lat{end}")
    if len(lons) != 1:
        name = f"lon{end}"
        raise ArgumentError(name, "be one number", f"{len(lons)} of them")
    return float(lons[0]), float(lats[0])


__all__ = ["as_place"]
