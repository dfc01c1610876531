"""Wages and vacancies of postings, as offices write them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.office._text import listed
from geo_match.demo.office.wages import state_wages

POSTINGS = pytest.mark.parametrize(
    "file", ["招聘信息_高德.csv", "招聘信息_百度.csv", "招聘信息_大厅.csv"]
)
WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def test_a_wage_is_written_with_what_is_known_of_it():
    low = pd.Series([3000, 18, 120, None, None, 4000], dtype="Int32")
    high = pd.Series([4500, 18, None, 90, None, 3000], dtype="Int32")
    unit = pd.Series(["month", "hour", "day", "day", None, "month"])
    written = listed(state_wages(low, high, unit), np.arange(6))
    assert written == [
        "3000-4500元/月",
        "18元/小时",
        "120元/天",
        "90元/天",
        "面议",
        "4000-3000元/月",
    ]


@POSTINGS
def test_wages_that_cannot_be_are_those_labelled(office, labelled, file):
    wages = office.lists[file]["薪资"].str.translate(WIDE)
    parts = wages.str.extract(r"^(-?)(\d+)(?:-(\d+))?元/(?:月|天|小时)$")
    assert set(np.flatnonzero(wages == "面议")) == labelled(file, "wage_text")
    assert parts[1].notna().equals(wages != "面议")
    assert set(np.flatnonzero(parts[0] == "-")) == labelled(file, "negative_wage")
    reverse = parts[1].astype(float) > parts[2].astype(float)
    assert set(np.flatnonzero(reverse)) == labelled(file, "reversed_wage")


@POSTINGS
def test_words_for_the_number_of_vacancies_are_those_labelled(office, labelled, file):
    written = office.lists[file]["招聘人数"].str.translate(WIDE)
    word = (written != "") & ~written.str.fullmatch(r"\d+")
    assert set(np.flatnonzero(word)) == labelled(file, "vacancies_text")
    truths = office.defects[
        (office.defects["file"] == file) & (office.defects["defect"] == "vacancies_text")
    ]["truth"]
    assert (truths == "").any()  # nobody counted them
    assert (truths != "").any()


@POSTINGS
def test_education_and_ages_are_written_in_words(office, file):
    cells = office.lists[file]
    assert set(cells["学历要求"]) <= {
        *("不限", "小学", "初中", "高中", "中专", "大专", "本科及以上", "研究生及以上")
    }
    assert {"不限", "高中", "大专"} <= set(cells["学历要求"])
    ages = cells["年龄要求"]
    assert ages.str.fullmatch(r"不限|\d+-\d+岁|\d+岁以[上下]").all()
