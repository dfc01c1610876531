"""What may be asked of a plan, and what is said of what may not."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.coverage.plan.options import PlanOptions
from geo_match.errors import ArgumentError
from geo_match.rules import NotInForceError
from geo_match.taxonomy import OCCUPATIONS_VERSION, Group, Occupations

ON = dt.date(2025, 12, 31)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"on": "2025-12-31"}, "`on` must be a date without a time, got '2025-12-31'"),
        ({"radius_m": -1.0}, "`radius_m` must"),
        ({"radius_m": True}, "`radius_m` must be a number of metres, got True"),
        ({"occupation_level": "minor"}, "`occupation_level` must be one of major, middle"),
        ({"occupation_level": ["major"]}, "`occupation_level` must be one of major, middle"),
        ({"most_short": -1}, "`most_short` must"),
        ({"most_short": 21}, "`most_short` must be at most 20, got 21. All occupations stand in"),
        ({"table": {}}, "`table` must be Occupations, got dict"),
    ],
)
def test_an_option_that_breaks_its_rule_is_named(wrong, told):
    with pytest.raises(ArgumentError, match=told):
        PlanOptions(**({"on": ON} | wrong))


def test_a_day_without_a_rule_of_working_age_is_refused():
    with pytest.raises(NotInForceError, match="working_age has an entry, got 1970-01-01"):
        PlanOptions(on=dt.date(1970, 1, 1))


def test_an_occupation_belongs_to_its_group_as_far_as_the_table_knows_it():
    major, middle = (PlanOptions(on=ON, occupation_level=level) for level in ("major", "middle"))
    codes = ["40101", "4-01", "4", "498", "9", "普工", None]
    assert [major.group(code, None) for code in codes] == ["4", "4", "4", "4", None, None, None]
    assert [middle.group(code, None) for code in codes] == ["401", "401", *[None] * 5]


def test_a_code_of_another_edition_means_something_else():
    plan = PlanOptions(on=ON)
    assert plan.group("401", OCCUPATIONS_VERSION) == "4"
    assert plan.group("401", "大典2022") is None
    own = Occupations({"4": Group("4", 1, "商业", None)}, version="大典2022")
    assert PlanOptions(on=ON, table=own).group("401", "大典2022") == "4"
    assert PlanOptions(on=ON, table=own).group("401", OCCUPATIONS_VERSION) is None
