"""Ground beyond all places: judged by distances of points, and blind to homes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo_match.coverage.gap_areas.ground import ground_beyond
from geo_match.errors import ArgumentError

GEOD = Geod(ellps="WGS84")
AREA = shapely.box(117.30, 32.90, 117.40, 33.00)
PLACES = {"lon": np.array([117.31, 117.31, 117.36]), "lat": np.array([32.92, 32.92, 32.98])}


@pytest.mark.parametrize("radius_m", [0.0, 500.0, 3000.0])
def test_a_point_is_drawn_where_it_is_beyond_all_places_and_only_there(radius_m):
    (left,) = ground_beyond(np.array([AREA], dtype=object), **PLACES, radius_m=radius_m)
    lon, lat = (one.ravel() for one in np.meshgrid(*[np.linspace(0.0007, 0.0993, 41)] * 2))
    lon, lat = 117.30 + lon, 32.90 + lat
    each = [
        GEOD.inv(lon, lat, np.full(len(lon), x), np.full(len(lat), y))[2]
        for x, y in zip(PLACES["lon"], PLACES["lat"], strict=True)
    ]
    nearest = np.min(each, axis=0)
    drawn = shapely.contains_xy(left, lon, lat)
    assert drawn[nearest > radius_m].all()
    assert not drawn[nearest <= radius_m - 10.0].any()


def test_an_area_that_is_all_within_or_none_has_nothing_left():
    areas = np.array([AREA, None], dtype=object)
    assert list(ground_beyond(areas, **PLACES, radius_m=20_000)) == [None, None]


def test_without_places_all_is_left():
    nothing = {"lon": np.empty(0), "lat": np.empty(0)}
    (left,) = ground_beyond(np.array([AREA], dtype=object), **nothing, radius_m=3000)
    assert left.equals(AREA)


def test_what_cannot_be_drawn_is_refused():
    areas = np.array([AREA], dtype=object)
    with pytest.raises(ArgumentError, match="be a number of metres above 0"):
        ground_beyond(areas, **PLACES, radius_m=3000, tolerance_m=0)
    with pytest.raises(ArgumentError, match="have no place beyond 84° of latitude"):
        ground_beyond(areas, lon=np.array([0.0]), lat=np.array([85.0]), radius_m=3000)
