"""Importing: every row becomes one thing, twice is once, and a file goes in whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from geo_match.datums import from_wgs84
from geo_match.errors import ArgumentError
from geo_match.intake import importing
from geo_match.intake.importing import (
    ImportReport,
    SuspicionError,
    UnaccountedRowsError,
    import_file,
)
from geo_match.intake.locating import Gazetteer
from geo_match.intake.surroundings import Surroundings
from geo_match.intake.values.parse import type_of
from geo_match.records import RECORDS
from geo_match.store import Store, record_schema

CODES = ["340302001001", "340302001002", "340302001003"]
BECAME = ("accepted", "unchanged", "stale", "duplicate", "rejected")


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def city(store):
    """Return a store with three communities of 2 km by 2 km, side by side."""
    store.apply(
        "communities",
        pa.table(
            {
                "id": CODES,
                "name": ["甲", "乙", "丙"],
                "district_name": ["龙子湖区"] * 3,
                "previous_code": ["340302001901", "340302001902", "340302001902"],
                "area": [box(117.3 + x, 32.9, 117.32 + x, 32.92).wkt for x in (0, 0.02, 0.04)],
            }
        ),
        source="communities",
    )
    return store


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header.split(","), *rows])
    return path


def kept(store, kind="seekers", fields=("id", "version", "name")):
    return store.read(kind, fields=fields).to_pylist()


def became(report):
    return tuple(getattr(report, name) for name in BECAME)


@pytest.mark.parametrize("kind", RECORDS)
def test_what_is_read_from_a_list_is_what_a_store_takes(kind):
    specs = RECORDS[kind].specs()
    assert record_schema(kind).types == [type_of(spec.about.kind) for spec in specs.values()]


rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", "", "340302199001011236"]),
        st.sampled_from(["1", "2", "", "?"]),
        st.sampled_from(["王", "李"]),
        st.sampled_from(["13812345678", "1381234567"]),
    ),
    min_size=1,
    max_size=8,
)


@given(files=st.lists(rows, min_size=1, max_size=3))
def test_every_row_becomes_one_thing_and_a_second_time_nothing_new(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("lists")
    with Store.open(folder / "store.db") as opened:
        for number, one in enumerate(files):
            path = write(folder / f"{number}.csv", "求职编号,版本,姓名,联系电话", one)
            foreseen = import_file(path, "seekers", opened, dry_run=True)
            report = import_file(path, "seekers", opened)
            assert report.read == sum(map(any, one)) == sum(became(report))
            assert became(report) == became(foreseen)
            after = kept(opened)
            again = import_file(path, "seekers", opened)
            assert again.accepted == 0
            assert again.unchanged == report.accepted + report.unchanged
            assert kept(opened) == after


@given(
    order=st.permutations([0, 1]),
    older=st.sampled_from(
        [("1", ""), ("1", "2025-03-02"), ("2", "2025-02-28"), ("", "2025-02-28")]
    ),
)
def test_two_versions_in_any_order_end_with_the_newer(tmp_path_factory, order, older):
    folder = tmp_path_factory.mktemp("lists")
    newer = ("2" if older[0] else "", "2025-03-01")
    header = "求职编号,版本,更新时间,姓名"
    files = [
        write(folder / "older.csv", header, [("A", *older, "王")]),
        write(folder / "newer.csv", header, [("A", *newer, "李")]),
    ]
    with Store.open(folder / "store.db") as opened:
        reports = [import_file(files[at], "seekers", opened) for at in order]
        assert [row["name"] for row in kept(opened)] == ["李"]
    assert [became(report)[2] for report in reports] == ([0, 0] if order == [0, 1] else [0, 1])


def test_a_dry_run_writes_nothing_and_asks_for_nothing(store, tmp_path):
    path = write(tmp_path / "a.csv", "求职编号", [["A"]])
    report = import_file(path, "seekers", store, dry_run=True, before_writing=pytest.fail)
    assert became(report) == (1, 0, 0, 0, 0)
    assert kept(store) == []


def test_what_is_raised_before_writing_keeps_the_file_out(store, tmp_path):
    def refuse(file):
        assert file.records.num_rows == 1
        raise PermissionError

    path = write(tmp_path / "a.csv", "求职编号", [["A"]])
    with pytest.raises(PermissionError):
        import_file(path, "seekers", store, before_writing=refuse)
    assert kept(store) == []


def test_an_older_version_in_the_same_file_counts_as_stale(store, tmp_path):
    path = write(
        tmp_path / "a.csv",
        "求职编号,版本,姓名",
        [["A", "1", "王"], ["A", "2", "李"], ["A", "2", "李"], ["B", "1", "赵"]],
    )
    assert became(import_file(path, "seekers", store)) == (2, 0, 1, 1, 0)


def test_a_column_that_a_list_has_not_is_kept_and_an_empty_cell_empties(store, tmp_path):
    import_file(
        write(tmp_path / "a.csv", "求职编号,姓名,联系电话", [["A", "王", "13812345678"]]),
        "seekers",
        store,
    )
    import_file(write(tmp_path / "b.csv", "求职编号,姓名", [["A", ""]]), "seekers", store)
    assert kept(store, fields=["name", "phone"]) == [{"name": None, "phone": "13812345678"}]


def test_a_list_that_says_nothing_of_where_leaves_the_place(store, tmp_path):
    given_place = write(
        tmp_path / "a.csv",
        "求职编号,姓名,经度,纬度,坐标系",
        [["A", "王", "117.31", "32.91", "WGS84"]],
    )
    import_file(given_place, "seekers", store)
    report = import_file(
        write(tmp_path / "b.csv", "求职编号,姓名", [["A", "李"]]), "seekers", store
    )
    assert became(report) == (1, 0, 0, 0, 0)
    fields = ["name", "lon", "lat", "datum", "located_by"]
    assert kept(store, fields=fields) == [
        {"name": "李", "lon": 117.31, "lat": 32.91, "datum": "wgs84", "located_by": "given"}
    ]


@pytest.mark.parametrize("header", ["求职编号,社区代码,姓名", "求职编号,地址,姓名"])
def test_a_list_without_coordinates_keeps_the_places_that_were_given(city, tmp_path, header):
    names = Gazetteer(["幸福小区"], lon=[117.305], lat=[32.905], accuracy_m=[150])
    city.set_gazetteer(names.table)
    where = CODES[1] if "社区代码" in header else "幸福小区3栋"
    surveyed = write(
        tmp_path / "a.csv",
        "求职编号,姓名,社区代码,经度,纬度",
        [["A", "王", CODES[1], "117.33123", "32.91234"], ["B", "王", CODES[1], "", ""]],
    )
    import_file(surveyed, "seekers", city, datum="cgcs2000")
    fields = ["id", "lon", "lat", "datum", "located_by", "location_accuracy_m"]
    before = city.read("seekers", fields=fields).to_pylist()
    assert [row["located_by"] for row in before] == ["given", "community_area"]
    later = write(tmp_path / "b.csv", header, [[one, where, "李"] for one in "ABC"])
    foreseen = import_file(later, "seekers", city, dry_run=True)
    report = import_file(later, "seekers", city)
    how = "community_area" if "社区代码" in header else "gazetteer"
    assert became(report) == became(foreseen) == (3, 0, 0, 0, 0)
    assert report.located == foreseen.located == {"given": 1, how: 2}
    assert not any("less exact" in warning for warning in report.warnings)
    after = city.read("seekers", fields=[*fields, "name"]).to_pylist()
    assert after[0] == before[0] | {"name": "李"}
    assert [row["located_by"] for row in after] == ["given", how, how]


def test_a_place_that_gets_less_exact_is_told(city, tmp_path):
    header = "求职编号,社区代码,经度,纬度"
    exact = write(tmp_path / "a.csv", header, [["A", CODES[0], "117.31", "32.91"]])
    import_file(exact, "seekers", city, datum="wgs84")
    coarse = write(tmp_path / "b.csv", header, [["A", CODES[0], "", ""]])
    report = import_file(coarse, "seekers", city, datum="wgs84")
    assert any("1 record that the store had coordinates for" in one for one in report.warnings)


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


def test_rows_without_coordinates_are_located_by_gazetteer_else_by_community(city, tmp_path):
    names = Gazetteer(
        ["幸福小区"], lon=[117.305], lat=[32.905], accuracy_m=[150], communities=[CODES[0]]
    )
    city.set_gazetteer(names.table)
    path = write(
        tmp_path / "a.csv",
        "家庭编号,地址,社区代码,经度,纬度",
        [
            ["G", "胜利路1号", CODES[0], "117.301", "32.901"],
            ["N", "幸福小区3栋", CODES[0], "", ""],
            ["C", "胜利路1号", CODES[1], "", ""],
            ["U", "胜利路1号", "", "", ""],
        ],
    )
    report = import_file(path, "households", city, datum="wgs84")
    assert report.located == {"given": 1, "gazetteer": 1, "community_area": 1, "none": 1}
    read = city.read("households").to_pylist()
    found = {row["id"]: row for row in read}
    assert (found["N"]["lon"], found["N"]["location_accuracy_m"]) == (117.305, 150.0)
    assert found["C"]["lon"] == pytest.approx(117.33)
    assert found["U"]["lon"] is None
    assert [found[key]["located_by"] for key in "GNCU"] == list(report.located)


def drawn_in(code, n, seed):
    """Return n places within a community's area, at least 100 m from its border."""
    rng = np.random.default_rng(seed)
    west = 117.3 + 0.02 * CODES.index(code)
    return rng.uniform(west + 0.001, west + 0.019, n), rng.uniform(32.901, 32.919, n)


