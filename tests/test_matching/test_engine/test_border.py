"""An area's border seen from far away, held to the plain twin."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from test_matching.areas import AREAS, EAST

from geo_match.geodesy import geodesic_distance
from geo_match.matching.engine.border import Border
from geo_match.matching.plain.areas import area_distance_m

SEEN = (*AREAS, EAST, shapely.box(-70.0, -12.0, -69.5, 3.0), shapely.box(10.0, 88.5, 40.0, 89.0))
FAR = st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))


def is_far(area, lon, lat):
    x, y = shapely.get_coordinates(area)[0]
    return geodesic_distance(lon1=x, lat1=y, lon2=lon, lat2=lat) > 2_000_000.0


@given(st.sampled_from(SEEN), FAR)
def test_a_far_place_is_as_far_as_the_plain_twin_says(area, place):
    if is_far(area, *place):
        assert Border(area).distance_m(*place) == pytest.approx(
            area_distance_m(area, *place), abs=1e-3
        )


def test_the_nearest_place_of_an_edge_is_found_between_its_ends():
    area = shapely.box(117.0, -3.0, 118.0, 1.0)
    expected = geodesic_distance(lon1=117.0, lat1=0.0, lon2=114.0, lat2=0.0)
    assert Border(area).distance_m(114.0, 0.0) == pytest.approx(float(expected), abs=1e-4)


@given(st.sampled_from(SEEN), st.lists(FAR, min_size=1, max_size=12))
def test_a_place_is_as_far_as_its_bounds_say(area, places):
    lon, lat = np.array(places).T
    border = Border(area)
    inside = shapely.contains_xy(area, lon, lat)
    away = np.where(inside, 0.0, [border.distance_m(*place) for place in places])
    least, most = border.at_least_m(lon, lat), border.at_most_m(lon, lat)
    assert (least <= away + 1e-6).all()
    assert (away <= most + 1e-6).all()
    assert (most - border.span_m <= away + 1e-6).all()


def test_what_lies_in_an_area_far_from_its_border_is_0_m_away_at_least():
    area = shapely.box(100.0, 20.0, 130.0, 45.0)
    assert Border(area).at_least_m(np.array([115.0]), np.array([32.0])).tolist() == [0.0]
