"""Skills and needs by group and community, each figure with its number."""

from __future__ import annotations

import datetime as dt
import statistics

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import AnalysisOptions, Timeline, analyse, groups_on

ON = dt.date(2025, 6, 1)
A, B = "340302001001", "340302001002"
SEEKERS = pd.DataFrame(
    {
        "id": ["S1", "S2", "S3", "S4"],
        "community": [A, A, B, None],
        "groups": [["veteran"], ["veteran"], ["veteran"], None],
        "education": ["senior", "college", None, "senior"],
        "certificates": [["电工证", "焊工证"], [], None, ["电工证"]],
        "occupation": ["40101", "401", "403", None],
        "accepts": [["ordinary"], ["ordinary", "flexible"], None, None],
        "wage_floor_cny": [3000, 4000, 5000, None],
    }
)


@pytest.fixture(scope="module")
def groups():
    nobody = Timeline.of(pd.DataFrame(columns=["person", "status", "start"]))
    return groups_on(SEEKERS, nobody, ON)


@pytest.fixture(scope="module")
def told(groups):
    return analyse(SEEKERS, groups, AnalysisOptions(groups=["all", "veteran"]))


def figures(told, group, community, measure, column="people"):
    where = told["community"].isna() if community is None else told["community"] == community
    rows = told[where & (told["group"] == group) & (told["measure"] == measure)]
    return dict(zip(rows["value"], rows[column], strict=True))


def test_people_are_counted_for_sure_and_those_of_whom_nothing_is_known_beside(told):
    assert figures(told, "veteran", None, "people") == {"all": 3}
    assert figures(told, "veteran", None, "people", "unknown") == {"all": 1}
    assert figures(told, "all", None, "people") == {"all": 4}
    assert figures(told, "all", "", "people") == {"all": 1}  # of no community


def test_words_are_counted_among_those_who_stated_any(told):
    assert figures(told, "veteran", None, "education") == {"senior": 1, "college": 1}
    assert figures(told, "veteran", None, "education", "stated") == {"senior": 2, "college": 2}
    assert figures(told, "all", A, "certificate") == {"电工证": 1, "焊工证": 1, "none": 1}
    assert figures(told, "all", A, "certificate", "stated") == {"电工证": 2, "焊工证": 2, "none": 2}
    assert figures(told, "all", A, "accepts") == {"ordinary": 2, "flexible": 1}


def test_occupations_are_counted_by_middle_group_with_its_name(told):
    assert figures(told, "all", None, "occupation") == {"401": 2, "403": 1}
    assert figures(told, "all", None, "occupation", "name")["401"] == "购销人员"


def test_the_wage_floor_has_quantiles_with_the_number_of_those_who_stated_it(told):
    expected = statistics.quantiles([3000, 4000, 5000], n=4, method="inclusive")
    found = figures(told, "veteran", None, "wage_floor", "amount_cny")
    assert found == dict(zip(("p25", "p50", "p75"), expected, strict=True))
    assert figures(told, "veteran", None, "wage_floor") == {"p25": 3, "p50": 3, "p75": 3}


def test_figures_of_few_people_are_kept_back_with_their_amounts(groups):
    told = analyse(SEEKERS, groups, AnalysisOptions(groups=["all"], least=3))
    assert told.loc[told["people"].notna(), "people"].min() >= 3
    assert pd.isna(figures(told, "all", A, "wage_floor", "amount_cny")["p50"])
    assert figures(told, "all", None, "wage_floor", "amount_cny")["p50"] == 4000


def test_of_how_many_it_is_unknown_is_kept_back_like_the_others(groups):
    kept = analyse(SEEKERS, groups, AnalysisOptions(groups=["veteran"], least=2))
    assert pd.isna(figures(kept, "veteran", None, "people", "unknown")["all"])  # it is one person
    assert figures(kept, "veteran", None, "people") == {"all": 3}
    for column in ("people", "stated", "unknown"):
        assert not (kept[column] < 2).any()
    whole = analyse(SEEKERS, groups, AnalysisOptions(groups=["graduate"]))
    assert figures(whole, "graduate", None, "people") == {"all": 0}


def test_without_communities_there_is_one_set_of_figures(groups):
    told = analyse(SEEKERS, groups, AnalysisOptions(groups=["all"], by_community=False))
    assert told["community"].isna().all()


def test_communities_add_up_to_the_whole(told):
    counted = told[told["measure"].isin(["people", "education", "occupation"])]
    for (group, measure, value), rows in counted.groupby(["group", "measure", "value"]):
        whole = rows.loc[rows["community"].isna(), "people"].sum()
        assert whole == rows.loc[rows["community"].notna(), "people"].sum(), (group, measure, value)


def test_groups_of_other_persons_are_refused(groups):
    with pytest.raises(ArgumentError, match="`groups` must be of the seekers, in their order"):
        analyse(SEEKERS.iloc[:2], groups)


def test_a_group_that_is_none_is_refused():
    with pytest.raises(ArgumentError, match=r"`groups` must be some of all, graduate, .*'poets'"):
        AnalysisOptions(groups=["poets"])
    with pytest.raises(ArgumentError, match="`least` must be"):
        AnalysisOptions(least=0)