def listed(path, datum="wgs84", *, swapped=False, moved=0.0):
    """Write a list of 300 households, their coordinates in a datum, and return its path."""
    listed_rows = []
    for code in CODES:
        lon, lat = from_wgs84(
            **dict(zip(("lon", "lat"), drawn_in(code, 100, 7), strict=True)), datum=datum
        )
        lon = lon + moved
        for at, pair in enumerate(zip(lon, lat, strict=True)):
            x, y = pair[::-1] if swapped else pair
            listed_rows.append([f"{code}-{at}", code, f"{x:.6f}", f"{y:.6f}"])
    return write(path, "家庭编号,社区代码,经度,纬度", listed_rows)


def test_a_file_in_the_datum_that_it_says_goes_in(city, tmp_path):
    path = listed(tmp_path / "a.csv", "gcj02")
    assert became(import_file(path, "households", city, datum="gcj02")) == (300, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("path_of", "told"),
    [
        (lambda path: listed(path, "gcj02"), "GCJ-02"),
        (lambda path: listed(path, "bd09"), "BD-09"),
        (lambda path: listed(path, moved=0.02), "in the area of another community than their code"),
        (lambda path: listed(path, moved=0.5), "in no community's area"),
    ],
)
def test_a_file_that_looks_wrong_as_a_whole_is_refused_unless_it_is_meant(
    city, tmp_path, path_of, told
):
    path = path_of(tmp_path / "a.csv")
    with pytest.raises(SuspicionError, match=f"a.csv` must look right as a whole, got .*{told}"):
        import_file(path, "households", city, datum="wgs84", before_writing=pytest.fail)
    assert city.count("households") == 0
    report = import_file(path, "households", city, datum="wgs84", accept_suspicions=True)
    assert became(report) == (300, 0, 0, 0, 0)
    assert any(told in warning for warning in report.warnings)


