"""Former seekers: as many as expected, like the seekers, and gone for a reason that shows."""

from __future__ import annotations

import pandas as pd


def test_there_are_about_nine_former_seekers_to_ten_seekers(people, lives):
    assert 0.85 < len(lives.former_seekers) / len(people.seekers) < 0.97
    assert not set(lives.former_seekers["id"]) & set(people.seekers["id"])


def test_their_columns_are_those_of_seekers_and_how_the_search_ended(people, lives):
    former, seekers = lives.former_seekers, people.seekers
    shared = [name for name in former if name in seekers]
    assert shared == list(seekers)
    assert set(former) - set(shared) == {"closed_on", "close_reason"}
    for name in shared:
        assert former[name].dtype == seekers[name].dtype, name
    assert former.crs == seekers.crs


def test_most_of_them_work_now(lives):
    status = lives.former_seekers["status"].value_counts(normalize=True)
    assert 0.65 < status["employed"] + status["flexible"] < 0.90
    for name in ("retired", "studying", "not_seeking", "incapable", "unemployed"):
        assert 0.01 < status[name] < 0.12
    assert status["registered_unemployed"] == status["under_age"] == 0


def test_their_last_registration_says_how_it_ended(lives):
    last = lives.registrations.groupby("person").last().loc[lives.former_seekers["id"]]
    for name in ("closed_on", "close_reason"):
        assert (last[name].to_numpy() == lives.former_seekers[name].to_numpy()).all()
    assert lives.former_seekers["closed_on"].between("2022-01-01", "2025-12-31").all()


def test_who_retired_studies_or_cannot_work_stopped_looking_for_that(lives):
    former = lives.former_seekers
    for status in ("retired", "studying", "incapable"):
        of = former[former["status"] == status]
        assert (of["close_reason"] == status).mean() > 0.9
    reasons = former["close_reason"].value_counts(normalize=True)
    assert set(former["close_reason"].cat.categories) == set(reasons[reasons > 0.005].index)
    assert 0.6 < reasons["hired"] < 0.85


def test_they_live_where_their_household_does(people, lives):
    home = people.households.set_index("id").loc[lives.former_seekers["household"]]
    assert (home.geometry.to_numpy() == lives.former_seekers.geometry.to_numpy()).all()
    assert (home["community"].to_numpy() == lives.former_seekers["community"].to_numpy()).all()


def test_groups_are_their_members(lives, people):
    former = lives.former_seekers
    assert 0.2 < former["migrant_worker"].mean() < 0.5
    assert former["graduate"].sum() > 50
    assert former["veteran"].sum() > 50
    difficult = former["difficulty"].dropna() != "none"
    assert 0.2 < difficult.mean() < 0.5
    assert (former["difficulty"] == "zero_employment").sum() == 0
    older = former[former["difficulty"] == "older"]
    assert older["birth_year"].max() <= 2025 - 40
    wage = former["wage_floor_cny"].dropna().astype(float)
    seekers = people.seekers["wage_floor_cny"].dropna().astype(float)
    assert abs(wage.median() - seekers.median()) < 500
    missing = pd.DataFrame(former).isna().mean()
    for name in ("education", "occupation", "wage_floor_cny", "shift", "difficulty"):
        assert 0.01 < missing[name] < 0.12
