"""Areas that circles are drawn around: some by hand, and one whose edge is straight across."""

from __future__ import annotations

import geopandas as gpd
import shapely

LON, LAT = 117.38, 32.93

EDGE_M = 0.13e-3
"""What an area's distance may differ from the true one by."""

EAST = shapely.box(116.9, -0.1, 117.0, 0.1)
"""Its eastern edge crosses the equator at a right angle, so what lies east is straight across."""

LOOSE = {"conditions": ()}


def box(west, south, east, north):
    return shapely.box(LON + west, LAT + south, LON + east, LAT + north)


AREAS = (
    box(0.0, 0.0, 0.01, 0.02),  # a shared place is its corner
    box(-0.005, -0.005, 0.006, 0.002),
    shapely.Polygon([(LON - 0.03, LAT), (LON + 0.02, LAT - 0.01), (LON - 0.01, LAT + 0.03)]),
    box(-0.02, -0.02, 0.02, 0.02) - box(-0.01, -0.01, 0.01, 0.01),
    shapely.MultiPolygon([box(0.02, 0.0, 0.03, 0.01), box(-0.05, -0.02, -0.04, 0.0)]),
)


def area_frame(origins):
    """Make of origins with areas what a user has."""
    return gpd.GeoDataFrame(
        {name: [one.get(name) for one in origins] for name in ("id", "location_accuracy_m")},
        geometry=[one["area"] for one in origins],
        crs="EPSG:4326",
    ).astype({"location_accuracy_m": float})


AN_AREA = area_frame([{"id": "O", "area": EAST}])
