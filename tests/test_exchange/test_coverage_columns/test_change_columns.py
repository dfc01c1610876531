"""The words of what changes: every column of what-if, of a difference and of a ranking has its."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from test_coverage.river import town
from test_exchange.test_coverage_columns.test_columns import COMMUNITIES, PEOPLE, SUPPLY

import geo_match as gm
from geo_match.coverage.answers.difference import difference
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.exchange.coverage_columns.columns import find_column, header, known_columns

NEW = [{"id": "N1", "lon": 117.36, "lat": 32.94, "vacancies": 3}]

JOBS = [{**one, "occupation": "4-01"} for one in SUPPLY]


def _options(on_foot):
    quantiles = (0.1, 0.5)
    if on_foot:
        return gm.CoverageOptions(basis="walking", network=town(), quantiles=quantiles)
    return gm.CoverageOptions(competition=gm.coverage.Binary(), quantiles=quantiles)


def _without_words(frame):
    return [name for name in frame if find_column(name, set(frame)) is None]


@pytest.mark.parametrize("on_foot", [False, True])
def test_every_column_of_a_what_if_and_of_a_ranking_has_its_words(on_foot):
    what_if = WhatIf(gm.Coverage(SUPPLY, COMMUNITIES, _options(on_foot)).of(PEOPLE))
    change = what_if.change(add=NEW)
    assert _without_words(change.by("community")) == []
    assert _without_words(what_if.rank(NEW)) == []


@pytest.mark.parametrize("on_foot", [False, True])
def test_every_column_of_a_difference_has_its_words(on_foot):
    before, after = (
        gm.Coverage(supply, COMMUNITIES, _options(on_foot)).of(PEOPLE) for supply in (SUPPLY, NEW)
    )
    assert _without_words(difference(before, after)) == []


def test_every_column_of_a_difference_of_eligibility_and_of_plans_has_its_words():
    options = gm.CoverageOptions(eligible=gm.MatchOptions())
    report = gm.Coverage(SUPPLY, COMMUNITIES, options).of(PEOPLE)
    frame = difference(report, report)
    assert "none_eligible_several_change" in frame
    assert "none_eligible_age_before" in frame
    assert _without_words(frame) == []
    plans = [
        gm.service_plan(COMMUNITIES, gm.PlanOptions(on=dt.date(2025, month, 1)), jobs=JOBS)
        for month in (1, 12)
    ]
    frame = difference(*plans)
    assert "short_1_shortfall_after" in frame
    assert _without_words(frame) == []


@pytest.mark.parametrize(
    ("name", "chinese", "form"),
    [
        ("reached_change", "可达（增减）", "count"),
        ("reached_share_before", "可达占比（变动前）", "share"),
        ("reason_too_few_change", "未达标准：数量不足（增减）", "count"),
        ("distance_p10_m_after", "到足量处距离第10百分位（变动后）", "metres"),
        ("short_2_name_before", "最缺职业2（变动前）", "text"),
    ],
)
def test_a_figure_of_a_change_is_told_by_what_it_is_of(name, chinese, form):
    found = find_column(name)
    assert (found.name, found.chinese, found.form) == (name, chinese, form)
    assert header(name) == f"{chinese}\n{name}"
    assert found.meaning.endswith(".")
    assert found.chinese_meaning.endswith("。")


def test_a_column_of_a_ranking_or_a_difference_has_words_there_alone():
    ranking = {"id", "lon", "lat", "rank", "alone", "added", "reached_total", "reason"}
    difference_ = {"code", "change", "code_before", "area_changed", "before", "after"}
    assert find_column("added", ranking).chinese == "依次新增可达"
    assert find_column("lon", ranking).form == "degrees"
    assert header("reason", ranking) == "无效原因\nreason"
    assert find_column("reason", ranking).chinese_meaning.startswith("步行无人可达的原因：")
    assert header("before", difference_) == "前期\nbefore"
    for name in (ranking | difference_) - {"code", "code_before"}:
        # By which people are told: a column of theirs, whatever it is called.
        of_people = {"kind", "code", name, "people", "reached"}
        assert header(name, of_people) == header(name) == name
    assert header("reason", difference_ | {"reason"}) == "reason"
    assert header("change", ranking | {"change"}) == "change"


def test_what_is_known_of_several_tables_is_what_each_has_of_its_own():
    people = pd.DataFrame(columns=["code", "reason", "people"])
    ranking = pd.DataFrame(columns=["id", "rank", "alone", "added"])
    assert [one.name for one in known_columns([people])] == ["code", "people"]
    assert {one.name for one in known_columns([people, ranking])} == {
        *("code", "people", "id", "rank", "alone", "added")
    }


@pytest.mark.parametrize(
    "name", ["hukou_change", "reached_change_before", "_change", "reached_during", "before_after_"]
)
def test_what_is_no_figures_change_has_no_words(name):
    assert find_column(name) is None


def test_a_change_says_that_it_is_a_difference():
    share = find_column("reached_share_change")
    assert share.meaning == "What it is after, less what it was before. reached / located."
    assert (share.unit, share.chinese_unit) == ("difference of shares, -1 to 1", "占比之差，-1至1")
    assert find_column("reached_share_before").unit == "share, 0 to 1"
