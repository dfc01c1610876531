"""What finds places by address: the Protocol, and the answer it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index.zone_index import ZoneIndex


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Places found for n addresses.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84, float64, shape (n,); NaN where nothing was found.
    accuracy_m
        The place lies within so many metres of the point, float64, shape (n,); NaN where nothing
        was found.
    method
        How it was found, one of the words of `located_by`, objects of str, shape (n,); empty
        where nothing was.
    note
        What a person should know of the row, objects of str, shape (n,); mostly empty.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    method: NDArray[np.object_]
    note: NDArray[np.object_]

    @classmethod
    def nothing(cls, n: int) -> Located:
        """Return the answer that found none of n places, for a geocoder to fill in."""
        nan = np.full((3, n), np.nan)
        empty = np.full((2, n), "", dtype=object)
        return cls(nan[0], nan[1], nan[2], empty[0], empty[1])

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which addresses have a place, bool, shape (n,)."""
        return np.asarray(np.isfinite(self.lon), dtype=np.bool_)


class Geocoder(Protocol):
    """Anything that finds places by address; `Gazetteer` does without a network."""

    def locate(
        self,
        addresses: NDArray[np.object_],
        communities: NDArray[np.object_],
        zones: ZoneIndex | None = None,
    ) -> Located:
        """Find places.

        Parameters
        ----------
        addresses
            As the source writes them, objects of str, shape (n,); empty where unknown.
        communities
            The code of each one's community, objects of str, shape (n,); empty where unknown.
        zones
            The communities' areas and points: a place that cannot be true by them is not to be
            answered, but noted. None where they are unknown.
        """
