"""Rows that repeat others: what is a copy, what is older, and what only took an id."""

from __future__ import annotations

import pandas as pd
import pytest

IDS = {
    "家庭.csv": "家庭编号",
    "求职人员.csv": "求职编号",
    "经营实体.csv": "单位编号",
    "工作地点.csv": "地点编号",
    "招聘信息_高德.csv": "招聘编号",
    "招聘信息_百度.csv": "招聘编号",
    "招聘信息_大厅.csv": "招聘编号",
}
LISTS = pytest.mark.parametrize(("file", "id_column"), IDS.items())


def days(written):
    parts = written.str.extract(r"^(\d{4})\D(\d{1,2})\D(\d{1,2})日?$")
    return pd.to_datetime(parts.set_axis(["year", "month", "day"], axis=1).astype(int))


@pytest.mark.parametrize("file", [*IDS, "社区.csv", "服务网点.csv"])
def test_copies_are_those_labelled_and_stand_below_what_they_copy(office, labelled, file):
    cells = office.lists[file]
    copies = set(cells.index[cells.duplicated()])
    assert copies == labelled(file, "duplicate_row")


def test_a_copy_has_the_labels_of_what_it_copies(office):
    for file, labels in office.defects.groupby("file"):
        cells = office.lists[file]
        of_row = labels.groupby("row")["defect"].agg(sorted)
        first = cells.reset_index().groupby(list(cells))["index"].transform("min") + 1
        for row in labels.loc[labels["defect"] == "duplicate_row", "row"]:
            expected = sorted([*of_row.get(first[row - 1], []), "duplicate_row"])
            assert of_row[row] == expected


@LISTS
def test_an_id_occurs_again_only_in_labelled_rows(office, labelled, file, id_column):
    ids = office.lists[file][id_column].str.strip()
    again = set(ids.index[ids.duplicated()])
    assert again == labelled(file, "duplicate_row", "duplicate_id", "stale_version")


@LISTS
def test_an_older_version_stands_below_the_newer_and_says_otherwise(office, file, id_column):
    cells = office.lists[file]
    stale = office.defects[
        (office.defects["file"] == file) & (office.defects["defect"] == "stale_version")
    ]
    older = cells.iloc[stale["row"] - 1].set_index(stale["id"])
    ids = cells[id_column].str.strip()
    current = cells[~cells.index.isin(stale["row"] - 1)]
    newer = current[ids[current.index].isin(stale["id"])].drop_duplicates(id_column)
    newer = newer.reset_index().set_index(id_column).loc[older.index]
    assert (newer["index"].to_numpy() < stale["row"].to_numpy() - 1).all()
    assert (days(older["更新时间"]).to_numpy() < days(newer["更新时间"]).to_numpy()).all()
    assert stale["truth"].tolist() == newer["更新时间"].tolist()
    others = [name for name in cells if name not in {id_column, "更新时间"}]
    assert (older[others].to_numpy() != newer[others].to_numpy()).any(axis=1).all()


@LISTS
def test_whoever_took_an_id_was_updated_on_the_same_day_as_its_owner(office, file, id_column):
    cells = office.lists[file]
    labels = office.defects[(office.defects["file"] == file)]
    taken = labels[labels["defect"] == "duplicate_id"]
    takers = cells.iloc[taken["row"] - 1]
    ids = cells[id_column].str.strip()
    owner = [ids.index[ids == value][0] for value in taken["value"]]
    assert (takers[id_column].to_numpy() == taken["value"].to_numpy()).all()
    assert (taken["truth"] == taken["id"]).all()
    assert (takers.index > owner).all()
    assert (days(takers["更新时间"]).to_numpy() == days(cells["更新时间"][owner]).to_numpy()).all()


def test_an_older_posting_was_not_updated_before_it_was_published(office):
    for file in IDS:
        if "招聘" not in file:
            continue
        stale = office.defects[
            (office.defects["file"] == file) & (office.defects["defect"] == "stale_version")
        ]
        older = office.lists[file].iloc[stale["row"] - 1]
        assert (days(older["更新时间"]) >= days(older["发布日期"])).all()
