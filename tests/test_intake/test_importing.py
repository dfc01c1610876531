"""Importing: every row becomes one thing, twice is once, and a file goes in whole or not at all."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

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


def test_a_file_with_its_axes_exchanged_goes_nowhere(city, tmp_path):
    path = listed(tmp_path / "a.csv", swapped=True)
    report = import_file(
        path, "households", city, datum="wgs84", service_area=(117.0, 32.7, 117.8, 33.2)
    )
    assert report.rejected == 300  # 117 is no latitude: each row says so
    assert city.count("households") == 0


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


def test_the_offices_lists_go_in_and_go_in_again_unchanged(store):
    office = Path(__file__).parents[2] / "data" / "office"
    for name, kind in (("家庭.csv", "households"), ("经营实体.csv", "employers")):
        report = import_file(office / name, kind, store)
        again = import_file(office / name, kind, store)
        assert report.accepted > 0.95 * (report.read - report.duplicate)
        assert (again.accepted, again.unchanged) == (0, report.accepted)
        assert again.read == report.read == sum(became(again))
