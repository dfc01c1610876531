"""The drawn land: the census on dry ground, dense in the middle and in towns, and repeatable."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import shapely

from geo_match import geodesic_distance
from geo_match.demo import facts
from geo_match.demo.ground import draw_land
from geo_match.errors import ArgumentError

DOWNTOWN = (117.38, 32.94)
CELL_KM2 = 0.001**2 * 93.5 * 110.9

PRINT_DIGEST = """
import hashlib, sys
from geo_match.demo.ground import draw_areas, draw_homes, draw_land
if "land" not in globals():
    land = draw_land(int(sys.argv[1]))
    areas = draw_areas(land)
    homes = draw_homes(land, areas)
whole = hashlib.sha256()
for array in (land.people, land.population, homes.cell, homes.people):
    whole.update(array.tobytes())
whole.update(land.river.wkb + b"".join(areas.geometry.to_wkb()))
whole.update(land.towns.to_csv().encode())
digest = whole.hexdigest()
print(digest)
"""


@pytest.fixture(scope="module")
def middles(land):
    lon, lat = land.grid.centres(np.arange(land.people.size))
    return lon, lat


def test_each_district_has_its_census(land):
    for row, census in enumerate(land.ground["population_2020"]):
        assert land.people[land.district == row].sum() == pytest.approx(census, rel=1e-12)
    assert (land.people[land.district >= 0] > 0.0).all()
    assert (land.people[land.district < 0] == 0.0).all()


def test_cells_belong_to_the_district_of_their_middle(land, middles):
    expected = np.full(land.people.size, -1)
    for row, outline in enumerate(land.ground.geometry):
        shapely.prepare(outline)
        expected[shapely.contains_xy(outline, *middles)] = row
    assert np.array_equal(land.district.ravel(), expected)


def test_nobody_is_expected_in_the_river(land, middles):
    wet = shapely.contains_xy(land.river, *middles)
    assert wet.sum() > 500
    assert land.people.ravel()[wet].sum() == 0.0


def test_the_river_is_as_wide_as_it_is_said_to_be_along_its_whole_reach(land):
    line = facts.huai()
    assert land.river.geom_type == "Polygon"
    assert land.river.covers(line)
    for share in np.linspace(0.05, 0.95, 30):
        middle = line.interpolate(share, normalized=True)
        bank = shapely.ops.nearest_points(middle, land.river.boundary)[1]
        half = geodesic_distance(lon1=middle.x, lat1=middle.y, lon2=bank.x, lat2=bank.y)
        assert 140.0 < float(half) < 260.0


def test_the_river_parts_the_banks_and_lies_in_the_city(land):
    banks = land.ground.set_index("code").geometry
    for south in ("340302", "340303", "340304"):
        gap_m = banks["340311"].distance(banks[south]) * 93_500
        assert gap_m > 250.0
    assert shapely.union_all(facts.districts().geometry.to_numpy()).buffer(0.003).covers(land.river)


def test_density_falls_from_the_centre(land, middles):
    lon, lat = middles
    away = geodesic_distance(lon1=lon, lat1=lat, lon2=DOWNTOWN[0], lat2=DOWNTOWN[1])
    dry = land.district.ravel() >= 0
    people = land.people.ravel()
    rings = [0, 2_000, 4_000, 6_000, 9_000, 13_000]
    density = [
        people[dry & (away >= low) & (away < high)].mean() / CELL_KM2
        for low, high in pairwise(rings)
    ]
    assert all(inner > outer for inner, outer in pairwise(density))
    assert 8_000 < density[0] < 25_000
    assert density[-1] < 1_500


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(117.20, 32.97), (117.88, 33.14), (117.32, 33.32)],
    ids=["怀远", "五河", "固镇"],
)
def test_density_rises_in_the_county_seats(land, middles, lon, lat):
    away = geodesic_distance(lon1=middles[0], lat1=middles[1], lon2=lon, lat2=lat)
    dry = land.district.ravel() >= 0
    people = land.people.ravel()
    assert (
        people[dry & (away < 1_000)].mean()
        > 8 * people[dry & (away > 6_000) & (away < 9_000)].mean()
    )


def test_density_rises_in_each_country_town(land, middles):
    people = land.people.ravel()
    dry = land.district.ravel() >= 0
    usual = np.median(people[dry])
    country = land.towns[~land.towns["urban"] & (land.towns["population"] > 5_000)]
    assert len(country) > 50
    for town in country.itertuples():
        near = (np.abs(middles[0] - town.lon) < 0.003) & (np.abs(middles[1] - town.lat) < 0.003)
        assert people[near & dry].max() > 1.5 * usual


def test_each_street_has_a_middle_in_its_district(land):
    assert len(land.towns) == 87
    outlines = facts.districts().set_index("code").geometry
    for town in land.towns.itertuples():
        assert outlines[town.lies_in].buffer(0.02).contains(shapely.Point(town.lon, town.lat))


def test_what_was_drawn_cannot_be_changed_by_accident(land):
    for array in (land.people, land.district, land.population):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_another_seed_gives_another_land_on_the_same_facts(land):
    other = draw_land(land.seed + 1)
    assert not np.array_equal(other.people, land.people)
    assert not other.river.equals(land.river)
    for column in ("code", "name", "population_2020"):
        assert other.ground[column].equals(land.ground[column])
    assert other.towns["street_code"].equals(land.towns["street_code"])


def test_the_same_seed_gives_the_same_bytes_in_another_process(land, areas, homes):
    here = {"land": land, "areas": areas, "homes": homes}
    exec(PRINT_DIGEST, here)  # noqa: S102 - the same words here as there
    there = subprocess.run(  # noqa: S603 - the test's own interpreter and words
        [sys.executable, "-c", PRINT_DIGEST, str(land.seed)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here["digest"]


def test_a_seed_below_zero_is_refused():
    with pytest.raises(ArgumentError, match="`seed` must be a whole number of at least 0, got -1"):
        draw_land(-1)
