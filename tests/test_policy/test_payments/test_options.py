"""Options: open questions are left open unless answered, and wrong answers are refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments import PaymentOptions
from geo_match.rules import Dated, Entry


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"cap_year": "fiscal"},
            "`cap_year` must be one of 'calendar', 'rolling', None, got 'fiscal'",
        ),
        ({"year_fixed_by": None}, "`year_fixed_by` must be one of 'hired_on'"),
        ({"group_tested": "after"}, "`group_tested` must be one of"),
        ({"income_months": "best"}, "`income_months` must be one of 'run', 'all'"),
        ({"income_by": "week"}, "`income_by` must be one of 'each_month'"),
        ({"head_counted": "twice"}, "`head_counted` must be one of"),
        (
            {"difficulty_is_key_group": "yes"},
            "`difficulty_is_key_group` must be True, False or None",
        ),
        ({"survey_timely_by": "due_on"}, "`survey_timely_by` must be one of 'done_on'"),
        (
            {"refusal_shows_service": "yes"},
            "`refusal_shows_service` must be True, False or None",
        ),
        (
            {"minimum_hourly_wage": 20},
            r"`minimum_hourly_wage` must be a table by date \(Dated\), got 20",
        ),
        ({"difficulty_is_key_group": 1}, "`difficulty_is_key_group` must be True, False or None"),
        # What is never left open would pay twice if any word passed for yes.
        (
            {"cap_across_operators": "open"},
            "`cap_across_operators` must be True or False, got 'open'",
        ),
        ({"cap_across_operators": None}, "`cap_across_operators` must be True or False, got None"),
        ({"service_within_months": 0}, "`service_within_months` must be a whole number, 1 or more"),
        ({"service_within_months": 6.5}, "`service_within_months` must be a whole .* got 6.5"),
        ({"service_within_months": True}, "`service_within_months` must be a whole .* got True"),
        ({"stable_income_ratio": 1.1}, "`stable_income_ratio` must be a number from 0 to 1"),
        ({"stable_income_ratio": float("nan")}, "`stable_income_ratio` must be a number .* nan"),
        ({"stable_income_ratio": False}, "`stable_income_ratio` must be a number .* got False"),
        (
            {"wage_tiers": {"340302": 5}},
            "`wage_tiers` must have tiers from 1 to 4, got 5 for 340302",
        ),
        ({"amounts": {"bonus": None}}, "`amounts` must be by payment: .* got bonus"),
    ],
)
def test_an_answer_that_is_none_is_refused(wrong, message):
    with pytest.raises(ArgumentError, match=message):
        PaymentOptions(**wrong)


def test_every_open_question_is_stated_with_its_answer():
    stated = dict(PaymentOptions(cap_year="rolling", difficulty_is_key_group=True).stated())
    assert stated["cap_year"] == "rolling"
    assert stated["difficulty_is_key_group"] == "yes"
    assert stated["cap_across_operators"] == "yes"
    assert stated["stable_income_ratio"] == "not set"
    assert stated["service_within_months"] == "any"
    left = {name for name, answer in stated.items() if answer == "open"}
    assert left == {
        "income_by",
        "head_counted",
        "registered_unemployed_is_key_group",
        "two_payments_for_one_hire",
        "assistance_needs_public_welfare_post",
        "survey_timely_by",
        "refusal_shows_service",
    }


def test_amounts_are_dated():
    table = Dated("amount", (Entry(Decimal(500), dt.date(2024, 1, 1), None, "示例目录 [L]"),))
    assert PaymentOptions(amounts={"stable_employment": table}).amounts
