"""The invented work: as much as asked, whole in itself, and where a city has it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geo_match import PointIndex, geodesic_distance
from geo_match.demo import facts
from geo_match.demo.work import draw_work
from geo_match.demo.work.trades import PUBLIC, TRADES, WHERE

REFERENCE = pd.Timestamp("2025-12-31")


@pytest.fixture(scope="module")
def postings(work):
    return pd.concat([work.jobs, work.closed_jobs], ignore_index=True)


@pytest.fixture(scope="module")
def site_of(postings, work):
    return work.sites.set_index("id").loc[postings["site_id"]].reset_index()


def test_there_is_as_much_work_as_in_a_city_of_this_size(work):
    assert len(work.employers) == 9_000
    assert len(work.sites) == 12_000
    assert len(work.jobs) == 60_000
    assert len(work.closed_jobs) == 120_000
    assert len(work.stations) == 300


def test_ids_are_unique_and_what_is_named_is_there(work, postings, site_of):
    for frame in (work.operators, work.employers, work.sites, postings, work.stations):
        assert frame["id"].is_unique
    assert set(work.sites["employer_id"]) == set(work.employers["id"])
    assert set(postings["site_id"]) == set(work.sites["id"])
    assert np.array_equal(postings["employer_id"], site_of["employer_id"])
    assert np.array_equal(postings["employer"], site_of["employer"])
    assert np.array_equal(postings["site_name"], site_of["name"])
    employers = work.employers.set_index("id")
    licence = employers["licence"].loc[postings["employer_id"]]
    assert np.array_equal(postings["employer_licence"], licence)
    assert set(work.stations["operator_id"].dropna()) <= set(work.operators["id"])


def test_every_invented_name_says_so(work):
    for frame in (work.operators, work.employers, work.sites, work.stations):
        assert frame["name"].str.contains("示例").all()
    assert work.sites["address"].str.contains("示例").all()


def test_work_stands_in_its_community_and_off_the_river(work, areas, land):
    polygon = areas.set_index("code").geometry
    for frame in (work.sites, work.stations):
        inside = shapely.contains_xy(
            polygon.loc[frame["community"]].to_numpy(), frame.geometry.x, frame.geometry.y
        )
        assert inside.all()
        assert not shapely.intersects_xy(land.river, frame.geometry.x, frame.geometry.y).any()


def test_jobs_are_at_their_site(postings, site_of):
    assert shapely.equals(postings.geometry.to_numpy(), site_of.geometry.to_numpy()).all()
    assert np.array_equal(postings["community"].astype(str), site_of["community"].astype(str))


def test_no_site_stands_on_the_quiet_bank(work):
    """Within some five kilometres north of the Huai, east of the last bridge."""
    sites = work.sites.geometry
    near = sites[(sites.x > 117.44) & (sites.x < 117.52) & (sites.y < 33.04)]
    huai = shapely.get_coordinates(facts.huai())
    north = near[near.y > np.interp(near.x, *huai.T)]
    x = np.linspace(117.40, 117.51, 2_000)
    y = np.interp(x, *huai.T)
    for point in north:
        metres = geodesic_distance(lon1=point.x, lat1=point.y, lon2=x, lat2=y).min()
        assert metres > 4_000.0
    assert len(near) - len(north) > 20


def test_the_centre_is_dense_with_work_and_parks_have_large_sites(work):
    index = PointIndex(lon=work.sites.geometry.x, lat=work.sites.geometry.y)
    downtown, edge = index.count_within(
        lon=[117.380, 117.250], lat=[32.937, 32.870], radius_m=2_000
    )
    assert downtown > 5 * edge
    per_site = work.jobs["site_id"].value_counts()
    kind = work.sites.set_index("id")["kind"].loc[per_site.index]
    mean = per_site.groupby(kind.to_numpy(), observed=True).mean()
    assert mean["park"] > 1.8 * mean["street"]
    share = work.sites["kind"].value_counts(normalize=True)
    assert set(share.index) == set(WHERE)
    assert share.min() > 0.08


def test_sites_along_streets_stand_beside_a_street(work, streets):
    along = work.sites[work.sites["kind"].isin(["street", "centre"])]
    lines = streets.lines.to_crs("EPSG:32650").geometry.to_numpy()
    points = along.to_crs("EPSG:32650").geometry.to_numpy()
    _, metres = shapely.STRtree(lines).query_nearest(
        points, return_distance=True, all_matches=False
    )
    assert metres.max() < 29.0


def test_pay_hangs_together_with_education_and_occupation(work):
    monthly = work.jobs[(work.jobs["wage_unit"] == "month") & (work.jobs["job_type"] == "ordinary")]
    middle = (monthly["wage_low_cny"] + monthly["wage_high_cny"]) / 2
    by_education = middle.groupby(monthly["education_min"], observed=True).median()
    assert by_education["junior"] < by_education["college"] < by_education["bachelor"]
    assert middle.between(1_500, 20_000).all()
    assert (
        middle[monthly["occupation"] == "202"].median()
        > middle[monthly["occupation"] == "302"].median() + 1_500
    )


def test_wages_are_whole_and_in_order(postings):
    assert (postings["wage_low_cny"] > 0).all()
    assert (postings["wage_low_cny"] <= postings["wage_high_cny"]).all()
    middle = (postings["wage_low_cny"] + postings["wage_high_cny"]) / 2
    unit = postings["wage_unit"]
    assert middle[unit == "hour"].between(10, 90).all()
    low = postings["wage_low_cny"][postings["job_type"] != "traineeship"]
    assert 0.001 < (low[unit == "hour"] < 19).mean() < 0.05
    assert 0.0 < (low[unit == "month"] < 1_930).mean() < 0.01
    skilled = postings["certificate"].notna() & (postings["job_type"] != "traineeship")
    assert postings["age_min"][skilled].dropna().min() >= 18
    assert middle[unit == "day"].between(60, 700).all()


def test_types_of_jobs_follow_their_rules(work, postings):
    kind = postings["job_type"]
    public = work.employers.set_index("id")["trade"].loc[postings["employer_id"]] == PUBLIC
    assert np.array_equal(kind == "public_welfare", public)
    share = work.jobs["job_type"].value_counts(normalize=True)
    assert 0.6 < share["ordinary"] < 0.85
    assert 0.1 < share["flexible"] < 0.3
    assert 0.005 < share["traineeship"] < 0.05
    assert 0.01 < share["public_welfare"] < 0.06
    trainee = postings[kind == "traineeship"]
    young = trainee["age_max"].notna()
    assert 0.3 < young.mean() < 0.5
    assert ((trainee["age_min"] == 16) & (trainee["age_max"] == 24))[young].all()
    assert trainee["certificate"].isna().all()
    part = postings[(kind == "flexible") & (postings["wage_unit"] == "hour")]["hours_per_week"]
    assert 0.05 < (part > 24).mean() < 0.25


def test_what_is_not_stated_is_null(work):
    missing = work.jobs.isna().mean()
    for name, low, high in (
        ("vacancies", 0.05, 0.12),
        ("hours_per_week", 0.05, 0.15),
        ("shift", 0.05, 0.12),
        ("education_min", 0.3, 0.8),
        ("certificate", 0.6, 0.9),
    ):
        assert low < missing[name] < high
    assert work.jobs["closed_on"].isna().all()
    assert work.closed_jobs["closed_on"].notna().all()


def test_nobody_is_found_beyond_what_is_sought(postings):
    stated = postings.dropna(subset="vacancies")
    assert (stated["vacancies"] >= 1).all()
    assert stated["filled"].between(0, stated["vacancies"]).all()
    filled = stated[stated["close_reason"] == "filled"]
    assert (filled["filled"] == filled["vacancies"]).all()
    still = stated[stated["closed_on"].isna()]
    assert 0.005 < (still["filled"] == still["vacancies"]).mean() < 0.06


def test_postings_come_and_go_from_2022_and_become_more(work, postings):
    assert postings["opened_on"].min() >= pd.Timestamp("2022-05-13")
    assert postings["opened_on"].max() <= REFERENCE
    assert (work.closed_jobs["opened_on"] < work.closed_jobs["closed_on"]).all()
    assert work.closed_jobs["closed_on"].max() <= REFERENCE
    opened = postings["opened_on"].dt.year.value_counts()
    assert opened[2022] < opened[2023] < opened[2024] < opened[2025]
    end = postings["closed_on"].fillna(REFERENCE)
    assert postings["updated_on"].between(postings["opened_on"], end).all()


def test_nothing_is_posted_before_its_employer_was_verified_and_entered(work, postings):
    employers = work.employers.set_index("id").loc[postings["employer_id"]]
    assert (postings["opened_on"].to_numpy() >= employers["entered_on"].to_numpy()).all()
    known = employers["licence_verified_on"].notna().to_numpy()
    verified = employers["licence_verified_on"].to_numpy()[known]
    assert (verified <= postings["opened_on"].to_numpy()[known]).all()


def test_licences_are_mostly_verified_and_dated(work):
    share = work.employers["licence"].value_counts(normalize=True)
    assert 0.88 < share["verified"] < 0.95
    assert share["unverified"] > 0.03
    assert share["expired"] > 0.01
    dated = work.employers["licence_verified_on"]
    assert np.array_equal(dated.isna(), work.employers["licence"] == "unverified")
    known = work.employers.dropna(subset="licence_verified_on")
    assert known["licence_verified_on"].between("2022-04-20", known["entered_on"]).all()


def test_stations_open_over_the_years_and_few_close(work):
    stations = work.stations
    assert stations["kind"].value_counts()["district"] == 7
    opened = stations["opened_on"].groupby(stations["kind"], observed=True).median()
    assert opened["district"] < opened["street"] < opened["community"]
    closed = stations.dropna(subset="closed_on")
    assert 1 <= len(closed) < 20
    assert closed["closed_on"].between(closed["opened_on"], REFERENCE).all()
    assert (stations["capacity_per_month"] >= 60 * stations["staff"]).all()


def test_work_comes_from_the_seed_alone(work, land, areas, homes, streets):
    again = draw_work(land, areas, homes, streets)
    other = draw_work(land, areas, homes, streets, seed=land.seed + 1)
    for name in ("operators", "employers", "sites", "jobs", "closed_jobs", "stations"):
        pd.testing.assert_frame_equal(getattr(work, name), getattr(again, name))
    assert not work.sites.geometry.equals(other.sites.geometry)
    assert not work.jobs["title"].astype(str).equals(other.jobs["title"].astype(str))


@pytest.mark.reference
def test_occupations_and_industries_are_those_of_the_standards(reference):
    taxonomy = reference / "taxonomy"
    occupations = pd.read_csv(taxonomy / "gbt6565_2009_occupations.csv", dtype=str)
    industries = pd.read_csv(taxonomy / "gbt4754_2017.csv", dtype=str)
    middle = set(occupations[occupations["level"] == "2"]["code"])
    assert {title.occupation for trade in TRADES for title in trade.titles} <= middle
    assert {trade.industry for trade in TRADES} <= set(
        industries[industries["level"] == "2"]["code"]
    )
