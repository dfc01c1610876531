"""What a whole file makes one doubt before anything of it is kept: `suspect`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo_match.intake.area import MAX_LAT, MAX_LON, Area
from geo_match.intake.locating._columns import floats, texts
from geo_match.intake.locating.shift import Shift, estimate_shift

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    from geo_match.index.zone_index import ZoneIndex


@dataclass(frozen=True, slots=True, eq=False)
class Suspicions:
    """What is doubtful of n records; the masks are bool, shape (n,).

    Parameters
    ----------
    located
        Rows with a place.
    judged
        Those of them whose community has an area to compare with.
    swapped
        Located rows that lie in the service area only with longitude and latitude exchanged.
    outside
        Other located rows outside the service area.
    far
        Located rows that are neither of these, and far from every community that is known.
    elsewhere
        Judged rows that lie in another community's area than their code says, and not in its own.
    nowhere
        Judged rows that lie in no area at all.
    shift
        Whether the whole set looks like another datum.
    service_area
        The box that was used, or None.
    """

    located: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    swapped: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    far: NDArray[np.bool_]
    elsewhere: NDArray[np.bool_]
    nowhere: NDArray[np.bool_]
    shift: Shift
    service_area: Area | None


def suspect(
    records: pa.Table,
    zones: ZoneIndex | None = None,
    *,
    service_area: Area | Iterable[float] | None = None,
    vicinity: Area | None = None,
) -> Suspicions:
    """Say what is doubtful of a file's places as a whole; nothing is changed or rejected.

    Parameters
    ----------
    records
        Columns `lon` and `lat` (degrees, WGS-84, null where unknown), and where there are such
        `community` (code), `datum` (of origin; null counts as WGS-84) and `located_by`: places
        that are not `given` were found by the community or an address, and are not doubted.
    zones
        The communities' areas; None to do without their judgement.
    service_area
        West, south, east, north, degrees, where places are expected; None for the box of all
        areas, or else for `vicinity`, which then counts for exchanged axes only.
    vicinity
        What is not far from the communities that are known; None if that is not known. It counts
        only where no service area is given.

    Raises
    ------
    ArgumentError
        If the service area is no box.
    """
    lon, lat = floats(records, "lon"), floats(records, "lat")
    code, declared = texts(records, "community"), texts(records, "datum")
    given = np.isin(texts(records, "located_by"), ("", "given", "none"))
    located = np.asarray(np.isfinite(lon) & np.isfinite(lat) & given, dtype=np.bool_)
    area = service_area
    if area is not None and not isinstance(area, Area):
        area = Area.checked(area)
    box = area
    if box is None and zones is not None and zones.bounds is not None:
        box = Area(*zones.bounds)
    box = box or vicinity
    nothing = np.zeros(len(lon), dtype=np.bool_)
    beyond = nothing if box is None else located & ~box.holds(lon, lat)
    swapped = beyond if box is None else beyond & box.holds(lat, lon)
    outside = nothing if area is None else beyond & ~swapped
    far = nothing
    if area is None and vicinity is not None:
        far = located & ~swapped & ~vicinity.holds(lon, lat)
    judged, elsewhere, nowhere = nothing, nothing.copy(), nothing.copy()
    shift = Shift("cannot tell", None, 0.0, 0.0, 0, np.nan, np.nan, "there are no areas")
    if zones is not None:
        drawn = {one for one in set(code[located].tolist()) if _has_area(zones, one)}
        judged = located & np.array([one in drawn for one in code.tolist()], dtype=np.bool_)
        judged &= (np.abs(lon) <= MAX_LON) & (np.abs(lat) <= MAX_LAT)  # exchanged ones may not be
        at = np.flatnonzero(judged)
        strange = at[~zones.holds(code[at], lon=lon[at], lat=lat[at])]
        found = zones.find(lon=lon[strange], lat=lat[strange])
        elsewhere[strange[found != ""]] = True
        nowhere[strange[found == ""]] = True
        fit = np.flatnonzero(judged & ~swapped)
        shift = estimate_shift(code[fit], lon[fit], lat[fit], declared[fit], zones)
    return Suspicions(
        located, judged, swapped, outside, far, elsewhere, nowhere, shift, service_area=box
    )


def _has_area(zones: ZoneIndex, code: str) -> bool:
    return code in zones and zones.area(code) is not None
