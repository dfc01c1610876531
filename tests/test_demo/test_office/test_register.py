"""Codes and names of communities in the lists."""

from __future__ import annotations

import numpy as np
import pytest

from geo_match.demo import facts

FILES = (
    *("家庭.csv", "求职人员.csv", "工作地点.csv", "服务网点.csv", "社区.csv"),
    *("招聘信息_高德.csv", "招聘信息_百度.csv", "招聘信息_大厅.csv"),
)


@pytest.mark.parametrize("file", FILES)
def test_codes_that_are_not_of_today_are_those_labelled(office, labelled, file):
    code = office.lists[file]["社区代码"].str.strip()
    known, old = code.isin(facts.communities()["code"]), code.isin(facts.renumbered()["old_code"])
    assert set(np.flatnonzero(old)) == labelled(file, "renumbered_code")
    assert set(np.flatnonzero(~known & ~old)) == labelled(file, "unknown_code")


def test_a_renumbered_code_leads_to_the_one_of_today(office):
    labels = office.defects[office.defects["defect"] == "renumbered_code"]
    today = facts.renumbered().set_index("old_code")["new_code"]
    assert (labels["value"].map(today) == labels["truth"]).all()


@pytest.mark.parametrize("file", FILES)
def test_names_are_always_those_of_the_true_code(office, file):
    names = facts.communities().set_index("code")["name"]
    cells = office.lists[file]
    code = cells["社区代码"].str.strip()
    known = code.isin(names.index)
    assert (cells["社区名称"][known].str.strip() == code[known].map(names)).all()


def test_the_names_that_repeat_in_the_city_are_labelled(office, labelled):
    names = office.lists["社区.csv"]["社区名称"]
    shared = facts.communities()["name"].duplicated(keep=False).sum()
    rows = labelled("社区.csv", "repeated_name")
    assert len(rows - labelled("社区.csv", "duplicate_row")) == shared
    assert names.iloc[sorted(rows)].nunique() == 79
