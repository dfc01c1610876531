"""Incomes of flexible work: by whole months, around the minimum wages, some not stated."""

from __future__ import annotations

import pandas as pd
import pytest

from geo_match.demo.history.incomes import MINIMUMS

FLEXIBLE = ["part_time", "temporary", "gig", "self_employed"]
KNOWN_SINCE = pd.Timestamp("2023-03-01")
TIERS = [2060, 1930, 1870, 1780]
EARLIER = [1854, 1737, 1683, 1602]
"""Invented: what held before is not known."""


@pytest.fixture(scope="module")
def incomes(lives):
    work = lives.employments.set_index("id")
    incomes = lives.incomes.copy()
    for name in ("hired_on", "left_on", "form"):
        incomes[name] = work[name].loc[incomes["employment"]].to_numpy()
    return incomes


def test_months_are_whole_months_of_flexible_work_each_once(incomes):
    assert incomes["form"].isin(FLEXIBLE).all()
    assert not incomes.duplicated(["employment", "month"]).any()
    assert (incomes["month"].dt.day == 1).all()
    assert (incomes["month"] >= incomes["hired_on"]).all()
    until = incomes["left_on"].fillna(pd.Timestamp("2025-12-31"))
    assert (incomes["month"] + pd.offsets.MonthEnd(1) <= until).all()


def test_amounts_lie_over_at_and_below_the_minimum_wages(incomes):
    amount = incomes["income_cny"].dropna().astype(int)
    assert amount.between(300, 25_000).all()
    assert 0.1 < (amount < min(TIERS)).mean() < 0.35
    assert (amount > max(TIERS)).mean() > 0.5
    for tier in (1930, 1870, 1780):
        assert (amount == tier).sum() > 50
    assert 0.02 < incomes["income_cny"].isna().mean() < 0.06


def test_who_earns_a_minimum_earns_the_one_in_force(incomes):
    amount = incomes["income_cny"].dropna().astype(int)
    before = incomes["month"][amount.index] < KNOWN_SINCE
    # Others' incomes are in tens, which none of the earlier minimums is.
    for tier in EARLIER[1:]:
        assert before[amount == tier].all()
        assert (amount == tier).sum() >= 5
    at = amount.groupby(before).apply(lambda some: some.isin(TIERS[1:]).mean())
    assert at[True] < at[False] - 0.02


def test_the_minimums_that_no_source_has_say_so():
    assert [(str(m.since), m.tiers_cny, m.invented) for m in MINIMUMS] == [
        ("2022-01", tuple(EARLIER), True),
        ("2023-03", tuple(TIERS), False),
    ]


def test_months_follow_each_other_but_for_some_and_number_one_to_twelve(incomes):
    of = incomes.groupby("employment")["month"]
    count = of.size()
    assert (count.value_counts().reindex(range(1, 13), fill_value=0) > 10).all()
    assert count.max() == 12
    span = (of.max().dt.year - of.min().dt.year) * 12 + of.max().dt.month - of.min().dt.month + 1
    assert 0.03 < (span > count).mean() < 0.2


def test_some_incomes_are_unstable(incomes):
    known = incomes.dropna(subset="income_cny")
    amount = known["income_cny"].astype(float)
    of = amount.groupby(known["employment"])
    spread = (of.std() / of.mean())[of.size() >= 4]
    assert 0.06 < (spread > 0.25).mean() < 0.25
    assert (spread < 0.1).mean() > 0.6


def test_sources_differ_by_the_kind_of_work(incomes):
    gig = incomes["form"] == "gig"
    statement = incomes["source"] == "platform_statement"
    assert statement[gig].mean() > statement[~gig].mean() + 0.3
    assert set(incomes["source"]) == {"platform_statement", "self_declared", "bank"}