@pytest.mark.parametrize("service_area", [None, (117.0, 32.7, 117.8, 33.2)])
def test_a_file_with_its_axes_exchanged_is_refused_though_each_row_is_rejected_for_it(
    city, tmp_path, service_area
):
    path = listed(tmp_path / "a.csv", swapped=True)  # 117 is no latitude
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"right,{CODES[0]},117.31,32.91\n")
    options = {"datum": "wgs84", "service_area": service_area}
    with pytest.raises(SuspicionError, match=r"300 of 301 places look as if .*exchange the two"):
        import_file(path, "households", city, before_writing=pytest.fail, **options)
    assert city.count("households") == 0
    report = import_file(path, "households", city, accept_suspicions=True, **options)
    assert became(report) == (1, 0, 0, 0, 300)
    assert any("300 of 301 places look as if" in warning for warning in report.warnings)


def test_shapes_with_their_axes_exchanged_are_refused(store, tmp_path):
    places = gpd.GeoDataFrame(
        {"家庭编号": ["A", "B", "C"]},
        geometry=gpd.points_from_xy([32.9, 32.9, 117.3], [117.3, 117.3, 32.9]),
    )
    path = tmp_path / "a.geojson"
    path.write_text(places.to_json(), encoding="utf-8")
    with pytest.raises(SuspicionError, match="2 of 3 places look as if longitude and latitude"):
        import_file(path, "households", store)
    assert store.count("households") == 0


