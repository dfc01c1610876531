"""Importing: every row becomes one thing, twice is once, and what is refused leaves no trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_lists import CODES, became, kept, write

from geo_match.errors import ArgumentError
from geo_match.intake.importing import import_file
from geo_match.intake.locating import Gazetteer
from geo_match.intake.older import Older
from geo_match.records import RECORDS
from geo_match.records.arrow import type_of
from geo_match.store import Store, record_schema


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


@settings(max_examples=20)  # each imports up to nine lists
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
            assert became(again)[2:] == became(report)[2:]
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


def test_a_dry_run_writes_nothing(store, tmp_path):
    path = write(tmp_path / "a.csv", "求职编号", [["A"]])
    report = import_file(path, "seekers", store, dry_run=True)
    assert became(report) == (1, 0, 0, 0, 0)
    assert kept(store) == []


def test_an_older_version_in_the_same_file_counts_as_stale(store, tmp_path):
    path = write(
        tmp_path / "a.csv",
        "求职编号,版本,姓名",
        [["A", "1", ""], ["A", "2", "李"], ["A", "2", "李"], ["B", "1", "赵"]],
    )
    report = import_file(path, "seekers", store)
    assert became(report) == (2, 0, 1, 1, 0)
    assert report.older_than_row == Older(1, (1,), ("A",))
    assert report.older_than_store == Older()


def test_rows_older_than_the_store_has_are_named_with_their_ids(store, tmp_path):
    newer = [[f"S{at}", "2", "李"] for at in range(12)]
    import_file(write(tmp_path / "new.csv", "求职编号,版本,姓名", newer), "seekers", store)
    older = [["B", "1", "赵"], *([one, "1", name] for one, _, name in newer)]
    path = write(tmp_path / "old.csv", "求职编号,版本,姓名", older)
    report = import_file(path, "seekers", store)
    assert became(report) == (1, 0, 12, 0, 0)
    ids = tuple(f"S{at}" for at in range(10))
    assert report.older_than_store == Older(12, tuple(range(2, 12)), ids)
    assert report.older_than_row == Older()


def test_two_persons_under_one_id_are_rejected_both_whatever_their_days(store, tmp_path):
    path = write(
        tmp_path / "a.csv",
        "求职编号,更新时间,姓名",
        [["A", "2025-03-01", "王"], ["A", "2025-03-02", "李"], ["B", "2025-03-01", "赵"]],
    )
    report = import_file(path, "seekers", store)
    assert became(report) == (1, 0, 0, 0, 2)
    assert [row["id"] for row in kept(store)] == ["B"]


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


def test_an_unknown_kind_is_refused(store, tmp_path):
    with pytest.raises(ArgumentError, match="`kind` must be one of households"):
        import_file(tmp_path / "a.csv", "people", store)


KILLED = """
import sys
from geo_match.intake.importing import judge_file, take_in
from geo_match.store import Store

def watch(n):
    print(n, flush=True)

with Store.open(sys.argv[1]) as opened:
    take_in(judge_file(sys.argv[2], "seekers", opened), opened, watch=watch)
"""


@pytest.mark.parametrize("after", [1, 4, 11])  # of 16 parts
def test_a_kill_in_the_middle_of_an_import_leaves_whole_records_and_it_goes_on(tmp_path, after):
    header = "求职编号,姓名,联系电话"
    before = write(
        tmp_path / "before.csv", header, [[f"P{at}", "王", "13812345678"] for at in range(300)]
    )
    path = write(
        tmp_path / "a.csv", header, [[f"P{at}", "李", "13912345678"] for at in range(8_000)]
    )
    with Store.open(tmp_path / "store.db") as opened:
        import_file(before, "seekers", opened)
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
        rows = opened.read("seekers", fields=["name", "phone"]).to_pylist()
        found = Counter(tuple(row.values()) for row in rows)
        assert set(found) <= {("王", "13812345678"), ("李", "13912345678")}
        assert found["李", "13912345678"] >= 500 * after
        # The import goes on, and tells of the list as if nothing had come in between.
        report = import_file(path, "seekers", opened)
        assert became(report) == (8_000, 0, 0, 0, 0)
        assert set(opened.read("seekers").column("name").to_pylist()) == {"李"}
        assert became(import_file(path, "seekers", opened)) == (0, 8_000, 0, 0, 0)
