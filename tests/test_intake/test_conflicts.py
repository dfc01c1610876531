"""A row that contradicts a record which is as new is rejected: importing again changes nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_lists import became, kept, write

from geo_match.datums import to_wgs84
from geo_match.intake.chinese import in_chinese
from geo_match.intake.importing import import_file, judge_file, take_in
from geo_match.store import Store

HEADER = "求职编号,版本,更新时间,姓名"
FIELDS = ("id", "version", "updated_at", "name")


def test_a_list_that_was_not_mended_changes_nothing_when_it_comes_again(store, tmp_path):
    first = write(tmp_path / "a.csv", HEADER, [["A", "1", "", "王"], ["B", "1", "", "李"]])
    second = write(tmp_path / "b.csv", HEADER, [["A", "1", "", "汪"], ["B", "2", "", "黎"]])
    assert became(import_file(first, "seekers", store)) == (2, 0, 0, 0, 0)
    assert became(import_file(second, "seekers", store)) == (1, 0, 0, 0, 1)
    after = kept(store)
    assert [row["name"] for row in after] == ["王", "黎"]
    assert became(import_file(first, "seekers", store)) == (0, 1, 1, 0, 0)
    assert became(import_file(second, "seekers", store)) == (0, 1, 0, 0, 1)
    assert kept(store) == after


@pytest.mark.parametrize(
    ("stored", "arriving", "named"),
    [
        (["A", "2", "", "王"], ["A", "２", "", "李"], ("版本", "２")),
        (["A", "2", "2025-03-01", "王"], ["A", "2", "", "李"], ("版本", "2")),
        (["A", "", "2025-03-01", "王"], ["A", "", "2025/3/1", "李"], ("更新时间", "2025/3/1")),
        (["A", "2", "2025-03-01", "王"], ["A", "", "2025-03-01", "李"], ("更新时间", "2025-03-01")),
        (["A", "2", "2025-03-01", "王"], ["A", "2", "2025-03-01", ""], ("版本", "2")),
    ],
)
def test_a_contradiction_names_row_field_value_rule_and_remedy(
    store, tmp_path, stored, arriving, named
):
    import_file(write(tmp_path / "a.csv", HEADER, [stored]), "seekers", store)
    path = write(tmp_path / "b.csv", HEADER, [["N", "1", "", "赵"], [], arriving])
    foreseen = import_file(path, "seekers", store, dry_run=True)
    report = import_file(path, "seekers", store)
    assert foreseen.file.rejections == report.file.rejections
    assert became(report) == (1, 0, 0, 0, 1)
    (one,) = report.file.rejections
    assert (one.row, one.field, one.value) == (3, *named)
    assert one.rule == "must differ from that of the record in the store, which says otherwise"
    assert "give this one a later" in one.remedy
    assert report.file.row.tolist() == [1]
    assert report.file.n_rejected == 1
    assert report.located == {"none": 1}
    assert kept(store)[0]["name"] == "王"


def test_a_contradiction_in_a_file_of_json_is_named(store, tmp_path):
    for name, line in (("a", {"姓名": "王"}), ("b", {"姓名": "李"})):
        path = tmp_path / f"{name}.ndjson"
        path.write_text(json.dumps({"求职编号": "A", "版本": 3} | line), encoding="utf-8")
        report = import_file(path, "seekers", store)
    (one,) = report.file.rejections
    assert (one.row, one.field, one.value) == (1, "版本", "3")


def test_a_contradiction_that_came_up_after_the_list_was_judged_is_rejected_too(store, tmp_path):
    path = write(tmp_path / "a.csv", HEADER, [["A", "1", "", "王"], ["B", "1", "", "李"]])
    judged = judge_file(path, "seekers", store)
    other = write(tmp_path / "b.csv", HEADER, [["A", "1", "", "汪"]])
    import_file(other, "seekers", store)
    report = take_in(judged, store)
    assert became(report) == (1, 0, 0, 0, 1)
    assert [one.row for one in report.file.rejections] == [1]
    assert [row["name"] for row in kept(store)] == ["汪", "李"]


def test_where_nothing_can_be_compared_the_later_arrival_wins_and_dated_records_are_counted(
    store, tmp_path
):
    dated = write(
        tmp_path / "a.csv",
        HEADER,
        [["A", "1", "", "王"], ["B", "", "2025-03-01", "李"], ["C", "", "", "赵"]],
    )
    undated = write(
        tmp_path / "b.csv", "求职编号,姓名", [["A", "汪"], ["B", "李"], ["C", "兆"], ["D", "钱"]]
    )
    import_file(dated, "seekers", store)
    report = import_file(undated, "seekers", store)
    assert became(report) == (3, 1, 0, 0, 0)
    (told,) = [one for one in report.warnings if "dated records" in one]
    assert told.endswith("since the later arrival counts as the newer: 1 row")
    # The dated row does not turn it back: it is as new, and says otherwise.
    assert became(import_file(dated, "seekers", store)) == (1, 1, 0, 0, 1)
    assert [row["name"] for row in kept(store)] == ["汪", "李", "赵", "钱"]


@pytest.mark.parametrize(
    ("kind", "said", "rule"),
    [
        ("jobs", "最低工资,最高工资=3000,4000 最低工资=5000", "lower wage before the higher"),
        ("jobs", "最低工资,最高工资=3000,4000 最高工资=2000", "lower wage before the higher"),
        ("jobs", "最小年龄,最大年龄=20,40 最小年龄=50", "lower age before the higher"),
        ("jobs", "发布日期,截止日期=2025-03-01,2025-04-01 发布日期=2025-05-01", "close before"),
        (
            "seekers",
            "登记日期,注销日期=2025-03-01,2025-04-01 登记日期=2025-05-01",
            "closed before",
        ),
        ("households", "家庭人口,劳动年龄人口=4,2 家庭人口=1", "members of working age"),
    ],
)
def test_what_breaks_a_rule_beside_what_the_store_has_is_rejected(
    store, tmp_path, kind, said, rule
):
    (many, values), (header, value) = (one.split("=") for one in said.split())
    name = {"jobs": "编号,岗位", "seekers": "求职编号,姓名", "households": "户编号,户主"}[kind]
    rows = [["A", "甲", *values.split(",")], ["B", "乙", *values.split(",")]]
    import_file(write(tmp_path / "a.csv", f"{name},{many}", rows), kind, store)
    before = store.read(kind).to_pylist()
    rest = [["A", "丙", value], ["N", "丁", value]]
    path = write(tmp_path / "b.csv", f"{name},{header}", rest)
    foreseen = import_file(path, kind, store, dry_run=True)
    report = import_file(path, kind, store)
    assert foreseen.file.rejections == report.file.rejections
    assert became(report) == (1, 0, 0, 0, 1)
    (one,) = report.file.rejections
    assert (one.row, one.field, one.value) == (1, header, value)
    assert rule in one.rule
    for told in (one.rule, one.remedy):
        assert in_chinese(told) != told
    assert [row for row in store.read(kind).to_pylist() if row["id"] != "N"] == before
    assert store.verify().is_sound
    (tmp_path / "c.csv").write_text(f"{name},{many}\nA,丙,{values}\n", encoding="utf-8")
    assert became(import_file(tmp_path / "c.csv", kind, store)) == (1, 0, 0, 0, 0)


def placed(store):
    """Return the datum, longitude and latitude of each record."""
    return kept(store, fields=("datum", "lon", "lat"))


@pytest.mark.parametrize("versioned", ["版本,1", "更新时间,2025-03-01"])
def test_a_list_that_came_in_the_wrong_datum_is_corrected_only_where_that_is_said(
    store, tmp_path, versioned
):
    header, said = versioned.split(",")
    path = write(
        tmp_path / "a.csv", f"求职编号,{header},经度,纬度", [["A", said, "117.3898", "32.9167"]]
    )
    import_file(path, "seekers", store, datum="wgs84")
    wrong = placed(store)
    assert became(import_file(path, "seekers", store, datum="gcj02")) == (0, 0, 0, 0, 1)
    assert placed(store) == wrong
    foreseen = import_file(path, "seekers", store, datum="gcj02", correct=True, dry_run=True)
    assert became(foreseen) == (1, 0, 0, 0, 0)
    assert placed(store) == wrong
    report = import_file(path, "seekers", store, datum="gcj02", correct=True)
    assert became(report) == (1, 0, 0, 0, 0)
    assert not any("dated records" in one for one in report.warnings)
    lon, lat = to_wgs84(lon=117.3898, lat=32.9167, datum="gcj02")
    (found,) = placed(store)
    assert found["datum"] == "gcj02"
    assert (found["lon"], found["lat"]) == pytest.approx((float(lon), float(lat)), abs=1e-9)
    again = import_file(path, "seekers", store, datum="gcj02", correct=True)
    assert became(again) == (0, 1, 0, 0, 0)


def test_older_rows_stay_stale_where_a_list_corrects(store, tmp_path):
    first = write(tmp_path / "a.csv", HEADER, [["A", "2", "", "王"], ["B", "2", "", "李"]])
    second = write(tmp_path / "b.csv", HEADER, [["A", "1", "", "汪"], ["B", "2", "", "黎"]])
    import_file(first, "seekers", store)
    assert became(import_file(second, "seekers", store, correct=True)) == (1, 0, 1, 0, 0)
    assert [row["name"] for row in kept(store)] == ["王", "黎"]


def test_a_contradiction_names_the_option_that_takes_it_in_both_languages(store, tmp_path):
    for name in ("王", "李"):
        path = write(tmp_path / f"{name}.csv", HEADER, [["A", "1", "", name]])
        report = import_file(path, "seekers", store)
    (one,) = report.file.rejections
    assert "import it with --correct" in one.remedy
    assert "请加 --correct 导入" in in_chinese(one.remedy)


dated_rows = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["2025-03-01", "2025-03-02"]),
        st.sampled_from(["王", "李", ""]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20)  # each imports up to nine lists
@given(files=st.lists(dated_rows, min_size=1, max_size=3), has=st.sampled_from(["both", "t", "v"]))
def test_dated_lists_that_come_again_in_any_company_change_nothing(tmp_path_factory, files, has):
    folder = tmp_path_factory.mktemp("lists")
    paths = []
    for number, rows in enumerate(files):
        said = [
            (key, "" if has == "t" else version, "" if has == "v" else moment, name)
            for key, version, moment, name in rows
        ]
        paths.append(write(folder / f"{number}.csv", HEADER, said))
    with Store.open(folder / "store.db") as opened:
        for path in paths:
            import_file(path, "seekers", opened)
        after = kept(opened, fields=FIELDS)
        for path in paths:
            foreseen = import_file(path, "seekers", opened, dry_run=True)
            report = import_file(path, "seekers", opened)
            assert report.accepted == 0
            assert became(report) == became(foreseen)
            assert report.read == sum(became(report))
            named = {one.row for one in report.file.rejections}
            assert len(named) == report.rejected
        assert kept(opened, fields=FIELDS) == after
