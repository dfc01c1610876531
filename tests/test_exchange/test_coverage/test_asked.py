"""What was asked, in words."""

from __future__ import annotations

import pytest

import geo_match as gm
from geo_match.coverage.publication.publish import count_tables
from geo_match.exchange.coverage.asked import asked_of_published, asked_of_report


def test_the_defaults_are_said_in_both_languages():
    english = dict(asked_of_report(gm.CoverageOptions(), "en"))
    assert english == {
        "radius": "3,000 m",
        "what is counted": "vacancies",
        "counts as reached, at least": "1",
        "standard": "1",
        "a place is too coarse beyond": "1,500 m",
        "competition": "not asked",
        "only what fits by": "not asked",
        "circles outside the areas": "not asked",
        "looked for enough up to": "20,000 m",
    }
    chinese = dict(asked_of_report(gm.CoverageOptions(), "zh"))
    assert len(chinese) == len(english)
    assert (chinese["半径"], chinese["统计口径"], chinese["竞争"]) == ("3,000米", "岗位数", "不计")


def test_eligibility_is_said_by_its_conditions():
    options = gm.CoverageOptions(eligible=gm.MatchOptions(conditions=["vacancies", "wage"]))
    assert dict(asked_of_report(options, "en"))["only what fits by"] == "distance, vacancies, wage"
    assert dict(asked_of_report(options, "zh"))["只计符合条件的，条件"] == "距离、剩余名额、薪资"


@pytest.mark.parametrize(
    ("competition", "said"),
    [
        (gm.coverage.Binary(), "all within the radius alike (Binary)"),
        (gm.coverage.Gaussian(1500), "decaying as a Gaussian (Gaussian(sigma_m=1500.0))"),
        (gm.coverage.Exponential(0.5), "decaying exponentially (Exponential(per_km=0.5))"),
        (gm.coverage.Stepped(((1000, 1.0), (3000, 0.5))), "by steps of distance"),
    ],
)
def test_competition_is_said_with_its_numbers(competition, said):
    options = gm.CoverageOptions(competition=competition, edge_effect=True, standard=0.25)
    asked = dict(asked_of_report(options, "en"))
    assert asked["competition"].startswith(said)
    assert asked["circles outside the areas"] == "asked"
    assert asked["standard"] == "0.25"


def test_of_what_was_published_it_is_said_how_small_groups_are_kept_back():
    people = [{"id": "A", "lon": 117.37, "lat": 32.93, "weight": 30}]
    report = gm.Coverage([], [{"code": "340302001001"}]).of(people)
    published = gm.publish(report, key=b"0123456789abcdef")
    assert asked_of_published(published, "en") == [
        ("kept back below", "10"),
        ("figures are multiples of", "5"),
        ("a figure is off by at most", f"{published.most_error}"),
        ("distances are rounded to multiples of", "500 m"),
        ("what is in reach is rounded to multiples of", "5"),
        ("Gini's coefficient is rounded to multiples of", "0.05"),
    ]
    tables = count_tables(report, distance_step_m=250, reach_step=1)
    finer = dict(asked_of_published(gm.publish(*tables, key=b"0123456789abcdef"), "zh"))
    assert finer["距离取整，为此数的倍数"] == "250米"
    assert finer["范围内数量取整，为此数的倍数"] == "1"


def test_it_is_said_where_no_place_can_be_too_coarse_as_the_list_states_no_accuracies():
    options = gm.CoverageOptions()
    english = dict(asked_of_report(options, "en", accuracies=False))
    assert english["a place is too coarse beyond"].startswith("1,500 m (not judged: the list")
    chinese = dict(asked_of_report(options, "zh", accuracies=False))
    assert chinese["位置误差上限"] == "1,500米（名单没有写明误差，未作判断）"
