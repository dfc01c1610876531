"""The drawn areas: a gapless net within districts, off the river, streets together, by density."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo_match.demo import facts
from geo_match.demo.ground import draw_areas, draw_land

MESH = 1e-6
DOWNTOWN = gpd.GeoSeries([shapely.Point(117.37, 32.93)], crs=4326)


@pytest.fixture(scope="module")
def polygons(areas):
    return areas.geometry.to_numpy()


@pytest.fixture(scope="module")
def expected(land, polygons):
    """People whom the land expects in each area."""
    label = land.grid.label(polygons)
    inside = label >= 0
    return np.bincount(label[inside], land.people[inside], minlength=len(polygons))


def test_each_community_has_one_valid_area_and_its_facts(areas, land):
    assert areas.is_valid.all()
    assert (areas.geom_type == "Polygon").all()
    assert areas.crs == "EPSG:4326"
    known = facts.communities()
    assert areas[known.columns].equals(known)
    assert np.array_equal(areas["population"], land.population)


def test_areas_are_disjoint_and_neighbours_share_their_borders(polygons):
    assert shapely.coverage_is_valid(polygons)
    tree = shapely.STRtree(polygons)
    left, right = tree.query(polygons, predicate="intersects")
    pairs = left < right
    assert pairs.sum() > 2_500
    assert (
        shapely.area(shapely.intersection(polygons[left[pairs]], polygons[right[pairs]])).max() == 0
    )


def test_areas_lie_in_their_own_district(areas):
    outlines = facts.districts().set_index("code").geometry
    for code, mine in areas.groupby("lies_in"):
        allowed = outlines[code].buffer(1.5 * MESH)
        shapely.prepare(allowed)
        assert shapely.contains(allowed, mine.geometry.to_numpy()).all()


def test_areas_keep_out_of_the_river(land, polygons):
    water = land.river.buffer(-1.5 * MESH)
    assert not shapely.intersects(polygons, water).any()


def test_areas_cover_all_dry_land(land, polygons):
    dry = shapely.union_all(land.ground.geometry.to_numpy())
    covered = shapely.union_all(polygons)
    assert dry.difference(covered.buffer(1.5 * MESH)).area == 0.0
    assert covered.area == pytest.approx(dry.area, rel=1e-6)


def test_every_cell_of_dry_land_is_in_one_area(land, polygons):
    label = land.grid.label(polygons)
    differ = (label >= 0) != (land.district >= 0)
    assert differ.sum() <= 5  # middles that lie on the mesh's last digit
    both = (label >= 0) & (land.district >= 0)
    codes = land.ground["code"].to_numpy()
    lies_in = facts.communities()["lies_in"].to_numpy()
    assert (lies_in[label[both]] == codes[land.district[both]]).mean() > 0.99999


def test_communities_of_a_street_lie_together(areas):
    # Where a district's outline cuts through a street, its parts beyond go to the neighbours, so
    # that a street of several communities can only in rare cases fall apart.
    streets = areas.dissolve("street_code")
    assert len(streets) == 87
    assert (streets.geom_type == "Polygon").mean() > 0.95
    largest = streets.geometry.map(lambda s: max(shapely.area(shapely.get_parts(s))) / s.area)
    assert largest.min() > 0.6


def test_areas_hold_about_as_many_people_as_the_land_expects_there(areas, expected):
    ratio = expected / areas["population"].to_numpy()
    resident = (areas["kind"] != "其他").to_numpy()
    assert ((ratio > 0.8) & (ratio < 1.25))[resident].mean() > 0.95
    assert ratio[resident].min() > 0.3
    assert ratio[resident].max() < 2.5


def test_dense_communities_are_small_and_villages_are_large(areas):
    metres = areas.to_crs(32650)
    km2 = metres.area / 1e6
    urban = areas["lies_in"].isin(["340302", "340303", "340304", "340311"])
    resident = areas["kind"] == "居委会"
    assert km2[urban & resident].median() < 2.0
    assert km2[areas["kind"] == "村委会"].median() > 4.0
    downtown = metres.centroid.distance(DOWNTOWN.to_crs(32650).iloc[0]) < 3_500.0
    assert downtown.sum() > 30
    assert km2[downtown].median() < 1.0
    assert km2.min() > 0.05
    assert (areas["population"] / km2).max() < 45_000


def test_areas_are_compact(areas):
    metres = areas.to_crs(32650)
    roundness = 4 * np.pi * metres.area / metres.length**2
    assert roundness.median() > 0.6
    assert (roundness > 0.25).mean() > 0.98


def test_another_seed_gives_other_areas_with_the_same_names():
    areas, other = (draw_areas(draw_land(seed)) for seed in (1, 2))
    assert areas["code"].equals(other["code"])
    assert areas["name"].equals(other["name"])
    assert not areas.geom_equals(other.geometry).any()
    for drawn in (areas, other):
        assert shapely.coverage_is_valid(drawn.geometry.to_numpy())
        assert (drawn.geom_type == "Polygon").all()