def test_axes_exchanged_in_half_of_the_rows_are_told(store, tmp_path):
    header = "家庭编号,经度,纬度"
    half = [["A", "117.301", "32.901"], ["B", "32.901", "117.301"]]
    path = write(tmp_path / "a.csv", header, half)
    report = import_file(path, "households", store, datum="wgs84")
    assert became(report) == (1, 0, 0, 0, 1)
    assert any(
        "1 of 2 places look as if longitude and latitude were exchanged (row 2)" in warning
        for warning in report.warnings
    )
    # Both may be latitudes: the service area tells.
    africa = write(tmp_path / "b.csv", header, [["A", "-10.5", "30.5"], ["B", "-11.5", "31.5"]])
    with pytest.raises(SuspicionError, match="2 of 2 places look as if"):
        import_file(africa, "households", store, datum="wgs84", service_area=(30, -12, 32, -10))


def test_a_file_outside_the_service_area_is_refused_and_few_rows_are_told(store, tmp_path):
    header = "家庭编号,经度,纬度"
    inside, outside = ["A", "117.301", "32.901"], ["B", "118.501", "32.901"]
    area = (117.0, 32.7, 117.8, 33.2)
    bad = write(tmp_path / "bad.csv", header, [outside])
    with pytest.raises(SuspicionError, match=r"1 of 1 place lie outside the service area .*row 1"):
        import_file(bad, "households", store, datum="wgs84", service_area=area)
    good = write(tmp_path / "good.csv", header, [inside, outside])
    report = import_file(good, "households", store, datum="wgs84", service_area=area)
    assert any("1 of 2 places lie outside" in warning for warning in report.warnings)
    with pytest.raises(ArgumentError, match="`service_area` must be four numbers"):
        import_file(good, "households", store, datum="wgs84", service_area=(1, 2, 3))


def test_a_report_that_does_not_add_up_is_never_made(store, tmp_path):
    report = import_file(write(tmp_path / "a.csv", "求职编号", [["A"]]), "seekers", store)
    with pytest.raises(UnaccountedRowsError, match="2 rows were read, but 1 accepted"):
        ImportReport(report.file, 2, 1, 0, 0, 0, 0, {}, ())


def test_rows_that_get_lost_on_the_way_stop_the_import_before_it_writes(
    store, tmp_path, monkeypatch
):
    read = importing.read_records

    def losing(*arguments, **options):
        file = read(*arguments, **options)
        return importing.replace(file, row=file.row[1:], records=file.records.slice(1))

    monkeypatch.setattr(importing, "read_records", losing)
    path = write(tmp_path / "a.csv", "求职编号", [["A"], ["B"]])
    with pytest.raises(UnaccountedRowsError, match="2 rows were read, but 1 became records"):
        import_file(path, "seekers", store)
    assert kept(store) == []


def test_an_unknown_kind_is_refused(store, tmp_path):
    with pytest.raises(ArgumentError, match="`kind` must be one of households"):
        import_file(tmp_path / "a.csv", "people", store)


KILLED = """
import sys
from geo_match.intake.importing import import_file
from geo_match.store import Store, store
store._AT_ONCE = 500

def watch(n):
    print(n, flush=True)

with Store.open(sys.argv[1]) as opened:
    import_file(sys.argv[2], "seekers", opened, watch=watch)
"""


