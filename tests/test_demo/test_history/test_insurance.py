"""Insurance: months while people work, some with gaps, some too few, some unchecked."""

from __future__ import annotations

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def runs(lives):
    work = lives.employments.set_index("id")
    runs = lives.insurance.copy()
    for name in ("hired_on", "left_on", "form"):
        runs[name] = work[name].loc[runs["employment"]].to_numpy()
    runs["months"] = _month(runs["last_month"]) - _month(runs["first_month"]) + 1
    return runs


def _month(days):
    return days.dt.year * 12 + days.dt.month


def test_months_are_firsts_and_lie_within_the_work(runs):
    for name in ("first_month", "last_month"):
        assert (runs[name].dt.day == 1).all()
    assert (runs["months"] >= 1).all()
    assert (_month(runs["first_month"]) >= _month(runs["hired_on"])).all()
    until = runs["left_on"].fillna(pd.Timestamp("2025-12-31"))
    assert (_month(runs["last_month"]) <= _month(until)).all()


def test_runs_of_one_kind_are_parted_by_at_least_a_month(runs):
    of = runs.groupby(["employment", "kind"], observed=True)
    gap = _month(runs["first_month"]) - of["last_month"].shift(1).pipe(_month)
    assert (gap.dropna() >= 2).all()
    assert 0.02 < (of.size() > 1).mean() < 0.1
    assert of.size().max() == 2


def test_every_number_of_months_up_to_a_year_is_there(runs):
    total = runs.groupby(["employment", "kind"], observed=True)["months"].sum()
    for kind in ("social", "accident"):
        count = total.xs(kind, level="kind").clip(upper=12).value_counts()
        assert (count.reindex(range(1, 13), fill_value=0) >= 20).all()


def test_employees_have_social_and_others_accident_insurance_mostly(lives, runs):
    form = lives.employments.set_index("id")["form"]
    for name, kind in (("labour_contract", "social"), ("service_agreement", "accident")):
        ids = form.index[form == name]
        insured = set(runs["employment"][runs["kind"] == kind])
        assert 0.6 < pd.Series(ids.isin(insured)).mean() < 0.9


def test_most_months_are_verified_some_found_untrue_some_unchecked(runs):
    assert 0.7 < (runs["verified"].fillna(value=False)).mean() < 0.85
    assert 0.02 < (~runs["verified"].fillna(value=True)).mean() < 0.1
    assert 0.1 < runs["verified"].isna().mean() < 0.3
