"""Visits to employers: a part of them, some times a year, with the licence as seen that day."""

from __future__ import annotations

import pandas as pd

from geo_match.demo.history.visits import PURPOSES, draw_employer_visits
from geo_match.demo.vocabulary import LICENCES, START

TODAY = pd.Timestamp("2025-12-31")


def test_visits_resolve_and_lie_in_the_programme(employer_visits, work):
    assert set(employer_visits["employer_id"]) <= set(work.employers["id"])
    assert employer_visits["on"].between(pd.Timestamp(START), TODAY).all()
    assert set(employer_visits["purpose"]) == set(PURPOSES)
    assert set(employer_visits["licence_state"].dropna()) == set(LICENCES)
    same = employer_visits["employer_id"].eq(employer_visits["employer_id"].shift())
    assert (employer_visits["on"] >= employer_visits["on"].shift())[same].all()
    later = employer_visits["next_visit_on"] > employer_visits["on"]
    assert later[employer_visits["next_visit_on"].notna()].all()


def test_a_part_of_the_employers_is_visited_one_to_four_times_a_year(employer_visits, work):
    visited = employer_visits.groupby("employer_id")["on"].agg(["size", "min"])
    assert 0.3 < len(visited) / len(work.employers) < 0.5
    long = visited[visited["min"] < pd.Timestamp("2023-07-01")]
    a_year = (long["size"] - 1) / ((TODAY - long["min"]).dt.days / 365)
    assert a_year.quantile(0.02) > 0.5
    assert 1.2 < a_year.median() < 3
    assert a_year.max() < 4.6


def test_licences_are_seen_as_they_were(employer_visits, work):
    seen = employer_visits["licence_state"]
    assert 0.03 < seen.isna().mean() < 0.15
    assert (seen[employer_visits["purpose"] == "licence_check"]).notna().all()
    last = employer_visits[seen.notna()].groupby("employer_id").tail(1)
    now = work.employers.set_index("id").loc[last["employer_id"]]
    unverified = (now["licence"] == "unverified").to_numpy()
    assert (last.loc[unverified, "licence_state"] == "unverified").all()
    verified = (now["licence"] == "verified").to_numpy()
    assert (last.loc[verified, "licence_state"] == "verified").mean() > 0.95
    assert (last["licence_state"] == "expired").any()


def test_employers_seek_few_or_did_not_say(employer_visits):
    demanded = employer_visits["vacancies_demanded"]
    assert 0.15 < demanded.isna().mean() < 0.3
    assert 0.1 < (demanded.dropna() == 0).mean() < 0.4
    assert 0.5 < demanded.mean() < 4
    assert demanded.max() <= 60


def test_visits_are_the_operators_of_the_sites_district(employer_visits, work, areas):
    site = work.sites.drop_duplicates("employer_id").set_index("employer_id")
    community = site.loc[employer_visits["employer_id"], "community"].astype("str")
    district = community.map(areas.set_index("code")["lies_in"]).to_numpy()
    operators = employer_visits["operator_id"].groupby(district).agg(set)
    assert operators["340304"] == {"OP3"}
    assert operators["340321"] == {"OP2"}
    assert employer_visits.loc[district == "340322", "operator_id"].isna().all()


def test_visits_come_from_the_seed_alone(employer_visits, work, land):
    pd.testing.assert_frame_equal(draw_employer_visits(work, seed=land.seed), employer_visits)
    assert len(draw_employer_visits(work, seed=land.seed + 1)) != len(employer_visits)
