"""The programme's definitions in the small city: each holds of some, not of others, or is open.

Each function answers for whomever it is asked of: true, false, or null for unknown, and says when
it is unknown; what else is not recorded did not happen. They read the rules plainly, and are here
to count, not to decide anything about anybody.

Rates over communities are no data: that 95 % of those able and willing, of the registered
unemployed and of people with difficulty work (90 % elsewhere), that 100 % of those who qualify are
registered, that nobody is unemployed for over six months. Policies compute them from these answers
and the ledger. That part-time work is at most 4 hours on a day is not in the data either: it has
hours a week, and not on how many days.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.people.working_age import MEN, WOMEN_50, WOMEN_55, is_working_age
from geo_match.demo.vocabulary import REFERENCE_DATE

TODAY = pd.Timestamp(REFERENCE_DATE)
HALF_A_YEAR = pd.DateOffset(months=6)
REACHED = ["employed", "willing", "not_now", "moved_away", "refused"]
REGISTERS_WITHIN, DEPARTS_WITHIN = 30, 15
EVERY = ("pass", "fail", "unknown")
CERTAIN = ("pass", "fail")


def household_is_of_zero_employment(city):
    """Unknown until the community has verified it or found it wrong."""
    wrong = city.cases["closed_reason"] == "not_confirmed"
    verified = city.cases["verified_on"].notna()
    return city.answer(verified, verified | wrong)


def household_was_cleared_by_employment(city):
    """Unknown while its case is open."""
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
    """Unknown where nobody verified it, so that no month runs, and while the month runs."""
    verified = city.cases["verified_on"]
    due = verified + pd.DateOffset(months=1)
    cleared = city.cases["cleared_on"]
    in_time = cleared <= due
    return city.answer(in_time, verified.notna() & (cleared.notna() | (due < TODAY)))


def trainee_is_kept_for_three_to_twelve_months(city):
    """Unknown where the agreement is."""
    trainees = city.hires[city.hires["form"] == "traineeship"]
    until = trainees["contract_to"] + pd.Timedelta(days=1)
    since = trainees["contract_from"]
    least, most = since + pd.DateOffset(months=3), since + pd.DateOffset(months=12)
    return city.answer((until >= least) & (until <= most), trainees["contract_known"])


def registered_seeker_was_reached_within_half_a_year(city):
    """Unknown where the only contacts in that time have no result noted."""
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
    """Unknown without a first day, which every spell has; whether it was checked is no matter."""
    spells = city.lives.spells
    spells = spells[spells["person"].isin(city.persons.index) & spells["end"].isna()]
    registered = spells[spells["status"] == "registered_unemployed"]
    long = registered["start"] + HALF_A_YEAR <= TODAY
    return city.answer(long, registered["start"].notna())


def _was_registered_in_time(city, hires, on, since, days):
    """Whether it was, on the platform's own record.

    Unknown while the days run, and where it is not known where the record stands; a record that
    was only sent is none.
    """
    origin = hires["record_origin"]
    in_time = (hires[on] - hires[since]).dt.days <= days
    holds = in_time & (origin == "platform_export")
    open_ = (hires[on].isna() & city.running(hires[since], days)) | (in_time & origin.isna())
    return city.answer(holds, holds | ~open_)


def hire_was_registered_within_thirty_days(city):
    employed = city.hires[~city.hires["form"].isin(["self_employed", "traineeship"])]
    return _was_registered_in_time(city, employed, "registered_on", "hired_on", REGISTERS_WITHIN)


def departure_was_registered_within_fifteen_days(city):
    left = city.hires[city.hires["left_on"].notna()]
    left = left[~left["form"].isin(["self_employed", "traineeship"])]
    on = "departure_registered_on"
    return _was_registered_in_time(city, left, on, "left_on", DEPARTS_WITHIN)


def person_is_of_working_age_today(city):
    """Unknown of women between the two ages of retirement whose education is."""
    persons = city.persons
    sooner, later = _of_working_age(persons, REFERENCE_DATE)
    learnt = persons["education"].isin(["college", "bachelor", "master"]).to_numpy()
    known = (sooner == later) | persons["education"].notna().to_numpy()
    return city.answer(np.where(learnt, later, sooner), known)


def _of_working_age(persons, on):
    """Whether each is of working age on a day, by the sooner and the later line for women."""
    born = persons["birth_year"].to_numpy()
    man = (persons["sex"] == "male").to_numpy()
    return [is_working_age(born, np.where(man, MEN, line), on) for line in (WOMEN_50, WOMEN_55)]


def _held_posts(city):
    held = city.posts[city.posts["holder"].isin(city.persons.index)].reset_index(drop=True)
    until = held["held_to"].fillna(TODAY)
    return held, until <= held["held_from"] + pd.DateOffset(years=3)


def _is_near_retirement(city, held):
    """Whether each holder is within five years of retirement when three years are over, (n,).

    The rule does not say when that is asked: here where it matters first. Unknown without the first
    day, and where a woman's line is and makes the difference.
    """
    persons = city.persons.loc[held["holder"]]
    learnt = persons["education"].isin(["college", "bachelor", "master"]).to_numpy()
    sooner, later = np.zeros(len(held), dtype=bool), np.zeros(len(held), dtype=bool)
    for row, since in enumerate(held["held_from"]):
        if pd.notna(since):
            on = dt.date(since.year + 3 + 5, since.month, 1)
            one = persons.iloc[row : row + 1]
            sooner[row], later[row] = (not answer[0] for answer in _of_working_age(one, on))
    known = (sooner == later) | persons["education"].notna().to_numpy()
    known &= held["held_from"].notna().to_numpy()
    return city.answer(np.where(learnt, later, sooner), known)


def post_is_held_longer_than_three_years_only_near_retirement(city):
    """Unknown without the first day, and where a holder's age of retirement is."""
    held, short = _held_posts(city)
    return city.answer(short, held["held_from"].notna()) | _is_near_retirement(city, held)


