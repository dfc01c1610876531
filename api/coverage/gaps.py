"""Gap areas as GeoJSON: of places alone where they are published, of homes where they are exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
import shapely.geometry

from api.coverage.release import area_of
from api.coverage.rows import published_row
from api.coverage.schemas import GapFeature, Row
from geo_match.coverage.gap_areas.gap_areas import PURPOSE, gap_areas
from geo_match.coverage.gap_areas.ground import ground_beyond
from geo_match.coverage.measures.area import area_km2

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from api.coverage.release import Release
    from geo_match.coverage import CoverageReport

TOLERANCE_M: Final = 10.0
_DIGITS: Final = 6  # of a degree: a tenth of a metre


def published_gaps(release: Release, radius_m: float) -> list[GapFeature]:
    """Return of each community the ground that is beyond the radius of all vacancies.

    It is made of outlines and of public places: where in it somebody lives, it does not tell.
    """
    rows = release.rows["community"]
    areas = np.array([None, *(area_of(row) for row in rows)], dtype=object)[1:]
    lon, lat = np.array(release.places, dtype=np.float64).reshape(-1, 2).T
    left = ground_beyond(areas, lon=lon, lat=lat, radius_m=radius_m, tolerance_m=TOLERANCE_M)
    found = []
    for row, area, rest in zip(rows, areas, left, strict=True):
        if rest is None:
            continue
        both = area_km2(np.array([area, rest], dtype=object))
        told = published_row(row, radius_m)
        properties = {
            "kind": "gap_area",
            "purpose": PURPOSE,
            "code": told.code,
            "name": told.name,
            "radius_m": radius_m,
            "tolerance_m": TOLERANCE_M,
            "area_km2": round(float(both[1]), 4),
            "share_of_area": round(float(both[1] / both[0]), 4),
            "people": told.people,
            "located": told.located,
            "reached": told.reached,
            "release": "published",
        }
        found.append(GapFeature(id=told.code, geometry=_geojson(rest), properties=properties))
    return found


def exact_gaps(report: CoverageReport) -> list[GapFeature]:
    """Return the inhabited places beyond the radius, as the library draws them.

    Raises
    ------
    ArgumentError
        As `geo_match.coverage.gap_areas.gap_areas` says.
    """
    frame = gap_areas(report)
    names = [name for name in frame.columns if name != "geometry"]
    features = []
    for at in range(len(frame)):
        record = frame.iloc[at]
        properties = {name: _plain(record[name]) for name in names}
        features.append(
            GapFeature(
                id=properties["code"],
                geometry=_geojson(frame.geometry.iloc[at]),
                properties=properties,
            )
        )
    return features


def below_first(rows: list[Row]) -> tuple[list[Row], int]:
    """Return the rows with somebody printed to be below, most first, and how many keep it back."""
    inside = [row for row in rows if row.kind != "outside"]
    some = [row for row in inside if row.below]
    some.sort(key=lambda row: (-(row.below or 0), row.code or ""))
    return some, sum(row.below is None for row in inside)


def _geojson(shape: BaseGeometry) -> dict[str, Any]:
    rounded = shapely.set_precision(shape, 10.0**-_DIGITS, mode="pointwise")
    mapped: dict[str, Any] = shapely.geometry.mapping(rounded)
    return mapped


def _plain(value: Any) -> Any:  # noqa: ANN401 - a scalar of numpy, pandas or Python
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and np.isnan(plain) else plain
