"""Where people were hired: near home, by postings that were open, and never by too many."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from geo_match import geodesic_distance

TYPE_OF = {
    "labour_contract": "ordinary",
    "service_agreement": "ordinary",
    "part_time": "flexible",
    "temporary": "flexible",
    "gig": "flexible",
    "public_welfare_post": "public_welfare",
    "traineeship": "traineeship",
}


@pytest.fixture(scope="module")
def jobs(work):
    return pd.concat([pd.DataFrame(work.jobs), pd.DataFrame(work.closed_jobs)]).set_index("id")


def test_everybody_works_at_a_site_of_the_employer_but_on_their_own_account(lives, work):
    employments = lives.employments
    own = employments["form"] == "self_employed"
    for name in ("employer_id", "site_id", "job_id"):
        assert employments[name][own].isna().all()
    there = employments[~own]
    employer = work.sites.set_index("id")["employer_id"].loc[there["site_id"]]
    assert (employer.to_numpy() == there["employer_id"].to_numpy()).all()


def test_a_posting_is_of_the_site_of_the_type_and_open_on_the_day(lives, jobs):
    hired = lives.employments[lives.employments["job_id"].notna()]
    job = jobs.loc[hired["job_id"]]
    assert (job["site_id"].to_numpy() == hired["site_id"].to_numpy()).all()
    expected = hired["form"].astype(str).map(TYPE_OF)
    assert (job["job_type"].astype(str).to_numpy() == expected.to_numpy()).all()
    on = hired["hired_on"].to_numpy()
    assert (job["opened_on"].to_numpy() <= on).all()
    closed = job["closed_on"].to_numpy()
    assert (pd.isna(closed) | (on < closed)).all()


def test_a_posting_admits_whom_it_hires(lives, jobs, people, ledger):
    hired = lives.employments[lives.employments["job_id"].notna()]
    job, who = jobs.loc[hired["job_id"]], ledger.loc[hired["person"]]
    on = hired["hired_on"].reset_index(drop=True)
    had_birthday = (on.dt.month >= 7).astype(int)
    age = on.dt.year - who["birth_year"].to_numpy() - 1 + had_birthday
    assert (job["age_min"].fillna(0).to_numpy() <= age).all()
    assert (age <= job["age_max"].fillna(200).to_numpy()).all()
    rank = {name: i for i, name in enumerate(people.members["education"].cat.categories)}
    least = job["education_min"].astype(object).map(rank).fillna(0).to_numpy()
    assert (least <= who["member_education"].map(rank).to_numpy()).all()


def test_no_posting_has_more_hires_than_people_found(lives, jobs):
    count = lives.employments["job_id"].value_counts()
    assert (count <= jobs["filled"].loc[count.index]).all()


def test_half_of_the_hires_came_by_a_posting(lives):
    by_posting = lives.employments["job_id"].notna()
    assert 0.4 < by_posting[lives.employments["form"] != "self_employed"].mean() < 0.7
    share = by_posting.groupby(lives.employments["form"], observed=True).mean()
    for form in TYPE_OF:
        assert 0.05 < share[form] < 0.8, form


def test_most_work_near_home_and_some_far_away(lives, ledger, work):
    there = lives.employments[lives.employments["site_id"].notna()]
    home = gpd.GeoSeries(ledger["geometry"].loc[there["person"]])
    site = work.sites.set_index("id").geometry.loc[there["site_id"]]
    metres = pd.Series(
        geodesic_distance(
            lon1=home.x.to_numpy(),
            lat1=home.y.to_numpy(),
            lon2=site.x.to_numpy(),
            lat2=site.y.to_numpy(),
        )
    )
    ordinary = (there["form"] == "labour_contract").to_numpy()
    assert 800 < metres[ordinary].median() < 3_500
    assert 0.05 < (metres > 20_000).mean() < 0.2


def test_few_work_for_an_employer_whose_licence_was_never_verified(lives, work):
    licence = work.employers.set_index("id")["licence"]
    unverified = licence == "unverified"
    employer = lives.employments["employer_id"].dropna()
    assert 0 < unverified.loc[employer].mean() < 0.25 * unverified.mean()
