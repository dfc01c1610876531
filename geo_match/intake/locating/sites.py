"""Places of jobs that name a site whose place is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow.compute as pc

from geo_match.intake.locating._columns import floats, texts

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_COARSE: Final = "community_area"


class SitePlace(NamedTuple):
    """Where a site is.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84.
    accuracy_m
        How well that is known, metres; NaN where unknown.
    is_coarse
        Whether it is no more than its community's area says.
    """

    lon: float
    lat: float
    accuracy_m: float
    is_coarse: bool


class Sites:
    """Sites with a place, by id.

    Parameters
    ----------
    sites
        Columns `id`, `lon` and `lat` (degrees, WGS-84, null where unknown), and where there are
        such `location_accuracy_m` and `located_by`; those without a place are left out.
    """

    def __init__(self, sites: pa.Table) -> None:
        sites = sites.filter(pc.is_valid(sites.column("lon")))
        places = map(
            SitePlace,
            floats(sites, "lon").tolist(),
            floats(sites, "lat").tolist(),
            floats(sites, "location_accuracy_m").tolist(),
            (texts(sites, "located_by") == _COARSE).tolist(),
        )
        self._place = dict(zip(texts(sites, "id").tolist(), places, strict=True))

    def locate(
        self, ids: NDArray[np.object_], *, coarse: bool
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Find the places of sites.

        Parameters
        ----------
        ids
            Of n sites, objects of str, shape (n,); empty where unknown.
        coarse
            Whether to find those alone whose place is coarse, or those alone whose place is not.

        Returns
        -------
        found
            Which are found, bool, shape (n,).
        places
            Longitude and latitude (degrees, WGS-84) and accuracy (metres, NaN where unknown) of
            the m that are found, float64, shape (m, 3).
        """
        known = [self._place.get(one) for one in ids.tolist()]
        chosen = [one if one and one.is_coarse == coarse else None for one in known]
        found = np.array([one is not None for one in chosen], dtype=np.bool_)
        places = [one[:3] for one in chosen if one is not None]
        return found, np.array(places, dtype=np.float64).reshape(-1, 3)
