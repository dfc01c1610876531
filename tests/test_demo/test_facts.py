"""The shipped facts: complete, consistent, in the datum they claim, as their sources have them."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

import geo_match as gm
from geo_match.demo import facts

GEOD = Geod(ellps="WGS84")
OFFICIAL_KM2 = 5_952.0


@pytest.fixture(scope="module")
def districts():
    return facts.districts()


@pytest.fixture(scope="module")
def communities():
    return facts.communities()


def area_km2(polygon):
    return abs(GEOD.geometry_area_perimeter(polygon)[0]) / 1e6


def test_there_are_seven_districts_with_the_census_of_the_city(districts):
    assert districts["code"].tolist() == sorted(districts["code"])
    assert dict(zip(districts["name"], districts["population_2020"], strict=True)) == {
        "龙子湖区": 216_875,
        "蚌山区": 447_682,
        "禹会区": 387_664,
        "淮上区": 283_872,
        "怀远县": 935_335,
        "五河县": 523_531,
        "固镇县": 501_449,
    }
    assert districts["population_2020"].sum() == 3_296_408


def test_outlines_are_valid_and_share_their_borders_without_gap_or_overlap(districts):
    assert districts.is_valid.all()
    assert (districts.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(districts.geometry.to_numpy())
    assert shapely.union_all(districts.geometry.to_numpy()).geom_type == "Polygon"


def test_outlines_have_the_official_area_within_a_hundredth(districts):
    assert sum(map(area_km2, districts.geometry)) == pytest.approx(OFFICIAL_KM2, rel=0.01)


def test_the_outlines_are_those_of_the_reference(districts, reference):
    known = gpd.read_file(reference / "boundaries" / "bengbu_districts_wgs84.geojson")
    known = known.set_index(known["adcode"].astype(str))
    for row in districts.itertuples():
        assert row.geometry.equals(known.geometry[row.code])
        assert row.name == known["name"][row.code]


@pytest.mark.parametrize("code", ["340321", "340322", "340323"])
def test_the_outlines_are_in_wgs84_and_not_in_gcj02(districts, reference, code):
    outline = districts.set_index("code").geometry[code].boundary
    amap = gpd.read_file(reference / "boundaries" / "bengbu_gcj02" / f"{code}.geojson")
    lon, lat = shapely.get_coordinates(amap.geometry.to_numpy()).T
    back = gm.to_wgs84(lon=lon, lat=lat, datum="gcj02")
    degrees_off = shapely.distance(outline, shapely.points(*back))
    assert np.median(degrees_off) < 5e-6  # half a metre
    unturned = shapely.distance(outline, shapely.points(lon, lat))
    assert np.median(unturned) > 2e-3  # and taken for GCJ-02 it would be hundreds of metres off


def test_there_are_1157_communities_of_known_kinds_and_districts(communities):
    assert len(communities) == 1_157
    assert communities["code"].is_unique
    assert communities["code"].is_monotonic_increasing
    assert Counter(communities["kind"]) == {"居委会": 279, "村委会": 869, "其他": 9}
    assert communities["street_code"].nunique() == 87
    assert communities.groupby("street_code")["street_name"].nunique().eq(1).all()
    assert Counter(communities["district_code"]) == {
        "340302": 54,
        "340303": 77,
        "340304": 68,
        "340311": 96,
        "340321": 369,
        "340322": 218,
        "340323": 229,
        "340371": 31,
        "340372": 15,
    }
    assert not communities.isna().any(axis=None)


def test_codes_are_built_as_the_national_rules_say(communities):
    assert communities["code"].str.fullmatch(r"3403\d{8}").all()
    assert (communities["code"].str[:9] == communities["street_code"]).all()
    assert (communities["code"].str[:6] == communities["district_code"]).all()
    names = communities["name"]
    village = names.str.contains("村村民委员会|村委会")
    assert (communities["kind"][village] == "村委会").all()
    assert (communities["kind"][names.str.endswith(("居委会", "居民委员会"))] == "居委会").all()


def test_every_community_lies_in_a_district_that_has_an_outline(communities, districts):
    assert set(communities["lies_in"]) == set(districts["code"])
    own = communities["district_code"].isin(districts["code"])
    assert (communities["lies_in"][own] == communities["district_code"][own]).all()
    zones = communities[~own].groupby("district_code")["lies_in"].unique()
    assert {zone: list(codes) for zone, codes in zones.items()} == {
        "340371": ["340304"],
        "340372": ["340302"],
    }


def test_the_communities_are_those_of_the_reference(communities, reference):
    known = pd.read_csv(reference / "admin" / "bengbu_communities.csv", dtype=str)
    known = known.sort_values("code12", ignore_index=True)
    for ours, theirs in (
        *(("code", "code12"), ("name", "name"), ("kind", "kind")),
        *(("street_code", "street_code9"), ("street_name", "street_name")),
        *(("district_code", "district_code6"), ("district_name", "district_name")),
    ):
        assert communities[ours].tolist() == known[theirs].tolist()


def test_renumbered_codes_lead_from_codes_that_are_gone_to_codes_that_are_there(communities):
    renumbered = facts.renumbered()
    assert len(renumbered) == 58
    assert renumbered["old_code"].is_unique
    assert renumbered["new_code"].is_unique
    assert not renumbered["old_code"].isin(communities["code"]).any()
    names = communities.set_index("code")["name"]
    assert (names[renumbered["new_code"]].to_numpy() == renumbered["name"]).all()


def test_renumbered_villages_of_the_zones_came_from_the_district_they_lie_in(communities):
    renumbered = facts.renumbered().set_index("new_code")["old_code"]
    moved = communities[communities["code"].isin(renumbered.index)]
    zones = moved[moved["district_code"].isin(["340371", "340372"])]
    assert len(zones) == 39
    assert (renumbered[zones["code"]].str[:6].to_numpy() == zones["lies_in"]).all()


def test_renumbered_codes_agree_with_another_comparison_of_the_two_years(reference):
    known = pd.read_csv(reference / "admin" / "bengbu_communities.csv", dtype=str)
    known = known[known["code12_2022"].notna() & (known["code12_2022"] != known["code12"])]
    ours = facts.renumbered().set_index("new_code")["old_code"]
    assert len(known) > 50
    assert ours[known["code12"]].tolist() == known["code12_2022"].tolist()


def test_the_huai_is_the_border_between_the_banks(districts):
    line = facts.huai()
    assert line.is_simple
    assert line.coords[0][0] < line.coords[-1][0]
    assert GEOD.geometry_length(line) == pytest.approx(26_900.0, rel=0.01)
    outlines = districts.set_index("code").geometry
    south = shapely.union_all(outlines[["340302", "340303", "340304"]].to_numpy())
    for bank in (outlines["340311"], south):
        assert line.difference(bank.boundary).length < 1e-9


def test_the_huai_is_that_of_the_reference(reference):
    known = gpd.read_file(reference / "boundaries" / "huai_river_urban_reach_wgs84.geojson")
    assert known.geometry.iloc[0].hausdorff_distance(facts.huai()) < 1e-4


@pytest.mark.parametrize("load", [facts.districts, facts.communities, facts.renumbered])
def test_who_changes_what_was_loaded_changes_only_his_own_copy(load):
    mine = load()
    mine["name" if "name" in mine else mine.columns[0]] = "changed"
    assert not load().equals(mine)


def test_the_sources_speak_of_every_file_and_both_licences():
    folder = resources.files(facts)
    sources = folder.joinpath("SOURCES.md").read_text(encoding="utf-8")
    files = [f.name for f in folder.iterdir() if f.name.endswith(("csv", "geojson"))]
    assert len(files) == 5
    assert all(f"`{name}`" in sources for name in files)
    assert "MIT" in sources
    assert "WTFPL" in sources
