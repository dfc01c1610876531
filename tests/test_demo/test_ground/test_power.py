"""Power diagrams: cells and points agree on whose is what, and shares are met."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_match.demo.ground._power import PowerDiagram, divide, spread_sites
from geo_match.errors import ArgumentError

BOX = [(-1_000.0, -1_000.0), (1_000.0, -1_000.0), (1_000.0, 1_000.0), (-1_000.0, 1_000.0)]


def diagrams(seed, n):
    draw = np.random.default_rng(seed)
    return PowerDiagram(draw.uniform(-800, 800, (n, 2)), draw.uniform(0, 60_000, n)), draw


@given(seed=st.integers(0, 10_000), n=st.integers(1, 12))
def test_a_point_lies_in_the_cell_of_its_site_and_in_no_other(seed, n):
    diagram, draw = diagrams(seed, n)
    points = draw.uniform(-1_000, 1_000, (60, 2))
    powers = [
        [
            (x - s) ** 2 + (y - t) ** 2 - w
            for (s, t), w in zip(diagram.sites, diagram.weights, strict=True)
        ]
        for x, y in points
    ]
    found = diagram.find(points)
    assert found.tolist() == np.argmin(powers, axis=1).tolist()
    cells = [diagram.cell(site, BOX) for site in range(n)]
    for (x, y), site in zip(points, found, strict=True):
        for other, cell in enumerate(cells):
            inside = bool(cell) and shapely.Polygon(cell).buffer(1e-6).contains(shapely.Point(x, y))
            if other == site:
                assert inside
            elif cell:
                assert not shapely.Polygon(cell).buffer(-1e-6).contains(shapely.Point(x, y))


@given(seed=st.integers(0, 10_000), n=st.integers(1, 12))
def test_cells_are_convex_and_fill_the_box(seed, n):
    diagram, _ = diagrams(seed, n)
    cells = [diagram.cell(site, BOX) for site in range(n)]
    polygons = [shapely.Polygon(cell) for cell in cells if cell]
    assert sum(polygon.area for polygon in polygons) == pytest.approx(4e6)
    for polygon in polygons:
        assert polygon.convex_hull.area == pytest.approx(polygon.area, abs=1e-3)


def test_a_site_that_all_others_outweigh_has_no_cell():
    diagram = PowerDiagram(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([0.0, 1e6]))
    assert diagram.cell(0, [(-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0)]) == []


@pytest.mark.parametrize("seed", range(8))
def test_points_are_divided_by_the_shares_though_density_is_uneven(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(2, 30))
    points = np.vstack(
        [draw.normal(0, 300, (100 * n, 2)), draw.uniform(-5_000, 5_000, (100 * n, 2))]
    )
    points += [1e7, 3e6]
    shares = draw.uniform(1.0, 3.0, n)
    diagram = divide(points, spread_sites(points, n, draw), shares)
    count = np.bincount(diagram.find(points), minlength=n)
    missed = count / (shares / shares.sum() * len(points)) - 1.0
    assert np.sqrt((missed**2).mean()) < 0.25


def test_a_site_far_from_all_points_still_gets_some():
    points = np.random.default_rng(0).normal(0, 10, (200, 2))
    diagram = divide(points, np.array([[0.0, 0.0], [9_000.0, 0.0]]), np.array([9.0, 1.0]))
    assert np.bincount(diagram.find(points), minlength=2)[1] == pytest.approx(20, abs=8)


def test_sites_on_one_spot_cannot_all_be_served():
    points = np.zeros((3, 2))
    with pytest.raises(ArgumentError, match="`points` must be enough for 2 sites that lie apart"):
        divide(points, np.zeros((2, 2)), np.ones(2))


def test_sites_spread_over_separate_crowds():
    draw = np.random.default_rng(3)
    crowds = np.array([[0.0, 0.0], [5_000.0, 0.0], [0.0, 5_000.0], [5_000.0, 5_000.0]])
    points = np.vstack([draw.normal(crowd, 100, (50, 2)) for crowd in crowds])
    sites = spread_sites(points, 4, draw)
    nearest = np.hypot(*(sites[:, None] - crowds).transpose(2, 0, 1)).argmin(axis=1)
    assert sorted(nearest) == [0, 1, 2, 3]
    assert spread_sites(points, 0, draw).shape == (0, 2)