@pytest.mark.parametrize("after", [1, 4, 9, 17, 30])  # of 60 parts
def test_a_kill_in_the_middle_of_an_import_leaves_the_store_as_it_was(tmp_path, after):
    before = write(
        tmp_path / "before.csv", "求职编号,姓名", [[f"P{at}", "王"] for at in range(300)]
    )
    path = write(tmp_path / "a.csv", "求职编号,姓名", [[f"P{at}", "李"] for at in range(30_000)])
    with Store.open(tmp_path / "store.db") as opened:
        import_file(before, "seekers", opened)
        was = opened.read("seekers")
    process = subprocess.Popen(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", KILLED, tmp_path / "store.db", path],
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(after):
        assert process.stdout.readline() == "500\n"
    time.sleep(0.0003 * after)  # somewhere within the next
    os.kill(process.pid, signal.SIGKILL)
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    with Store.open(tmp_path / "store.db", busy_timeout_s=5) as opened:
        assert opened.read("seekers").equals(was)
        report = import_file(path, "seekers", opened)  # and it can be done again
        assert became(report) == (30_000, 0, 0, 0, 0)
        assert opened.count("seekers") == 30_000


def communities(path, areas, codes=CODES):
    """Write a list of communities with shapes, and return its path."""
    frame = gpd.GeoDataFrame({"社区代码": codes[: len(areas)], "社区名称": "甲"}, geometry=areas)
    if path.suffix == ".geojson":
        path.write_text(frame.to_json(), encoding="utf-8")
    elif path.suffix == ".gpkg":
        frame.set_crs(4326).to_file(path)
    else:
        frame.set_crs(4326).to_parquet(path)
    return path


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


def test_communities_whose_areas_overlap_are_named(city, tmp_path):
    # The first one as it was, the second reaches half over the stored third.
    areas = [box(117.3, 32.9, 117.32, 32.92), box(117.33, 32.9, 117.35, 32.92)]
    path = communities(tmp_path / "a.geojson", areas)
    for report in (
        import_file(path, "communities", city, dry_run=True),
        import_file(path, "communities", city),
    ):
        (warning,) = [one for one in report.warnings if "overlap" in one]
        assert warning == (
            "the areas of 1 pair of communities overlap (share of the smaller one): "
            f"{CODES[1]} and {CODES[2]} (50.00%)"
        )
    codes = [f"3403020020{at:02}" for at in range(4)]
    path = communities(tmp_path / "b.geojson", [box(117.5, 32.9, 117.6, 33)] * 4, codes)
    report = import_file(path, "communities", city)
    (warning,) = [one for one in report.warnings if "overlap" in one]
    assert "areas of 6 pairs" in warning
    assert warning.count(" and ") == 5
    assert warning.endswith("(100.00%), …")


def test_a_renumbered_communitys_area_does_not_overlap_that_of_its_old_code(city, tmp_path):
    path = write(
        tmp_path / "a.csv",
        "社区代码,社区名称,原代码,area",
        [["340302001011", "甲", CODES[0], box(117.3, 32.9, 117.32, 32.92).wkt]],
    )
    report = import_file(path, "communities", city, datum="wgs84")
    assert became(report) == (1, 0, 0, 0, 0)
    assert not any("overlap" in warning for warning in report.warnings)


DATA = Path(__file__).parents[2] / "data"
LISTS = {
    "社区.csv": "communities",
    "家庭.csv": "households",
    "经营实体.csv": "employers",
    "工作地点.csv": "sites",
    "招聘信息_大厅.csv": "jobs",
    "招聘信息_百度.csv": "jobs",
    "招聘信息_高德.csv": "jobs",
    "服务网点.csv": "stations",
    "求职人员.csv": "seekers",
}


@pytest.fixture(scope="module")
def defects():
    """Return for each list and defect the rows that have it."""
    rows = defaultdict(set)
    with (DATA / "office" / "defects.csv").open(encoding="utf-8-sig", newline="") as stream:
        for one in csv.DictReader(stream):
            rows[one["file"], one["defect"]].add(int(one["row"]))
    return rows


def test_the_offices_lists_go_in_and_go_in_again_unchanged(store, defects, monkeypatch):
    doubted = []

    def suspect(*arguments, **options):
        doubted.append(importing_suspect(*arguments, **options))
        return doubted[-1]

    importing_suspect = importing.suspect
    monkeypatch.setattr(importing, "suspect", suspect)
    report = import_file(DATA / "communities.parquet", "communities", store)
    assert report.accepted == report.read == store.count("communities")
    assert not any("overlap" in warning for warning in report.warnings)
    assert {DATA / "office" / name for name in LISTS} == {
        path for path in (DATA / "office").glob("*.csv") if path.name != "defects.csv"
    }
    n_kept = Counter(communities=report.accepted)
    for name, kind in LISTS.items():
        path = DATA / "office" / name
        with path.open(encoding="gb18030", newline="") as stream:
            n_rows = sum(1 for _ in csv.reader(stream)) - 1
        doubted.clear()
        report = import_file(path, kind, store)
        rejected = {one.row for one in report.file.rejections}
        assert report.read == sum(became(report)) == n_rows
        assert report.rejected == len(rejected)
        assert report.duplicate == len(defects[name, "duplicate_row"] - rejected)
        assert report.stale == len(defects[name, "stale_version"] - rejected)
        n_kept[kind] += report.accepted
        assert store.count(kind) == n_kept[kind]

        misplaced = set().union(
            *(
                defects[name, defect]
                for defect in ("wrong_community", "wrong_datum_declared", "out_of_area")
            )
        )
        named = set()
        for suspicions in doubted:
            named.update(report.file.row[suspicions.elsewhere | suspicions.nowhere].tolist())
            for mask, told in (
                (suspicions.elsewhere, "in the area of another community"),
                (suspicions.nowhere, "in no community's area"),
            ):
                n = int(mask.sum())
                assert any(
                    one.startswith(f"{n} of ") and told in one for one in report.warnings
                ) == (n > 0)
        gone = {*rejected, *report.file.duplicates.tolist(), *report.file.stale.tolist()}
        assert misplaced - gone <= named

        again = import_file(path, kind, store)
        assert became(again) == (0, report.accepted + report.unchanged, *became(report)[2:])


def test_an_older_list_of_communities_finds_those_that_were_renumbered(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        import_file(DATA / "communities.parquet", "communities", store)
        n = store.count("communities")
        report = import_file(DATA / "office" / "社区.csv", "communities", store)
        assert store.count("communities") == n == 1_157
        assert report.accepted + report.unchanged == 1_157
        again = import_file(DATA / "communities.parquet", "communities", store)
        assert again.accepted == report.accepted


@pytest.mark.reference
def test_the_real_communities_go_in_by_a_mapping_and_find_their_old_codes(reference, tmp_path):
    mapping = tmp_path / "admin.toml"
    mapping.write_text(
        '[columns]\ncode12 = "id"\nname = "name"\nkind = "kind"\nstreet_name = "street_name"\n'
        'district_name = "district_name"\ncode12_2022 = "previous_code"\n',
        encoding="utf-8",
    )
    admin = reference / "admin" / "bengbu_communities.csv"
    with admin.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # The list repeats the code where it did not change; a community's own code is none of before.
    changed = {
        r["code12_2022"]: r["code12"] for r in rows if r["code12_2022"] not in ("", r["code12"])
    }
    listed = tmp_path / "communities.csv"
    with listed.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        for row in rows:
            old = row["code12_2022"] if row["code12_2022"] in changed else ""
            table.writerow(row | {"code12_2022": old})
    with Store.open(tmp_path / "a.db") as store:
        report = import_file(listed, "communities", store, mapping=mapping)
        assert became(report) == (1_157, 0, 0, 0, 0)
        assert became(import_file(listed, "communities", store, mapping=mapping))[1] == 1_157
        around = Surroundings.of(store)
        assert changed
        assert around.context.renumbered == changed
