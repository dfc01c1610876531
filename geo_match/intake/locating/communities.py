"""What a list of communities makes one doubt as a whole: `suspect_communities`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo_match.intake.locating._columns import replaced
from geo_match.intake.locating.suspicions import Suspicions, suspect

if TYPE_CHECKING:
    from geo_match.index.zone_index import ZoneIndex
    from geo_match.intake.area import Area


@dataclass(frozen=True, slots=True, eq=False)
class CommunitySuspicions:
    """What is doubtful of n communities.

    Parameters
    ----------
    places
        Of where they are, by their points, or where they have none by their areas. No area judges
        them: the service area and the vicinity do.
    points
        Of the points alone, by the areas too. An area's own middle would always lie in it.
    """

    places: Suspicions
    points: Suspicions


def suspect_communities(
    records: pa.Table,
    zones: ZoneIndex | None,
    *,
    service_area: Area | None = None,
    vicinity: Area | None = None,
) -> CommunitySuspicions:
    """Say what is doubtful of where the communities of a list are; nothing is changed or rejected.

    Parameters
    ----------
    records
        Columns `id` (code), `lon` and `lat` (degrees, WGS-84, null where unknown) and `area`
        (well-known text, WGS-84, or null).
    zones
        Areas that the points are judged by, best those of the list itself; None for none.
    service_area, vicinity
        As in `suspect`.
    """
    points = records.select(["lon", "lat"]).append_column("community", records.column("id"))
    places = points
    bare = np.flatnonzero(pc.and_(_is_null(records, "lon"), pc.is_valid(records.column("area"))))
    if len(bare):
        areas = shapely.from_wkt(records.column("area").take(pa.array(bare)).to_pylist())
        middles = shapely.get_coordinates(shapely.point_on_surface(areas))
        for axis, name in enumerate(("lon", "lat")):
            values = np.array(points.column(name).to_numpy(), dtype=np.float64)
            values[bare] = middles[:, axis]
            places = replaced(places, name, pa.array(values, from_pandas=True))
    return CommunitySuspicions(
        suspect(places, service_area=service_area, vicinity=vicinity),
        suspect(points, zones, service_area=service_area, vicinity=vicinity),
    )


def _is_null(records: pa.Table, name: str) -> pa.ChunkedArray:
    return pc.is_null(records.column(name))
