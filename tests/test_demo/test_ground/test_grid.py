"""The grid: shapes are put on it as shapely would, and shared borders leave no cell to two."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_match import geodesic_distance
from geo_match.demo.ground._grid import CELL, Grid, smooth_noise, to_plane

GRID = Grid.over(117.0, 32.9, 117.05, 32.94)


def middles(grid):
    cells = np.arange(grid.rows * grid.columns)
    return grid.centres(cells)


def test_a_grid_covers_its_box_with_whole_cells():
    assert (GRID.rows, GRID.columns) == (40, 50)
    grid = Grid.over(116.73036, 32.718062, 118.069202, 33.503064)
    assert grid.west <= 116.73036 < grid.west + CELL
    assert grid.south <= 32.718062 < grid.south + CELL
    assert 118.069202 <= grid.west + grid.columns * CELL < 118.069202 + CELL
    assert 33.503064 <= grid.south + grid.rows * CELL < 33.503064 + CELL


def test_middles_count_eastward_then_northward():
    lon, lat = GRID.centres(np.array([0, 1, 50]))
    assert lon == pytest.approx([117.0005, 117.0015, 117.0005])
    assert lat == pytest.approx([32.9005, 32.9005, 32.9015])


@given(seed=st.integers(0, 10_000), n=st.integers(1, 8))
def test_labels_are_those_of_points_in_polygons(seed, n):
    draw = np.random.default_rng(seed)
    # Discs with holes, some beyond the grid, each less what the ones before it have.
    taken = shapely.Polygon()
    shapes = []
    for x, y, r in draw.uniform([116.99, 32.89, 0.001], [117.06, 32.95, 0.02], (n, 3)):
        ring = shapely.Point(x, y).buffer(r).difference(shapely.Point(x, y).buffer(r / 3))
        shapes.append(ring.difference(taken))
        taken = shapely.union(taken, ring)
    shapes = [shape for shape in shapes if not shape.is_empty]
    lon, lat = middles(GRID)
    expected = np.full(len(lon), -1)
    for position, shape in enumerate(shapes):
        expected[shapely.contains_xy(shape, lon, lat)] = position
    assert np.array_equal(GRID.label(shapes).ravel(), expected)


@given(seed=st.integers(0, 10_000))
def test_a_middle_on_a_shared_border_belongs_to_one_alone(seed):
    draw = np.random.default_rng(seed)
    # Corners at middles of cells, so that borders run through many of them.
    at = np.unique(draw.integers(0, 50, 12))
    corners = shapely.MultiPoint(
        [(117.0005 + CELL * i, 32.9005 + CELL * j) for i in at for j in draw.integers(0, 40, 3)]
    )
    triangles = list(shapely.delaunay_triangles(corners).geoms)
    if not triangles:
        return
    label = GRID.label(triangles)
    each = [GRID.label([triangle]) >= 0 for triangle in triangles]
    assert np.sum(each, axis=0).max() <= 1
    assert np.array_equal(np.any(each, axis=0), label >= 0)
    lon, lat = middles(GRID)
    inside = shapely.contains_xy(shapely.union_all(triangles).buffer(-1e-9), lon, lat)
    assert (label.ravel()[inside] >= 0).all()


def test_no_shape_labels_nothing_and_a_distant_one_as_little():
    assert (GRID.label([]) == -1).all()
    assert (GRID.label([shapely.box(10, 10, 20, 20)]) == -1).all()


@given(st.floats(116.73, 118.07), st.floats(32.72, 33.50), st.floats(0, 360), st.floats(10, 5_000))
def test_the_plane_is_right_within_a_hundredth_in_the_whole_city(lon, lat, degrees, metres):
    x = lon + metres * np.cos(degrees) / 93_000
    y = lat + metres * np.sin(degrees) / 111_000
    (x1, x2), (y1, y2) = to_plane(np.array([lon, x]), np.array([lat, y]))
    true = float(geodesic_distance(lon1=lon, lat1=lat, lon2=x, lat2=y))
    assert np.hypot(x2 - x1, y2 - y1) == pytest.approx(true, rel=0.01)


def test_noise_is_standard_everywhere_and_changes_slowly():
    grid = Grid.over(117.0, 32.9, 117.1, 33.0)
    many = np.array([smooth_noise(grid, 0.02, np.random.default_rng(seed)) for seed in range(400)])
    assert np.abs(many.mean(axis=0)).max() < 0.25
    assert np.abs(many.std(axis=0) - 1.0).max() < 0.2
    assert np.abs(np.diff(many, axis=1)).max() < 0.6
