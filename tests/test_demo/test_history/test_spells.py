"""Spells: without gaps since 2022, in keeping with age, ending in what the members are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

FIRST = pd.Timestamp("2022-01-01")
REFERENCE = pd.Timestamp("2025-12-31")
DAY = pd.Timedelta(days=1)
WORKS = ["employed", "flexible"]


@pytest.fixture(scope="module")
def spells(lives, ledger):
    spells = lives.spells.copy()
    by_person = spells.groupby("person", sort=False)
    spells["next_start"] = by_person["start"].shift(-1)
    spells["next"] = by_person["status"].shift(-1)
    spells["first"] = by_person.cumcount() == 0
    who = ledger.loc[spells["person"]]
    for name in ("sixteen", "birth_year", "member_education", "looks", "sex"):
        spells[name] = who[name].to_numpy()
    return spells


def test_spells_of_a_person_follow_each_other_without_gap_or_overlap(spells):
    last = spells["next_start"].isna()
    assert (spells["end"].isna() == last).all()
    assert (spells["end"][~last] + DAY == spells["next_start"][~last]).all()
    assert (spells["start"] <= spells["end"].fillna(REFERENCE)).all()
    assert (spells["start"] <= REFERENCE).all()


def test_the_present_spell_is_what_the_member_is(spells, ledger):
    present = spells[spells["end"].isna()].set_index("person")
    assert len(present) == len(ledger)
    assert (present["status"].astype(str) == ledger["member_status"].loc[present.index]).all()


def test_the_past_is_complete_from_2022_or_the_sixteenth_birthday(spells):
    first = spells[spells["first"]]
    assert (first["start"] <= np.maximum(first["sixteen"], FIRST)).all()
    assert (spells["start"] >= spells["sixteen"]).all()
    # Nothing is told of what ended before the programme began.
    assert (spells["end"].fillna(REFERENCE) >= FIRST).all()


def test_before_work_there_is_school(spells):
    finished = {
        "primary": 13,
        "junior": 16,
        "senior": 19,
        "vocational": 19,
        "college": 22,
        "bachelor": 23,
        "master": 26,
    }
    left = spells["birth_year"] + spells["member_education"].map(finished).astype(int)
    free = pd.to_datetime(left.astype(str) + "-07-01")
    assert (spells["start"] >= free)[spells["status"] != "studying"].all()
    school = spells[(spells["status"] == "studying") & spells["first"]]
    assert (school["start"] == school["sixteen"]).all()
    assert (spells["status"] == "under_age").sum() == 0


def test_only_those_retire_who_are_retired_now_and_on_reaching_the_age(spells):
    retired = spells[spells["status"] == "retired"]
    assert len(retired) > 100
    assert retired["end"].isna().all()
    age = retired["start"].dt.year + retired["start"].dt.month / 12 - retired["birth_year"] - 7 / 12
    assert age[retired["sex"] == "male"].between(59.99, 60.4).all()
    women = age[retired["sex"] == "female"]
    assert (women.between(49.99, 50.6) | women.between(54.99, 55.4)).all()


def test_who_no_longer_looks_was_jobless_flexible_or_at_school_since_2022(spells):
    past = spells[~spells["looks"] & spells["end"].notna()]
    looked = past["status"].isin(["registered_unemployed", "unemployed", "flexible", "studying"])
    assert looked.groupby(past["person"]).any().all()
    assert past["person"].nunique() == (~spells["looks"] & spells["first"]).sum()


def test_spells_are_as_many_and_as_long_as_lives_have_them(spells):
    count = spells.groupby("person").size()
    assert count.max() <= 6
    assert 3.0 < count.mean() < 4.5
    past = spells[spells["end"].notna() & (spells["start"] >= FIRST)]
    lasted = (past["end"] - past["start"]).dt.days.groupby(past["status"], observed=True).median()
    assert 200 < lasted["employed"] < 500
    assert 150 < lasted["flexible"] < 400
    assert 60 < lasted["registered_unemployed"] < 200
    assert 30 < lasted["unemployed"] < 150
    jobless = spells["status"].isin(["registered_unemployed", "unemployed"])
    long = (spells["end"].fillna(REFERENCE) - spells["start"]).dt.days > 183
    assert 0.15 < long[jobless].mean() < 0.5


def test_the_long_term_unemployed_are_so_for_more_than_a_year(spells, ledger):
    present = spells[spells["end"].isna()].set_index("person")
    jobless = present["status"].isin(["registered_unemployed", "unemployed"])
    long = (ledger["difficulty"] == "long_term_unemployed").loc[present.index]
    now = present[jobless & long & present["looks"]]
    assert len(now) > 100
    from_school = (now["start"].dt.month == 7) & (now["start"].dt.day == 1)
    assert (((REFERENCE - now["start"]).dt.days > 365) | from_school).all()
    assert from_school.mean() < 0.05


def test_sources_and_checks_are_there_and_come_while_the_spell_lasts(spells):
    assert set(spells["source"]) == {"self", "employer", "survey", "platform_export"}
    checked = spells[spells["verified_by"].notna()]
    assert checked["verified_on"].notna().all()
    assert spells.loc[spells["verified_by"].isna(), "verified_on"].isna().all()
    assert (checked["verified_on"] > checked["start"]).all()
    assert (checked["verified_on"] <= checked["end"].fillna(REFERENCE)).all()
    assert checked["verified_on"].min() >= FIRST
    assert 0.3 < len(checked) / len(spells) < 0.6
    registered = spells["status"] == "registered_unemployed"
    assert (spells["source"] == "platform_export")[registered].mean() > 0.5
    assert (spells["source"] == "employer")[spells["status"].isin(WORKS)].mean() > 0.3


def test_some_work_by_the_quarter_and_are_hired_four_times_in_a_year(spells):
    flexible = spells[(spells["status"] == "flexible") & (spells["start"] >= FIRST)]
    year = [flexible["person"], flexible["start"].dt.year]
    often = flexible.groupby(year)["start"].transform("size") >= 4
    first_days = flexible["start"].dt.is_quarter_start
    persons = flexible["person"].nunique()
    assert 0.005 < flexible.loc[often & first_days, "person"].nunique() / persons < 0.05
    assert flexible.loc[often & ~first_days, "person"].nunique() > 5
