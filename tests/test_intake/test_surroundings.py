"""What a store knows that lists are judged by: codes of now and before, and the areas."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_lists import CODES, became, communities, kept, write
from shapely import Polygon, box

from geo_match.geodesy import geodesic_distance
from geo_match.intake.importing import (
    import_file,
)
from geo_match.intake.surroundings import Surroundings
from geo_match.store import Store


def test_an_old_code_finds_the_community_unless_several_had_it(city, tmp_path):
    around = Surroundings.of(city)
    assert around.context.renumbered == {"340302001901": CODES[0]}
    assert around.context.communities == frozenset(CODES)
    path = write(
        tmp_path / "a.csv",
        "求职编号,社区代码",
        [["A", "340302001901"], ["B", "340302001902"], ["C", CODES[2]], ["D", "340302999999"]],
    )
    report = import_file(path, "seekers", city)
    assert became(report) == (2, 0, 0, 0, 2)
    assert [rejection.row for rejection in report.file.rejections] == [2, 4]
    assert kept(city, fields=["id", "community"]) == [
        {"id": "A", "community": CODES[0]},
        {"id": "C", "community": CODES[2]},
    ]


def test_a_code_of_an_older_list_of_communities_finds_the_newer_one(store, tmp_path):
    header = "社区代码,社区名称,原代码"
    old = [["340302001901", "甲", ""], ["340302001902", "乙", ""], ["340302001903", "丙", ""]]
    import_file(write(tmp_path / "2022.csv", header, old), "communities", store)
    assert Surroundings.of(store).context.renumbered == {}
    new = [
        ["340302001001", "甲", "340302001901"],  # renumbered
        ["340302001002", "乙", "340302001902"],  # renumbered, and its old code given to another
        ["340302001902", "丁", "340302001904"],
        ["340302001903", "丙", "340302001903"],  # as before
    ]
    import_file(write(tmp_path / "2023.csv", header, new), "communities", store)
    context = Surroundings.of(store).context
    assert context.renumbered == {"340302001901": "340302001001", "340302001904": "340302001902"}
    assert context.communities == {code for code, *_ in new}


def test_communities_are_not_judged_by_those_that_are_there(city, tmp_path):
    path = write(
        tmp_path / "a.csv",
        "社区代码,社区名称,原代码",
        [["340302001004", "丁", "340302001904"], [CODES[0], "甲", "340302001901"]],
    )
    assert became(import_file(path, "communities", city)) == (1, 1, 0, 0, 0)
    assert Surroundings.of(city).context.renumbered["340302001904"] == "340302001004"


def spiked():
    """Return a valid area with a spike that has no width once it is rounded."""
    w, s = 117.3, 32.9
    ring = [(w, s), (w + 0.01, s), (w + 0.01, s + 0.01)]
    ring += [(w + 0.005 + 1e-9, s + 0.01), (w + 0.005, s + 0.02), (w + 0.005 - 1e-9, s + 0.01)]
    return Polygon([*ring, (w, s + 0.01)])


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_an_area_that_is_bad_once_rounded_is_rejected_and_the_store_stays_usable(
    store, tmp_path, suffix
):
    assert spiked().is_valid
    turn = np.linspace(0, 2 * np.pi, 200_001)
    fine = Polygon(np.column_stack([117.4 + np.cos(turn) / 100, 32.9 + np.sin(turn) / 100]))
    path = communities(tmp_path / f"a.{suffix}", [spiked(), fine, box(117.5, 32.9, 117.6, 33)])
    report = import_file(path, "communities", store)
    assert became(report) == (1, 0, 0, 0, 2)
    assert [one.row for one in report.file.rejections] == [1, 2]
    assert "valid polygon" in report.file.rejections[0].rule
    assert "at most 200,000 vertices" in report.file.rejections[1].rule
    assert Surroundings.of(store).zones.codes == (CODES[2],)


def test_a_text_of_an_area_has_at_most_the_vertices_that_the_index_takes(store, tmp_path):
    turn = np.linspace(0, 2 * np.pi, 200_001)
    fine = Polygon(np.column_stack([117.4 + np.cos(turn) / 100, 32.9 + np.sin(turn) / 100]))
    text = fine.wkt
    path = tmp_path / "a.ndjson"
    row = {"社区代码": CODES[0], "社区名称": "甲", "area": text}
    path.write_text(json.dumps(row), encoding="utf-8")
    report = import_file(path, "communities", store, datum="wgs84")
    assert [one.rule for one in report.file.rejections] == ["must have at most 200,000 vertices"]


def test_a_bad_area_that_is_in_the_store_is_left_out_and_named(city, tmp_path):
    bad = {
        "id": CODES[:2],
        "name": ["甲", "乙"],
        "area": ["POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "?"],
    }
    city.apply("communities", pa.table(bad), source="old", fields=["area"])
    around = Surroundings.of(city)
    assert len(around.zones) == 1
    path = write(tmp_path / "a.csv", "求职编号,社区代码", [["A", CODES[0]], ["B", CODES[2]]])
    report = import_file(path, "seekers", city)
    assert report.located == {"community_area": 1, "none": 1}
    (warning,) = around.warnings
    assert warning in report.warnings
    assert f"left out, 2 of 3: {CODES[0]} must be a valid polygon, got Self-inter" in warning
    assert f"{CODES[1]} must be a polygon" in warning


POINT = st.tuples(st.floats(-180, 180), st.floats(-89.9, 89.9))


@given(places=st.lists(POINT, min_size=1, max_size=3), spot=POINT)
def test_what_lies_outside_the_vicinity_is_farther_than_50_km_from_all_communities(
    tmp_path_factory, places, spot
):
    lon, lat = (np.array(axis) for axis in zip(*places, strict=True))
    with Store.open(tmp_path_factory.mktemp("a") / "a.db") as opened:
        table = {"id": CODES[: len(places)], "name": ["甲"] * len(places), "lon": lon, "lat": lat}
        opened.apply("communities", pa.table(table), source="a")
        vicinity = Surroundings.of(opened).vicinity
    assert vicinity.holds(lon, lat).all()
    # The spot itself, and places about as far away as the edges are.
    near_lon = np.append(spot[0], np.clip(lon + (spot[0] / 180), -180, 180))
    near_lat = np.append(spot[1], np.clip(lat + (spot[1] / 90), -90, 90))
    out = ~vicinity.holds(near_lon, near_lat)
    for x, y in zip(near_lon[out], near_lat[out], strict=True):
        distance = geodesic_distance(lon1=lon, lat1=lat, lon2=x, lat2=y)
        assert distance.min() > 50_000


def test_a_store_without_places_of_communities_has_no_vicinity(store):
    assert Surroundings.of(store).vicinity is None
