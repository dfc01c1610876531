"""Coordinates of any CRS on WGS 84 or CGCS2000 as longitudes and latitudes, without a datum shift.

Only the projection is undone, within the CRS's own datum; PROJ never gets to choose a datum
transformation. For Xian 1980, Beijing 1954 and New Beijing it would take one of regional guesses
tens of metres apart, so these are refused, and every other datum with them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo_match.errors import DatumError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RULE: Final = "be geographic or projected, on WGS 84 or CGCS2000"
_DEGREE: Final = math.pi / 180.0


class KnownCrs(NamedTuple):
    """A CRS on WGS 84 or CGCS2000.

    Parameters
    ----------
    horizontal
        The CRS without heights, and without a datum shift that a file binds to it.
    base
        The geographic CRS that it projects or turns; the same where it does neither.
    """

    horizontal: CRS
    base: CRS

    def lonlat(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the longitudes and latitudes of coordinates in this CRS.

        Parameters
        ----------
        x, y
            Coordinates, x to the east whatever axis order the CRS declares, shape (n,).

        Returns
        -------
        lon, lat
            Degrees in the datum of the CRS, shape (n,); not finite where the CRS has no such
            point. What is in degrees already is returned as it is.
        """
        if not self.horizontal.is_derived:
            return x, y
        undo = Transformer.from_crs(self.horizontal, self.base, always_xy=True)
        lon, lat = undo.transform(x, y)
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def crs_to_lonlat(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: object, *, source: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the longitudes and latitudes of coordinates in a CRS.

    Parameters
    ----------
    x, y
        As `KnownCrs.lonlat` takes them.
    crs, source
        As `known_crs` takes them.

    Returns
    -------
    lon, lat
        As `KnownCrs.lonlat` returns them.

    Raises
    ------
    DatumError
        As `known_crs`.
    """
    return known_crs(crs, source=source).lonlat(x, y)


def known_crs(crs: object, *, source: str) -> KnownCrs:
    """Return a CRS whose datum is known.

    Parameters
    ----------
    crs
        Anything that pyproj takes for a CRS; None where it is not known.
    source
        What the coordinates belong to, for messages.

    Raises
    ------
    DatumError
        If the CRS is not known, or not geographic or projected on WGS 84 or CGCS2000.
    """
    argument = f"CRS of {source}"
    if crs is None:
        raise DatumError(
            argument,
            _RULE,
            "none",
            "Assign the CRS that the coordinates are in; it cannot be told from the numbers.",
        )
    try:
        given = CRS.from_user_input(crs)
    except CRSError as error:
        raise DatumError(argument, _RULE, f"something that PROJ does not know ({error})") from error
    horizontal = _horizontal(given)
    # A rotated pole is geographic and yet derived from the degrees that are wanted.
    base = horizontal.source_crs if horizontal.is_derived else horizontal.geodetic_crs
    datum = "unknown" if base is None or base.datum is None else base.datum.name
    if base is None or not base.is_geographic or not _is_known(datum):
        raise DatumError(
            argument,
            _RULE,
            f"{given.name!r} (datum: {datum})",
            "Have the data's provider convert it to CGCS2000 (EPSG:4490): the parameters of Xian "
            "1980 and Beijing 1954 are regional and not public. Other datums: convert to WGS 84 "
            "with a transformation of your choice.",
        )
    if not _is_greenwich_degrees(base):
        raise DatumError(
            argument, "count degrees from Greenwich", repr(given.name), "Convert it to EPSG:4326."
        )
    return KnownCrs(horizontal, base)


def _horizontal(crs: CRS) -> CRS:
    """Return the CRS without heights, and without the datum shift that some files bind to it."""
    if crs.is_bound and crs.source_crs is not None:
        return _horizontal(crs.source_crs)
    if crs.is_compound:
        return _horizontal(crs.sub_crs_list[0])
    return crs


def _is_known(datum: str) -> bool:
    """Return whether a datum is WGS 84, one of its realisations, or CGCS2000 ("China 2000")."""
    return datum == "China 2000" or datum.startswith("World Geodetic System 1984")


def _is_greenwich_degrees(base: CRS) -> bool:
    meridian = base.prime_meridian
    return (
        meridian is not None
        and meridian.longitude == 0.0
        and all(
            math.isclose(axis.unit_conversion_factor, _DEGREE)
            for axis in base.axis_info
            if axis.direction in {"north", "east"}
        )
    )
