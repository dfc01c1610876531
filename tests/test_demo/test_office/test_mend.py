"""The way back: with every truth put in, the lists are the clean frames again.

So it is for the lists of four districts and for those of the one that ship.
"""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest

from geo_match.datums import to_wgs84
from geo_match.demo.office import mend
from geo_match.demo.office.points import DATUM_WORDS

POSTINGS = ("招聘信息_高德.csv", "招聘信息_百度.csv", "招聘信息_大厅.csv")


@pytest.fixture(scope="module")
def mended(sent):
    lists = {file: mend(sent.office, file) for file in sent.office.lists}
    lists["招聘信息"] = (
        pd.concat([lists[file] for file in POSTINGS]).set_index("招聘编号").sort_index()
    )
    return lists


def lonlat(cells):
    """Return the coordinates of mended cells in WGS-84 by the datum that each row declares."""
    lon, lat = (cells[name].astype(float).to_numpy(copy=True) for name in ("经度", "纬度"))
    for word, datum in DATUM_WORDS.items():
        here = (cells["坐标系"] == word).to_numpy()
        lon[here], lat[here] = to_wgs84(lon=lon[here], lat=lat[here], datum=datum)
    assert cells["坐标系"].isin(list(DATUM_WORDS)).all()
    return lon, lat


def assert_same_places(cells, frame):
    lon, lat = lonlat(cells)
    assert np.abs(lon - frame.geometry.x.to_numpy()).max() < 1e-5
    assert np.abs(lat - frame.geometry.y.to_numpy()).max() < 1e-5


@pytest.mark.parametrize(
    ("file", "frame"),
    [
        ("家庭.csv", lambda people, _: people.households),
        ("求职人员.csv", lambda people, _: people.seekers),
        ("工作地点.csv", lambda _, work: work.sites),
        ("服务网点.csv", lambda _, work: work.stations),
    ],
)
def test_mended_rows_have_the_ids_codes_and_places_of_the_clean_frame(mended, sent, file, frame):
    cells, clean = mended[file], frame(sent.people, sent.work)
    assert cells.iloc[:, 1].tolist() == clean["id"].tolist()
    assert cells["社区代码"].tolist() == clean["community"].tolist()
    assert_same_places(cells, clean)


def test_mended_postings_are_the_clean_ones(mended, sent):
    cells, clean = mended["招聘信息"], sent.work.jobs.set_index("id").sort_index()
    assert cells.index.tolist() == clean.index.tolist()
    assert cells["社区代码"].tolist() == clean["community"].tolist()
    assert cells["职业代码"].tolist() == clean["occupation"].astype("str").fillna("").tolist()
    assert cells["岗位名称"].tolist() == clean["title"].tolist()
    assert_same_places(cells, clean)
    vacancies = clean["vacancies"].astype("object").map(lambda n: "" if pd.isna(n) else str(n))
    assert cells["招聘人数"].tolist() == vacancies.tolist()


@pytest.mark.parametrize("column", ["发布日期", "更新时间"])
def test_mended_days_are_the_clean_ones(mended, sent, column):
    clean = sent.work.jobs.set_index("id").sort_index()
    clean = clean[{"发布日期": "opened_on", "更新时间": "updated_on"}[column]]
    parts = mended["招聘信息"][column].str.extract(r"^(\d{4})\D(\d{1,2})\D(\d{1,2})日?$")
    days = pd.to_datetime(parts.set_axis(["year", "month", "day"], axis=1).astype(int))
    assert (days.to_numpy() == clean.to_numpy()).all()


def test_mended_wages_are_the_clean_ones(mended, sent):
    clean = sent.work.jobs.set_index("id").sort_index()
    parts = mended["招聘信息"]["薪资"].str.extract(r"^(\d+)(?:-(\d+))?元/(月|天|小时)$")
    assert (parts[0].astype(int) == clean["wage_low_cny"]).all()
    assert (parts[1].fillna(parts[0]).astype(int) == clean["wage_high_cny"]).all()
    unit = parts[2].map({"月": "month", "天": "day", "小时": "hour"})
    assert unit.tolist() == clean["wage_unit"].tolist()


def test_mended_households_have_their_clean_counts(mended, sent):
    cells, clean = mended["家庭.csv"], sent.people.households
    assert cells["人口数"].astype(int).tolist() == clean["members"].tolist()
    workers = sent.people.members.groupby("household")["working_age"].sum()
    assert cells["劳动年龄人数"].astype(int).tolist() == workers.tolist()
    assert ((cells["是否零就业家庭"] == "是") == clean["zero_employment"]).all()


def test_mended_employers_and_communities_are_the_clean_ones(mended, sent, areas):
    cells = mended["经营实体.csv"]
    for column, name in {
        "单位编号": "id",
        "单位名称": "name",
        "统一社会信用代码": "credit_code",
    }.items():
        assert cells[column].tolist() == sent.work.employers[name].tolist()
    cells = mended["社区.csv"]
    assert cells["社区代码"].tolist() == areas["code"].tolist()
    assert cells["社区名称"].tolist() == areas["name"].tolist()


def test_mended_cells_are_narrow_and_without_blanks_around_them(mended):
    for cells in mended.values():
        for column in cells:
            assert cells[column].eq(cells[column].str.strip()).all()
            digits = cells[column].str.contains("[０-９]", regex=True)
            assert not digits.any(), unicodedata.name(cells.loc[digits, column].iloc[0][0])
