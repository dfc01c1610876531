"""The programme's definitions in the small city: each holds of some, not of others, or is open.

Each function answers for whomever it is asked of: true, false, or null for unknown. They read the
rules plainly, and are here to count, not to decide anything about anybody.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.people.working_age import MEN, WOMEN_50, WOMEN_55, is_working_age
from geo_match.demo.people.working_life import REFERENCE_DATE

TODAY = pd.Timestamp(REFERENCE_DATE)
HALF_A_YEAR = pd.DateOffset(months=6)
REACHED = ["employed", "willing", "not_now", "moved_away", "refused"]


def household_is_of_zero_employment(city):
    wrong = city.cases["closed_reason"] == "not_confirmed"
    verified = city.cases["verified_on"].notna()
    return city.answer(verified, verified | wrong)


def household_was_cleared_by_employment(city):
    cases = city.cases[city.cases["closed_reason"] != "not_confirmed"]
    by = cases.merge(
        city.hires[["person", "hired_on", "form"]],
        left_on=["cleared_by", "cleared_on"],
        right_on=["person", "hired_on"],
        how="left",
    )
    work = by["form"].notna() & (by["form"] != "traineeship")
    return city.answer(work, by["closed_on"].notna())


def household_was_cleared_within_a_month(city):
    verified = city.cases["verified_on"]
    due = verified + pd.DateOffset(months=1)
    cleared = city.cases["cleared_on"]
    in_time = cleared <= due
    return city.answer(in_time, verified.notna() & (cleared.notna() | (due < TODAY)))


def trainee_is_kept_for_three_to_twelve_months(city):
    trainees = city.hires[city.hires["form"] == "traineeship"]
    until = trainees["contract_to"] + pd.Timedelta(days=1)
    since = trainees["contract_from"]
    least, most = since + pd.DateOffset(months=3), since + pd.DateOffset(months=12)
    return city.answer((until >= least) & (until <= most), trainees["contract_known"])


def registered_seeker_was_reached_within_half_a_year(city):
    looking = city.lives.registrations
    looking = looking[looking["closed_on"].isna() & looking["person"].isin(city.persons.index)]
    since = looking.set_index("person")["registered_on"]
    late = city.services[city.services["on"] > TODAY - HALF_A_YEAR]
    reached = late.loc[late["result"].isin(REACHED), "person"]
    perhaps = late.loc[late["result"].isna(), "person"]
    new = since > TODAY - HALF_A_YEAR
    holds = new | since.index.isin(reached)
    return city.answer(holds, holds | ~since.index.isin(perhaps))


def jobless_person_was_registered_for_half_a_year(city):
    spells = city.lives.spells
    spells = spells[spells["person"].isin(city.persons.index) & spells["end"].isna()]
    registered = spells[spells["status"] == "registered_unemployed"]
    long = registered["start"] + HALF_A_YEAR <= TODAY
    return city.answer(long, registered["verified_by"].notna())


def hire_was_registered_within_thirty_days(city):
    registered = city.hires["registered_on"]
    return city.answer((registered - city.hires["hired_on"]).dt.days <= 30, registered.notna())


def person_is_of_working_age_today(city):
    persons = city.persons
    born = persons["birth_year"].to_numpy()
    man = (persons["sex"] == "male").to_numpy()
    learnt = persons["education"].isin(["college", "bachelor", "master"]).to_numpy()
    sooner, later = (
        is_working_age(born, np.where(man, MEN, line), REFERENCE_DATE)
        for line in (WOMEN_50, WOMEN_55)
    )
    known = (sooner == later) | persons["education"].notna().to_numpy()
    return city.answer(np.where(learnt, later, sooner), known)


def employer_has_a_verified_licence(city):
    last = city.visits.groupby("employer_id").tail(1)["licence_state"]
    return city.answer(last == "verified", last.notna())


def community_has_full_employment_of_people_with_difficulty(city):
    """A self-assessment over the ledger; open where a community has none of them in it."""
    difficult = city.persons[city.persons["difficulty"].fillna("none") != "none"]
    works = difficult["member_status"].isin(["employed", "flexible"])
    rate = works.groupby(difficult["community"].astype(str)).mean()
    rate = rate.reindex(city.areas["code"])
    return city.answer(rate >= 0.9, rate.notna())


@pytest.mark.parametrize(
    "condition",
    [
        household_is_of_zero_employment,
        household_was_cleared_by_employment,
        household_was_cleared_within_a_month,
        trainee_is_kept_for_three_to_twelve_months,
        registered_seeker_was_reached_within_half_a_year,
        jobless_person_was_registered_for_half_a_year,
        hire_was_registered_within_thirty_days,
        person_is_of_working_age_today,
        employer_has_a_verified_licence,
        community_has_full_employment_of_people_with_difficulty,
    ],
)
def test_a_definition_holds_of_some_not_of_others_or_is_open(condition, city):
    counts = city.count(condition(city))
    assert min(counts.values()) >= 5, counts


def test_traineeships_are_too_short_for_some_and_too_long_for_others(city):
    trainees = city.hires[city.hires["form"] == "traineeship"]
    days = (trainees["contract_to"] - trainees["contract_from"]).dt.days + 1
    assert min((days < 89).sum(), (days > 367).sum()) >= 3


def test_traineeships_are_claimed_too_though_they_earn_nothing(city):
    claimed = city.hires.loc[city.hires["form"] == "traineeship", "claimed_by"].notna()
    assert min(claimed.sum(), (~claimed).sum()) >= 10


def test_people_with_difficulty_work_with_and_without_a_post_or_a_claim(city):
    known = city.hires[city.hires["difficulty"].notna()]
    difficult = known[known["difficulty"] != "none"]
    post = difficult["form"] == "public_welfare_post"
    claimed = difficult["claimed_by"].notna()
    assert pd.crosstab(post, claimed).to_numpy().min() >= 20
