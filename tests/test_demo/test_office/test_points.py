"""Points in the lists: read as declared, all lie where their code says but for those labelled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geo_match.datums import to_wgs84
from geo_match.demo import facts
from geo_match.demo.office.points import DATUM_WORDS

FILES = (
    *("家庭.csv", "求职人员.csv", "工作地点.csv", "服务网点.csv"),
    *("招聘信息_高德.csv", "招聘信息_百度.csv", "招聘信息_大厅.csv"),
)
ASTRAY = ("wrong_community", "wrong_datum_declared", "out_of_area", "truncated_coordinates")

ROUNDED = 2e-6
"""Degrees by which writing six decimals may move a point out of its area."""


@pytest.fixture(scope="module", params=FILES)
def read(request, office, areas):
    """A list with WGS-84 points where the cells give a datum and coordinates in range."""
    cells = office.lists[request.param]
    lon, lat = (pd.to_numeric(cells[name].replace("", None)) for name in ("经度", "纬度"))
    cells = cells.assign(lon=lon, lat=lat)
    usable = (cells["坐标系"] != "") & lon.notna() & (lat < 90) & (lon != 0)
    for word, datum in DATUM_WORDS.items():
        here = usable & (cells["坐标系"] == word)
        cells.loc[here, "lon"], cells.loc[here, "lat"] = to_wgs84(
            lon=lon[here], lat=lat[here], datum=datum
        )
    renumbered = facts.renumbered().set_index("old_code")["new_code"]
    code = cells["社区代码"].str.strip()
    row = areas.set_index("code").index.get_indexer(code.map(renumbered).fillna(code))
    away = np.full(len(cells), np.nan)
    known = usable.to_numpy() & (row >= 0)
    area = areas.geometry.to_numpy()[row[known]]
    points = shapely.points(cells["lon"][known], cells["lat"][known])
    away[known] = shapely.distance(area, points)
    return request.param, cells.assign(away=away)


def test_a_point_outside_the_area_of_its_code_is_labelled(read, labelled):
    file, cells = read
    outside = set(np.flatnonzero(cells["away"] > ROUNDED))
    assert outside <= labelled(file, *ASTRAY)
    unknown = labelled(file, "unknown_code")
    shows = labelled(file, "wrong_community", "wrong_datum_declared", "out_of_area") - unknown
    assert shows <= set(np.flatnonzero(cells["away"] > 1e-4))


def test_cells_without_coordinates_or_datum_are_those_labelled(read, labelled):
    file, cells = read
    assert (cells["经度"] == "").equals(cells["纬度"] == "")
    missing = set(np.flatnonzero(cells["经度"] == ""))
    assert missing == labelled(file, "missing_coordinates")
    assert set(np.flatnonzero(cells["坐标系"] == "")) == labelled(file, "datum_missing")


def test_zero_and_exchanged_axes_are_those_labelled(read, labelled):
    file, cells = read
    lon, lat = (pd.to_numeric(cells[name].replace("", None)) for name in ("经度", "纬度"))
    assert set(np.flatnonzero((lon == 0) & (lat == 0))) == labelled(file, "zero_coordinates")
    assert set(np.flatnonzero(lat > 90)) == labelled(file, "swapped_axes")


def test_coordinates_of_two_decimals_are_those_labelled(read, labelled):
    file, cells = read
    coarse = cells["经度"].str.fullmatch(r"\d+\.\d\d") & cells["纬度"].str.fullmatch(r"\d+\.\d\d")
    assert set(np.flatnonzero(coarse)) == labelled(file, "truncated_coordinates")


def test_points_far_from_the_city_are_those_labelled(read, labelled):
    file, cells = read
    lon, lat = (pd.to_numeric(cells[name].replace("", None)) for name in ("经度", "纬度"))
    placed = lon.notna() & (lon != 0) & (lat < 90)
    here = lon.between(116.6, 118.2) & lat.between(32.6, 33.7)
    assert set(np.flatnonzero(placed & ~here)) == labelled(file, "out_of_area")


def test_each_source_of_postings_has_its_datum_and_the_rest_mix_them(office):
    words = {file: office.lists[file]["坐标系"].value_counts(normalize=True) for file in FILES}
    assert words["招聘信息_高德.csv"]["高德"] > 0.97
    assert words["招聘信息_百度.csv"]["百度"] > 0.97
    assert words["招聘信息_大厅.csv"][["CGCS2000", "2000国家大地坐标系"]].sum() > 0.97
    assert words["家庭.csv"][list(DATUM_WORDS)].min() > 0.02


def test_a_wrong_datum_is_told_in_the_word_or_in_the_numbers(office):
    labels = office.defects[office.defects["defect"] == "wrong_datum_declared"]
    assert (labels["column"] == "坐标系").all()
    amap = labels[labels["file"].str.contains("高德|百度")]
    usual = amap["file"].str.slice(5, 7)
    assert (amap["value"] == usual).any()  # numbers of another datum
    assert (amap["truth"] == usual).any()  # another word
    meant = labels["value"].map(DATUM_WORDS) != labels["truth"].map(DATUM_WORDS)
    assert meant.all()
