"""The office's lists: all of the clean rows, every defect labelled, nobody real in them."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from geo_match.demo import facts
from geo_match.demo.office import COLUMNS, draw_office, mend
from geo_match.demo.office.defects import DEFECTS, LEAST, REMOVED
from geo_match.demo.people import draw_people
from geo_match.errors import ArgumentError

POSTINGS = ("招聘信息_高德.csv", "招聘信息_百度.csv", "招聘信息_大厅.csv")
LISTS = ("社区.csv", "家庭.csv", "求职人员.csv", "经营实体.csv", "工作地点.csv", *POSTINGS)
ONLY_POSTINGS = {"negative_wage", "reversed_wage", "wage_text", "vacancies_text"}


@pytest.fixture(scope="module")
def other_share(land, areas, homes, work):
    """The labels of the households of a smaller and a larger share of the whole city."""
    labels = []
    for share in (0.04, 0.08):
        people = draw_people(land, areas, homes, share=share)
        office = draw_office(people, work, areas, seed=1)
        defects = office.defects[office.defects["file"] == "家庭.csv"]
        labels.append((set(people.households["id"]), defects))
    return labels


def test_there_is_a_list_of_each_kind(sent):
    assert set(sent.office.lists) == {*LISTS, "服务网点.csv"}


def test_every_header_is_explained(sent):
    assert {file: list(cells) for file, cells in sent.office.lists.items()} == {
        file: list(meanings) for file, meanings in COLUMNS.items()
    }


def test_every_cell_is_text(office):
    for cells in office.lists.values():
        assert all(dtype == "str" for dtype in cells.dtypes)
        assert not cells.isna().any(axis=None)


def test_every_kind_of_defect_occurs_and_is_described(sent):
    assert set(sent.office.defects["defect"]) == set(DEFECTS)


def test_at_least_three_rows_of_a_list_have_each_defect_that_occurs_in_it(sent):
    today = facts.renumbered()["new_code"]
    for (file, defect), n in sent.office.defects.groupby(["file", "defect"]).size().items():
        least = LEAST
        if defect == "renumbered_code":
            # Few stations stand in a community that had another code: of these alone it can be.
            able = mend(sent.office, file)["社区代码"].isin(today).sum()
            least = min(LEAST, able)
        assert n >= least, (file, defect)


def test_large_lists_have_every_defect_of_their_kind(sent):
    by_file = sent.office.defects.groupby("file")["defect"].agg(set)
    points = {name for name in DEFECTS if name not in ONLY_POSTINGS}
    for file in POSTINGS:
        assert by_file[file] == set(DEFECTS) - {"repeated_name", "bad_credit_code"}
    assert by_file["求职人员.csv"] == points - {"repeated_name", "bad_credit_code"}
    assert by_file["家庭.csv"] == points - {
        "repeated_name",
        "bad_credit_code",
        "unknown_occupation",
    }
    assert by_file["工作地点.csv"] == by_file["家庭.csv"]
    assert {"bad_credit_code", "repeated_name", "duplicate_id"} <= by_file["经营实体.csv"]
    assert by_file["社区.csv"] == {
        "renumbered_code",
        "repeated_name",
        "stray_blank",
        "duplicate_row",
    }


def test_one_posting_in_six_has_no_coordinates(sent):
    labels = sent.office.defects
    labels = labels[labels["file"].isin(POSTINGS)]
    missing = labels[labels["defect"] == "missing_coordinates"]
    assert missing["id"].nunique() == round(len(sent.work.jobs) / 6)


def test_rates_are_some_thousandths_to_some_hundredths_of_the_households(office):
    labels = office.defects[office.defects["file"] == "家庭.csv"]
    rate = labels["defect"].value_counts() / len(office.lists["家庭.csv"])
    assert rate.max() < 0.02
    assert 0.02 < labels["row"].nunique() / len(office.lists["家庭.csv"]) < 0.10


def test_a_label_quotes_what_stands_in_the_list(sent):
    for file, labels in sent.office.defects.groupby("file"):
        cells = sent.office.lists[file]
        assert labels["row"].is_monotonic_increasing
        whole_row = labels["column"] == ""
        assert (labels.loc[whole_row, "defect"] == "duplicate_row").all()
        for label in labels[~whole_row].itertuples():
            written = [cells[name].iloc[label.row - 1] for name in label.column.split(", ")]
            assert label.value == (", ".join(written) if any(written) else "")


def test_no_cell_has_two_defects(sent):
    labels = sent.office.defects[~sent.office.defects["defect"].isin(REMOVED)]
    cells = labels.assign(column=labels["column"].str.split(", ")).explode("column")
    assert not cells.duplicated(["file", "row", "column"]).any()


def test_some_rows_have_several_defects(office):
    labels = office.defects[~office.defects["defect"].isin(REMOVED)]
    assert (labels.groupby(["file", "row"]).size() > 1).sum() > 20


def test_truth_differs_from_what_is_written_but_for_names_that_are_only_shared(sent):
    same = sent.office.defects["value"] == sent.office.defects["truth"]
    kinds = set(sent.office.defects.loc[same, "defect"])
    assert kinds == {"repeated_name", "duplicate_row"}


def test_an_unverified_licence_is_no_defect(office, work):
    states = office.lists["经营实体.csv"]["营业执照核验"]
    assert set(states) == {"已核验", "未核验", "已过期"}
    assert "营业执照核验" not in set(office.defects["column"])
    assert (states == "未核验").sum() >= (work.employers["licence"] == "unverified").sum()


def test_the_list_of_communities_has_the_codes_of_2022(office):
    old = facts.renumbered()["old_code"]
    written = office.lists["社区.csv"]["社区代码"].str.strip()
    assert old.isin(written).all()
    assert not facts.renumbered()["new_code"].isin(written).any()


def test_there_is_no_number_that_could_be_a_telephone_or_an_identity_card(office):
    number = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx]|0[0-9]{2,3}-[0-9]{7,8})")
    for file, cells in office.lists.items():
        for column in cells:
            found = cells[column].map(number.search).notna()
            assert not found.any(), (file, column, cells.loc[found, column].iloc[0])
        assert not any(word in "".join(cells) for word in ("电话", "手机", "身份证", "证件"))


def test_no_name_of_the_frames_is_left_in_english(office):
    for file, cells in office.lists.items():
        for column in cells:
            english = cells[column].str.contains("[a-z_]", regex=True)
            assert not english.any(), (file, cells.loc[english, column].iloc[0])


def test_every_invented_name_says_that_it_is_an_example(office):
    invented = {
        "家庭.csv": ["户主姓名"],
        "求职人员.csv": ["姓名"],
        "经营实体.csv": ["单位名称"],
        "工作地点.csv": ["地点名称", "单位名称", "地址"],
        "服务网点.csv": ["网点名称"],
        **{file: ["单位名称", "工作地点"] for file in POSTINGS},
    }
    for file, columns in invented.items():
        for column in columns:
            assert office.lists[file][column].str.contains("示例").all(), (file, column)


def test_lists_come_from_the_seed_alone(office, people, work, areas):
    again = draw_office(people, work, areas, seed=20220512)
    other = draw_office(people, work, areas, seed=1)
    pd.testing.assert_frame_equal(office.defects, again.defects)
    for file, cells in office.lists.items():
        pd.testing.assert_frame_equal(cells, again.lists[file])
        assert not cells.equals(other.lists[file])


@pytest.mark.parametrize(
    "defect",
    [
        *("missing_coordinates", "zero_coordinates", "truncated_coordinates", "wrong_community"),
        *("wrong_datum_declared", "datum_missing", "renumbered_code", "unknown_code"),
        *("full_width_digits", "stray_blank"),
    ],
)
def test_a_household_has_the_same_defects_in_every_share(other_share, defect):
    (fewer, of_fewer), (_, of_more) = other_share
    columns = ["id", "column", "value", "truth"]
    few = of_fewer.loc[(of_fewer["defect"] == defect) & (of_fewer["column"] != "更新时间"), columns]
    many = of_more.loc[(of_more["defect"] == defect) & (of_more["column"] != "更新时间"), columns]
    few, many = few.drop_duplicates(), many[many["id"].isin(fewer)].drop_duplicates()
    in_order = [frame.sort_values(columns, ignore_index=True) for frame in (few, many)]
    if defect == "stray_blank":  # ids that are shared take none
        in_order = [frame[frame["column"] != "家庭编号"] for frame in in_order]
        in_order = [frame.reset_index(drop=True) for frame in in_order]
    pd.testing.assert_frame_equal(*in_order)


def test_a_negative_seed_is_refused(people, work, areas):
    with pytest.raises(ArgumentError, match="seed"):
        draw_office(people, work, areas, seed=-1)


def test_a_community_without_an_area_is_refused(people, work, areas):
    with pytest.raises(ArgumentError, match="340302001001"):
        draw_office(people, work, areas.iloc[1:], seed=1)


def test_empty_frames_and_a_handful_of_rows_have_lists(people, work, areas):
    few = dataclasses.replace(
        people,
        households=people.households.iloc[:2],
        members=people.members[people.members["household"] < 2],
        seekers=people.seekers.iloc[:0],
        key=people.key[:2],
    )
    none = dataclasses.replace(
        work,
        employers=work.employers.iloc[:0],
        sites=work.sites.iloc[:0],
        jobs=work.jobs.iloc[:1],
        stations=work.stations.iloc[:0],
    )
    office = draw_office(few, none, areas, seed=3)
    for file in ("求职人员.csv", "经营实体.csv", "工作地点.csv", "服务网点.csv"):
        assert len(office.lists[file]) == 0
    assert set(office.lists["家庭.csv"]["序号"]) == {"1", "2"}
    assert sum(len(office.lists[file].drop_duplicates("招聘编号")) for file in POSTINGS) == 1
    assert np.isin(office.defects["defect"].unique(), list(DEFECTS)).all()
