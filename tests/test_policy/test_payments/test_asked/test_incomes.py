"""Incomes, worked by hand: months in a row, their ratio and the minimum wage, each at its bound."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from geo_match.rules import Dated, Entry

GIG = {"form": "gig"}
PART_TIME = {"form": "part_time", "hours_per_week": 20}
TIER_2 = {"wage_tiers": {"340302": 2}}  # 1930 CNY a month


def told(sound, amounts, first="2024-01-01", **options):
    hire = {**GIG, "hired_on": f"{first[:8]}01"}
    evidence = sound.evidence([hire], incomes=sound.incomes(amounts, first=first))
    one = sound.decide("flexible_employment", evidence, **{**TIER_2, **options})["EM1"]
    return sound.outcomes(one)


def test_a_sound_case_passes_in_all(sound):
    evidence = sound.evidence([GIG], incomes=sound.incomes([1930, 2000, 2100]))
    one = sound.decide("flexible_employment", evidence, **TIER_2)["EM1"]
    assert {c.name: c.word for c in one.conditions if c.word != "pass"} == {}
    assert "EM1:income:2024-02" in one.evidence


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([2000] * 2, "fail"),
        ([2000] * 3, "pass"),
        ([2000] * 4, "pass"),
        ([2000, 2000, "gap", 2000, 2000], "fail"),
        ([2000, "gap", 2000, 2000, 2000], "pass"),
        ([2000, None, 2000], "pass"),  # a month of work whose income is not stated
        ([], "unknown"),
    ],
)
def test_three_months_come_in_a_row(sound, amounts, expected):
    assert told(sound, amounts)["consecutive_months"] == expected


def test_a_row_goes_over_the_years_end(sound):
    assert told(sound, [2000] * 3, first="2023-11-01")["consecutive_months"] == "pass"


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([1930, 1930, 1930], "pass"),
        ([1929, 1930, 1930], "fail"),
        ([1931, 1930, 1930], "pass"),
        ([1930, None, 1930], "unknown"),
        ([1929, None, 1930], "fail"),
        ([1930, 1930, 1930, 1000], "pass"),  # what was reached stays reached
        ([1000, 1930, 1930, 1930], "pass"),
        ([], "unknown"),
    ],
)
def test_each_of_three_months_reaches_the_minimum_wage(sound, amounts, expected):
    assert told(sound, amounts)["minimum_income"] == expected


def test_all_months_must_reach_it_where_that_is_chosen(sound):
    amounts = [1930, 1930, 1930, 1000]
    assert told(sound, amounts, income_months="all")["minimum_income"] == "fail"
    assert told(sound, [1930] * 4, income_months="all")["minimum_income"] == "pass"


@pytest.mark.parametrize(
    ("amounts", "average", "either"),
    [
        ([1900, 1930, 1960], "pass", "unknown"),  # the average is just the wage, a month is not
        ([1900, 1930, 1959], "fail", "fail"),
        ([1930, 1930, 1930], "pass", "pass"),
    ],
)
def test_income_counts_by_the_month_or_averaged_and_both_must_agree_if_that_is_open(
    sound, amounts, average, either
):
    assert told(sound, amounts, income_by="average")["minimum_income"] == average
    assert told(sound, amounts, income_by=None)["minimum_income"] == either


@pytest.mark.parametrize(
    ("amount", "expected"), [(2060, "pass"), (2059, "unknown"), (1780, "unknown"), (1779, "fail")]
)
def test_without_a_tier_only_what_holds_in_all_tiers_is_known(sound, amount, expected):
    assert told(sound, [amount] * 3, wage_tiers={})["minimum_income"] == expected


def test_before_a_known_minimum_wage_it_is_unknown(sound):
    assert told(sound, [9000] * 3, first="2022-12-01")["minimum_income"] == "unknown"
    assert told(sound, [9000] * 3, first="2023-03-01")["minimum_income"] == "pass"


def test_a_wage_that_rises_holds_from_its_day(sound):
    wages = Dated(
        "minimum_wage.here",
        (
            Entry((2000,), dt.date(2023, 1, 1), dt.date(2024, 3, 1), "示例 [L]"),
            Entry((2100,), dt.date(2024, 3, 1), None, "示例 [L]"),
        ),
    )
    given = {"minimum_wage": wages, "wage_tiers": {}}
    assert told(sound, [2000, 2000, 2100], **given)["minimum_income"] == "pass"
    assert told(sound, [2000, 2000, 2099], **given)["minimum_income"] == "fail"


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([3000, 4000, 4000], "pass"),  # 0.75
        ([2999, 4000, 4000], "fail"),
        ([3001, 4000, 4000], "pass"),
        ([3000, None, 4000], "unknown"),
        ([2999, None, 4000], "fail"),
        ([3000, None, None], "unknown"),
    ],
)
def test_income_is_stable_from_the_ratio_on(sound, amounts, expected):
    assert told(sound, amounts)["stable_income"] == expected


def test_without_a_ratio_only_the_same_each_month_is_stable(sound):
    assert told(sound, [3000, 3000, 3000], stable_income_ratio=None)["stable_income"] == "pass"
    assert told(sound, [3000, 3001, 3000], stable_income_ratio=None)["stable_income"] == "unknown"


def test_two_records_of_a_month_that_differ_leave_open_what_hangs_on_it(sound):
    both = [*sound.incomes([1930, 1930, 1930]), *sound.incomes([1900])]
    evidence = sound.evidence([GIG], incomes=both)
    one = sound.decide("flexible_employment", evidence, **TIER_2)["EM1"]
    assert sound.outcomes(one)["minimum_income"] == "unknown"


def test_an_amount_is_stated_only_where_one_is_configured_for_the_day(sound):
    evidence = sound.evidence([GIG], incomes=sound.incomes([1930] * 3))
    table = Dated("amount", (Entry(Decimal(300), dt.date(2024, 1, 1), None, "示例目录 [L]"),))
    for amounts, expected in (({}, None), ({"flexible_employment": table}, Decimal(300))):
        one = sound.decide("flexible_employment", evidence, amounts=amounts, **TIER_2)["EM1"]
        assert (one.word, one.amount_cny) == ("pass", expected)
    late = Dated("amount", (Entry(Decimal(300), dt.date(2024, 1, 2), None, "示例目录 [L]"),))
    options = {"amounts": {"flexible_employment": late}, **TIER_2}
    assert sound.decide("flexible_employment", evidence, **options)["EM1"].amount_cny is None


FLEXIBLE = "flexible_employment"


@pytest.mark.parametrize(
    ("hire", "expected", "record"),
    [
        ({}, "pass", "pass"),
        ({"hired_on": "2024-01-31"}, "pass", "pass"),
        ({"hired_on": "2024-02-01"}, "fail", "unknown"),
        ({"left_on": "2024-03-01"}, "pass", "pass"),
        ({"left_on": "2024-02-29"}, "fail", "unknown"),
    ],
)
def test_months_of_income_outside_the_hire_do_not_count(sound, hire, expected, record):
    evidence = sound.evidence([{**GIG, **hire}], insured=(), incomes=sound.incomes([2000] * 3))
    told_of = sound.outcomes(sound.decide(FLEXIBLE, evidence, **TIER_2)["EM1"])
    assert (told_of["consecutive_months"], told_of["sound_record"]) == (expected, record)


def with_ids(sound, *changes):
    rows = [
        {**one, "id": f"IN{n}", "known_on": None}
        for n, one in enumerate(sound.incomes([2000, 2000, 2000]))
    ]
    frame = pd.DataFrame([*rows, *({**rows[2], **one} for one in changes)])
    return dataclasses.replace(sound.evidence([GIG]), incomes=frame)


def test_a_corrected_month_is_no_longer_among_those_in_a_row(sound):
    evidence = with_ids(sound, {"month": "2024-04-01", "known_on": "2024-06-01"})
    for as_of, expected in ((dt.date(2024, 5, 31), "pass"), (dt.date(2024, 6, 1), "fail")):
        one = sound.decide(FLEXIBLE, evidence, as_of=as_of, **TIER_2)["EM1"]
        assert sound.outcomes(one)["consecutive_months"] == expected


@pytest.mark.parametrize(
    ("changes", "in_a_row", "reaches"),
    [
        ([], "pass", "pass"),
        ([{"month": "2024-05-01"}], "unknown", "unknown"),
        ([{"income_cny": 2500}], "unknown", "unknown"),
        ([{"month": "2024-05-01"}, {"id": "IN9"}], "pass", "pass"),  # another record says it too
        ([{"month": "2024-05-01"}, {"id": "IN9", "income_cny": 1900}], "pass", "unknown"),
    ],
)
def test_rows_of_one_income_that_differ_are_of_no_month_for_certain(
    sound, changes, in_a_row, reaches
):
    told_of = sound.outcomes(sound.decide(FLEXIBLE, with_ids(sound, *changes), **TIER_2)["EM1"])
    assert (told_of["consecutive_months"], told_of["minimum_income"]) == (in_a_row, reaches)


@pytest.mark.parametrize(
    ("hire", "amounts", "tier", "expected"),
    [
        ({"hourly_low_cny": 20, "hourly_high_cny": 20}, [2000] * 3, 2, "pass"),
        ({"hourly_low_cny": 19.99, "hourly_high_cny": 19.99}, [2000] * 3, 2, "fail"),
        ({"hourly_low_cny": 20, "hourly_high_cny": None}, [2000] * 3, 2, "pass"),
        ({"hourly_low_cny": 19, "hourly_high_cny": 22}, [2000] * 3, 2, "unknown"),
        ({"hourly_low_cny": None, "hourly_high_cny": 19}, [2000] * 3, 2, "fail"),
        ({"hourly_low_cny": 25, "hourly_high_cny": 15}, [2000] * 3, 2, "unknown"),
        ({"hourly_low_cny": 21, "hourly_high_cny": 21}, [2000] * 3, None, "pass"),
        ({"hourly_low_cny": 20, "hourly_high_cny": 20}, [2000] * 3, None, "unknown"),
        ({"hourly_low_cny": 17, "hourly_high_cny": 17}, [2000] * 3, None, "fail"),
        # From January to March 2024 there are 91 days, 13 weeks: 260 hours, 5200 CNY at 20 an hour.
        ({}, [1740, 1730, 1730], 2, "pass"),
        ({}, [1740, 1730, 1729], 2, "unknown"),
        ({}, [1740, None, 1730], 2, "unknown"),
        ({"hours_per_week": None}, [5200] * 3, 2, "unknown"),
        ({}, [], 2, "unknown"),
        ({"form": "gig"}, [1000] * 3, 2, "pass"),
        ({"form": None}, [1000] * 3, 2, "unknown"),
    ],
)
def test_part_time_work_pays_the_minimum_wage_an_hour(sound, hire, amounts, tier, expected):
    evidence = sound.evidence([{**PART_TIME, **hire}], incomes=sound.incomes(amounts))
    tiers = {} if tier is None else {"340302": tier}
    one = sound.decide(FLEXIBLE, evidence, cases=["EM1"], wage_tiers=tiers)["EM1"]
    assert sound.outcomes(one)["minimum_hourly_pay"] == expected


def test_before_a_known_minimum_wage_an_hour_it_is_unknown(sound):
    hire = {**PART_TIME, "hourly_low_cny": 99, "hourly_high_cny": 99}
    for hired_on, expected in (("2023-02-28", "unknown"), ("2023-03-01", "pass")):
        evidence = sound.evidence([{**hire, "hired_on": hired_on}], services=[{"on": "2023-01-01"}])
        one = sound.decide(FLEXIBLE, evidence, **TIER_2)["EM1"]
        assert sound.outcomes(one)["minimum_hourly_pay"] == expected
