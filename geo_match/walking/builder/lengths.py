"""Lengths of segments: whole millimetres on the ellipsoid, rounded up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.geodesy import karney

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Axis = NDArray[np.float64]

_NOISE_MM: Final = 1e-6
"""What Karney's formula may be off by: a length that is a whole millimetre stays it."""


def lengths_mm(lon1: _Axis, lat1: _Axis, lon2: _Axis, lat2: _Axis) -> NDArray[np.int64]:
    """Return the lengths of geodesics, mm, rounded up, (n,); the same whichever end is first.

    Parameters
    ----------
    lon1, lat1, lon2, lat2
        Degrees, (n,).
    """
    is_back = (lon1 > lon2) | ((lon1 == lon2) & (lat1 > lat2))
    metres = karney(
        np.where(is_back, lon2, lon1),
        np.where(is_back, lat2, lat1),
        np.where(is_back, lon1, lon2),
        np.where(is_back, lat1, lat2),
    )
    return np.ceil(metres * 1000.0 - _NOISE_MM).astype(np.int64)