def employer_has_a_verified_licence(city):
    """Unknown where nobody looked at the last visit."""
    last = city.visits.groupby("employer_id").tail(1)["licence_state"]
    return city.answer(last == "verified", last.notna())


@pytest.mark.parametrize(
    ("condition", "outcomes"),
    [
        (household_is_of_zero_employment, EVERY),
        (household_was_cleared_by_employment, EVERY),
        (household_was_cleared_within_a_month, EVERY),
        (trainee_is_kept_for_three_to_twelve_months, EVERY),
        (registered_seeker_was_reached_within_half_a_year, EVERY),
        (jobless_person_was_registered_for_half_a_year, CERTAIN),
        (hire_was_registered_within_thirty_days, EVERY),
        (departure_was_registered_within_fifteen_days, EVERY),
        (person_is_of_working_age_today, EVERY),
        (post_is_held_longer_than_three_years_only_near_retirement, EVERY),
        (employer_has_a_verified_licence, EVERY),
    ],
)
def test_a_definition_holds_of_some_not_of_others_or_is_open(condition, outcomes, city):
    counts = city.count(condition(city))
    assert city.has_outcomes(counts, outcomes), counts


def test_some_hold_a_post_for_longer_because_they_retire_soon_and_some_although_not(city):
    held, short = _held_posts(city)
    near = _is_near_retirement(city, held)[(~short & held["held_from"].notna()).to_numpy()]
    assert min(near.sum(), (~near).sum()) >= 3


def test_some_hires_are_not_registered_but_too_new_to_be_late(city):
    running = city.running(city.hires["hired_on"], REGISTERS_WITHIN)
    missing = city.hires["registered_on"].isna()
    assert (missing & running).sum() >= 3
    assert (missing & ~running).sum() >= 300


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
