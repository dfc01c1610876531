"""A frame as it is: no column lost, what says nothing told once, and not too many sheets."""

from __future__ import annotations

import pandas as pd
import pytest
from test_exchange.test_report_page.pages import Read

from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.report_page.figures import Figures
from geo_match.exchange.report_page.plain import MAIN, plain_table
from geo_match.exchange.report_page.words import Words

_IN = Figures(Words("en"), published=False)


def test_a_wide_frame_is_parted_and_no_column_lost():
    frame = pd.DataFrame({"code": ["a", "b"], "name": ["A", "B"]})
    for at in range(20):
        frame[f"c{at}"] = [at, at + 1]
    frame["on"] = "2025-12-31"
    written = plain_table(_IN, frame.assign(release="internal"), title="plans")
    read = Read(written)
    assert len(read.tables) == 3
    heads = [head for table in read.tables for head in table[0]]
    assert [head for head in heads if head.startswith("c")] == [f"c{at}" for at in range(20)]
    assert all(table[0][:2] == ["Code", "Name"] for table in read.tables)
    assert "On: 2025-12-31" in read.text()
    assert [row["c19"] for row in read.rows() if "c19" in row] == ["19", "20"]


def test_an_empty_frame_has_its_heads():
    read = Read(plain_table(_IN, pd.DataFrame({"code": [], "people": []}), title="x"))
    assert read.tables == [[["Code", "People"]]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_columns_without_any_figure_are_named_once_and_left_out(language):
    plan = pd.DataFrame(
        {
            "code": ["a", "b"],
            "people": [3, 4],
            "stations": pd.array([None, None], dtype="Int64"),
            "seekers_reached_share": [float("nan")] * 2,
            "short_1_name": [None, None],
            "not_given": ["", ""],
            "entities": pd.array([None, 2], dtype="Int64"),
        }
    )
    figures = Figures(Words(language), published=False)
    read = Read(plain_table(figures, plan, title="x"))
    labels = [figures.label(name) for name in ("code", "people", "entities")]
    assert read.tables[0][0] == labels
    names = map(figures.label, ("stations", "seekers_reached_share", "short_1_name"))
    start, between, end = {
        "en": ("Without any figure, and left out: ", ", ", "."),
        "zh": ("没有数字而未列出的：", "、", "。"),
    }[language]
    assert read.text().count(f"{start}{between.join(names)}{end}") == 1
    assert read.text().count("—") == 1  # of the one row that has no entities


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Not given: stations, years of birth, Veterans."),
        ("zh", "未提供：服务网点、人口的出生年份、退役军人。"),
    ],
)
def test_what_was_not_given_is_told_once_in_the_pages_language(language, told):
    missing = "stations, people.birth_year, seekers.veteran"
    plan = pd.DataFrame({"code": ["a", "b"], "people": [3, 4], "not_given": missing})
    read = Read(plain_table(Figures(Words(language), published=False), plan, title="x"))
    assert read.text().count(told) == 1
    assert "people.birth_year" not in read.text()


def test_what_is_the_same_everywhere_is_one_paragraph():
    plan = pd.DataFrame({"code": ["a", "b"], "people": [3, 4], "on": "2025-12-31", "radius_m": 3.0})
    read = Read(plain_table(_IN, plan, title="x"))
    assert "The same in all rows: On: 2025-12-31; Radius, m: 3." in read.text()
    assert read.tags.count("p") == 1


def test_of_many_communities_a_plan_has_its_main_figures_and_says_so():
    names = [*MAIN, *(f"c{at}" for at in range(10))]
    rows = {name: range(1, 301) for name in names}
    plan = pd.DataFrame({"code": [f"{at:03}" for at in range(300)], **rows})
    read = Read(plain_table(_IN, plan, title="x"))
    assert read.tables[0][0] == ["Code", *(_IN.label(name) for name in MAIN)]
    assert [len(table) for table in read.tables] == [301]
    assert "The table has 300 rows, with the main figures alone" in read.text()
    assert "all 20 columns" in read.text()
    few = Read(plain_table(_IN, plan.iloc[:100], title="x"))
    assert [len(table) for table in few.tables] == [101] * 3
    # What has none of them is told whole, however long it is.
    other = plan.drop(columns=list(MAIN))
    assert [len(table) for table in Read(plain_table(_IN, other, title="x")).tables] == [301] * 2


def test_the_main_figures_are_in_the_dictionary():
    assert [name for name in MAIN if find_column(name) is None] == []
