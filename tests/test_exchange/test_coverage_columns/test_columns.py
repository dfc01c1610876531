"""The data dictionary: every column that coverage gives has its words."""

from __future__ import annotations

import pytest
from test_coverage.river import town

import geo_match as gm
from geo_match.coverage.answers.reasons import REASONS
from geo_match.exchange.coverage_columns.columns import COLUMNS, find_column, header, known_columns
from geo_match.matching import CONDITIONS

AREA = "POLYGON ((117.35 32.9, 117.4 32.9, 117.4 32.95, 117.35 32.95, 117.35 32.9))"
COMMUNITIES = [{"code": "340302001001", "name": "东风社区", "area": AREA}]
PEOPLE = [
    {"id": f"H{n}", "lon": 117.37, "lat": 32.93, "weight": 20, "zero_employment": n == 1}
    for n in range(3)
]
SUPPLY = [{"id": "J1", "lon": 117.38, "lat": 32.92, "vacancies": 2}]


def full_report():
    """Return a report with every option that adds columns; eligibility has no competition."""
    options = gm.CoverageOptions(
        competition=gm.coverage.Binary(), edge_effect=True, quantiles=(0.125, 0.5, 1)
    )
    return gm.Coverage(SUPPLY, COMMUNITIES, options).of(PEOPLE)


@pytest.mark.parametrize("by", ["community", "street", "district", "city", "h3"])
def test_every_column_of_a_report_has_its_words(by):
    frame = full_report().by(by)
    assert [name for name in frame.columns if find_column(name) is None] == []
    assert [one.name for one in known_columns([frame, frame])] == list(frame.columns)


def test_every_column_by_eligibility_has_its_words():
    options = gm.CoverageOptions(eligible=gm.MatchOptions(), quantiles=(0.1, 0.5))
    people = [{**one, "community": "340302001001"} for one in PEOPLE]
    report = gm.Coverage(SUPPLY, COMMUNITIES, options).of(people)
    frame = report.by("community")
    assert "none_eligible_several" in frame
    assert [name for name in [*frame, *report.totals()] if find_column(name) is None] == []


@pytest.mark.parametrize("eligible", [None, gm.MatchOptions()])
def test_every_column_on_foot_has_its_words(eligible):
    options = gm.CoverageOptions(
        basis="walking", network=town(), eligible=eligible, quantiles=(0.1, 0.5)
    )
    report = gm.Coverage(SUPPLY, COMMUNITIES, options).of(PEOPLE)
    named = [*report.by("community"), *report.totals()]
    assert {"reached_straight", "lost_on_foot_river", "distance_straight_p10_m"} < set(named)
    assert [name for name in named if find_column(name) is None] == []
    told = [find_column(name) for name in named if "straight" in name or "foot" in name]
    assert all(one.form in {"count", "metres"} for one in told)


def test_a_cause_is_told_in_both_languages():
    lost = find_column("lost_on_foot_snap_failed")
    assert lost.chinese == "步行不可达：附近没有道路"
    assert lost.meaning.startswith("Reached straight and not on foot, by the nearest place")
    assert find_column("distance_straight_median_m").chinese == "到足量处直线距离中位数"
    for name in ("lost_on_foot_x", "availability_straight_median", "distance_straight_median"):
        assert find_column(name) is None


def test_who_and_what_no_street_leads_to_has_words():
    people, supply = map(find_column, ("people_not_on_network", "supply_not_on_network"))
    assert (people.chinese, people.form) == ("附近没有道路的人", "count")
    assert (supply.chinese, supply.unit) == ("附近没有道路的供给", "rows")
    assert people.chinese_meaning.endswith("步行无可达供给。")
    assert supply.chinese_meaning.endswith("步行无人可达。")
    assert find_column("people_in_several_areas").chinese == "在多个社区范围内的"


def test_every_figure_of_the_totals_has_its_words():
    assert [name for name in full_report().totals() if find_column(name) is None] == []


def test_every_column_that_is_published_has_its_words():
    published = gm.publish(full_report(), key=b"0123456789abcdef")
    for frame in published.tables.values():
        assert [name for name in frame.columns if find_column(name) is None] == []


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_words(reason):
    assert find_column(f"reason_{reason}").form == "count"


@pytest.mark.parametrize(
    "condition", [*(one for one in CONDITIONS if one != "distance"), "several"]
)
def test_every_condition_that_keeps_somebody_out_has_its_words(condition):
    found = find_column(f"none_eligible_{condition}")
    assert found.chinese.startswith("都不符合：")
    assert found.form == "count"


@pytest.mark.parametrize(
    ("name", "chinese", "meaning"),
    [
        ("in_reach_median", "范围内数量中位数", "Median, weighted, of what is within"),
        ("in_reach_p12.5", "范围内数量第12.5百分位", "Percentile 12.5, weighted"),
        ("distance_p90_m", "到足量处距离第90百分位", "Percentile 90, weighted, of the distance"),
        ("availability_p100", "人均可得第100百分位", "what falls to each located person"),
        ("eligible_p10", "范围内符合条件数量第10百分位", "fits them"),
    ],
)
def test_quantiles_have_words_by_their_pattern(name, chinese, meaning):
    found = find_column(name)
    assert (found.name, found.chinese) == (name, chinese)
    assert meaning in found.meaning


@pytest.mark.parametrize(
    "name",
    [
        "hukou",
        "distance_median",
        "in_reach_median_m",
        "in_reach_p",
        "none_eligible_x",
        "reached_p1",
    ],
)
def test_what_is_none_of_coverages_columns_has_none(name):
    assert find_column(name) is None
    assert header(name) == name


def test_words_are_whole_and_each_column_has_its_own():
    assert [name for name, one in COLUMNS.items() if one.name != name] == []
    chinese = [one.chinese for one in COLUMNS.values()]
    assert len(set(chinese)) == len(chinese)
    for one in COLUMNS.values():
        assert one.meaning.endswith(".")
        assert one.chinese_meaning.endswith("。")
        assert (one.unit == "") == (one.chinese_unit == "")
        assert one.header == f"{one.chinese}\n{one.name}"
