"""Cases of zero employment: open where it is, cleared by hires, in order and never two at once."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from geo_match.demo.history.household_cases import draw_household_cases

TODAY = pd.Timestamp("2025-12-31")
STEPS = ["suspected_on", "applied_on", "verified_on", "helped_on", "cleared_on", "closed_on"]


def test_open_cases_are_exactly_those_of_the_reference_date(household_cases, people):
    open_ = household_cases[household_cases["closed_on"].isna()]
    zero = people.households.loc[people.households["zero_employment"], "id"]
    assert open_["household"].is_unique
    assert set(open_["household"]) == set(zero)
    assert open_[["cleared_on", "cleared_by", "closed_reason"]].isna().all(axis=None)


def test_most_open_cases_have_applied_and_fewer_are_verified(household_cases):
    open_ = household_cases[household_cases["closed_on"].isna()]
    assert 0.74 < open_["applied_on"].notna().mean() < 0.86
    assert 0.58 < open_["verified_on"].notna().mean() < 0.72
    assert 0.35 < open_["helped_on"].notna().mean() < 0.62
    late = open_["verified_on"] < TODAY - pd.DateOffset(months=1)
    assert 0.2 < late.mean() < 0.65


def test_dates_follow_each_other(household_cases):
    dates = household_cases[STEPS]
    assert dates["suspected_on"].notna().all()
    known = dates.ffill(axis=1)
    for before, after in pairwise(STEPS):
        assert (known[after] >= known[before]).all()
    assert dates.max().max() <= TODAY
    assert not (dates["applied_on"].isna() & dates["verified_on"].notna()).any()
    assert not (dates["verified_on"].isna() & dates["helped_on"].notna()).any()


def test_cases_of_a_household_do_not_overlap_and_are_counted(household_cases):
    before = household_cases.groupby("household").shift()
    again = before["suspected_on"].notna()
    assert (household_cases["suspected_on"] > before["closed_on"])[again].all()
    expected = household_cases.groupby("household").cumcount()
    assert (household_cases["recurrence"] == expected).all()
    assert household_cases["recurrence"].max() >= 1


def test_cases_are_cleared_by_the_hire_of_a_member(household_cases, lives):
    cleared = household_cases[household_cases["cleared_on"].notna()]
    assert (cleared["closed_reason"] == "cleared").all()
    assert (cleared["closed_on"] == cleared["cleared_on"]).all()
    assert ("H" + cleared["cleared_by"].str.slice(1, -2) == cleared["household"]).all()
    hires = pd.MultiIndex.from_frame(lives.employments[["person", "hired_on"]])
    assert pd.MultiIndex.from_frame(cleared[["cleared_by", "cleared_on"]]).isin(hires).all()


def test_nobody_of_the_ledger_works_while_a_past_case_is_open(household_cases, lives):
    work = lives.spells[lives.spells["status"].isin(["employed", "flexible"])]
    work = work.assign(household="H" + work["person"].str.slice(1, -2))
    true = household_cases[household_cases["closed_reason"] != "not_confirmed"]
    both = true.merge(work[["household", "start", "end"]], on="household")
    until = both["closed_on"].fillna(TODAY + pd.Timedelta(days=1))
    assert not ((both["start"] < until) & ~(both["end"] < both["suspected_on"])).any()


def test_cases_are_urban_and_past_ones_end_in_many_ways(household_cases, people):
    hukou = people.households.set_index("id")["hukou"]
    assert (hukou.loc[household_cases["household"]] == "urban").all()
    reasons = household_cases["closed_reason"].value_counts()
    assert (reasons > 0).all()
    assert 0.8 < reasons["cleared"] / reasons.sum() < 0.98
    assert 1 < reasons.sum() / household_cases["closed_on"].isna().sum() < 5
    quick = household_cases["cleared_on"] - household_cases["verified_on"]
    assert 0.4 < (quick.dropna().dt.days <= 30).mean() < 0.9


def test_somebody_worked_on_the_day_of_a_wrong_suspicion(household_cases, people, lives):
    wrong = household_cases[household_cases["closed_reason"] == "not_confirmed"]
    assert len(wrong) >= 10
    works = lives.spells[lives.spells["status"].isin(["employed", "flexible"])]
    works = works.assign(household="H" + works["person"].str.slice(1, -2))
    both = wrong.merge(works[["household", "start", "end"]], on="household")
    then = both["suspected_on"]
    covers = (both["start"] <= then) & (then <= both["end"].fillna(TODAY))
    # Whoever never looked for work has the status that they always had.
    members = people.members
    home = people.households["id"].to_numpy()[members["household"]]
    names = "S" + pd.Series(home).str.slice(1) + "-" + members["number"].astype("str")
    steady = members["working_age"] & members["status"].isin(["employed", "flexible"])
    steady &= ~names.isin(lives.spells["person"])
    worked = set(both["household"][covers]) | set(home[steady])
    assert set(wrong["household"]) <= worked


def test_a_share_has_the_cases_of_the_whole(household_cases, fewer, fewer_lives, land):
    drawn = draw_household_cases(fewer, fewer_lives, seed=land.seed)
    same = household_cases[household_cases["household"].isin(fewer.households["id"])]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), drawn)


def test_cases_come_from_the_seed_alone(fewer, fewer_lives, land):
    first, again = (draw_household_cases(fewer, fewer_lives, seed=land.seed) for _ in range(2))
    other = draw_household_cases(fewer, fewer_lives, seed=land.seed + 1)
    pd.testing.assert_frame_equal(first, again)
    assert not first["suspected_on"].equals(other["suspected_on"])
