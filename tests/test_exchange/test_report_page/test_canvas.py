"""What is drawn lies where it is on the ground, as near as is told."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo_match.exchange.report_page.canvas import TOLERANCE, WIDTH, Canvas, path, paths

GEOD = Geod(ellps="WGS84")


def _areas(*shapes):
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


@given(
    st.floats(-170, 170),
    st.floats(-70, 70),
    st.floats(0.01, 1.0),
    st.floats(0.01, 1.0),
)
def test_all_of_the_ground_is_on_the_canvas_and_its_middle_in_the_middle(lon, lat, wide, high):
    box = shapely.box(lon, lat, lon + wide, lat + high)
    canvas = Canvas.around(_areas(box))
    for x, y in shapely.get_coordinates(box):
        at = canvas.place(x, y)
        assert 0 < at[0] < WIDTH
        assert 0 < at[1] < canvas.height
    middle = canvas.place(lon + wide / 2, lat + high / 2)
    assert middle == pytest.approx((WIDTH / 2, canvas.height / 2), abs=1)


def test_a_unit_has_the_metres_that_are_told():
    canvas = Canvas.around(_areas(shapely.box(117.0, 32.6, 117.6, 33.2)))
    lat = canvas.latitude
    assert lat == pytest.approx(32.9, abs=1e-4)
    one, other = canvas.place(117.2, lat), canvas.place(117.4, lat)
    metres = GEOD.inv(117.2, lat, 117.4, lat)[2]
    assert metres / (other[0] - one[0]) == pytest.approx(canvas.metres_per_unit, rel=1e-3)
    # To scale in both directions, within what a plate carrée is off.
    north = GEOD.inv(117.2, lat, 117.2, lat + 0.1)[2]
    units = one[1] - canvas.place(117.2, lat + 0.1)[1]
    assert north / units == pytest.approx(canvas.metres_per_unit, rel=0.01)


def test_outlines_stay_within_the_tolerance():
    turns = np.linspace(0, 2 * np.pi, 3_000, endpoint=False)
    reach = 0.1 + 0.002 * np.sin(40 * turns)
    circle = shapely.Polygon(
        np.column_stack((117 + reach * np.cos(turns), 33 + reach * np.sin(turns)))
    )
    canvas = Canvas.around(_areas(circle))
    drawn = canvas.draw(_areas(circle))[0]
    exact = shapely.transform(circle, canvas._units)
    assert len(shapely.get_coordinates(drawn)) < 1_000
    assert shapely.hausdorff_distance(drawn.exterior, exact.exterior, densify=0.01) <= TOLERANCE + 5
    assert canvas.tolerance_m == pytest.approx(TOLERANCE * canvas.metres_per_unit)


def _corners(written):
    """Read a path back: absolute corners of each ring."""
    rings = []
    for start_x, start_y, steps in re.findall(r"M(-?\d+) (-?\d+)l([-\d ]+)z", written):
        at = np.array([int(start_x), int(start_y)])
        moves = np.array(list(map(int, steps.split()))).reshape(-1, 2)
        rings.append(np.vstack((at, at + np.cumsum(moves, axis=0))))
    return rings


def test_a_path_has_every_ring_of_every_part_in_whole_units():
    hole = shapely.Polygon([(0, 0), (90, 0), (90, 90), (0, 90)], [[(20, 20), (50, 20), (50, 50)]])
    both = shapely.MultiPolygon([hole, shapely.box(200.4, 0, 300.4, 50)])
    rings = _corners(path(both))
    assert [len(ring) for ring in rings] == [4, 3, 4]
    assert {tuple(corner) for corner in rings[1].tolist()} == {(20, 20), (50, 20), (50, 50)}
    assert rings[2][:, 0].min() == 200


def test_what_is_no_polygon_has_no_path():
    assert path(None) == ""
    assert path(shapely.LineString([(0, 0), (1, 1)])) == ""
    assert path(shapely.Polygon()) == ""
    mixed = shapely.GeometryCollection([shapely.Point(1, 1), shapely.box(0, 0, 5, 5)])
    assert len(_corners(paths([mixed, None]))) == 1


def test_ground_across_180_degrees_is_drawn_as_one_piece():
    west, east = shapely.box(179.9, 10, 180, 10.1), shapely.box(-180, 10, -179.9, 10.1)
    canvas = Canvas.around(_areas(west, east))
    assert canvas.turned
    one, other = canvas.place(179.95, 10.05), canvas.place(-179.95, 10.05)
    assert 0 < one[0] < other[0] < WIDTH
    drawn = canvas.draw(_areas(west, east))
    assert shapely.area(drawn) == pytest.approx(shapely.area(drawn)[0], rel=1e-6)
    assert canvas.dots(np.array([-179.95]), np.array([10.05])).startswith("M")


def test_points_that_fall_together_are_drawn_once_and_those_beyond_not():
    canvas = Canvas.around(_areas(shapely.box(117, 33, 117.1, 33.1)))
    lon = np.array([117.05, 117.05, 117.02, 120.0])
    lat = np.array([33.05, 33.05, 33.02, 33.05])
    assert canvas.dots(lon, lat).count("M") == 2


def test_a_place_without_extent_has_a_canvas():
    canvas = Canvas.around(_areas(shapely.box(117, 33, 117, 33)))
    assert canvas.place(117, 33) == pytest.approx((WIDTH / 2, canvas.height / 2), abs=1)
